import { implementBlock } from '../../core/block/implement';
import { done } from '../../core/block/outcome';
import { docManagerServer } from './provider.server';
import { updateStatus } from './update-status';

export const runUpdateStatus = implementBlock(updateStatus, {
  provider: docManagerServer,
  run: async ({ input, client: { host, call } }) => done({ document: await host.updateStatus(call, input) }),
});
