import { implementBlock } from '../../core/block/implement';
import { done } from '../../core/block/outcome';
import { archiveDocument } from './archive-document';
import { docManagerServer } from './provider.server';

export const runArchiveDocument = implementBlock(archiveDocument, {
  provider: docManagerServer,
  run: async ({ input, client: { host, call } }) =>
    done({ document: await host.archiveDocument(call, input) }),
});
