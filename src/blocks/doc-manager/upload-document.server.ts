import { safeFilename } from '../../core/block/file';
import { implementBlock } from '../../core/block/implement';
import { done } from '../../core/block/outcome';
import type { NewHostDocument } from './host';
import { docManagerServer } from './provider.server';
import { uploadDocument } from './upload-document';

export const runUploadDocument = implementBlock(uploadDocument, {
  provider: docManagerServer,
  timeoutMs: 60_000,
  run: async ({ input, client: { host, call }, openFile }) => {
    const { bytes, contentType, filename } = await openFile(input.file);
    const name = safeFilename(filename);
    const document = await host.uploadDocument(call, {
      title: input.title ?? name,
      file: { filename: name, contentType, bytes, size: bytes.byteLength, sha256: await sha256Of(bytes) },
      folderId: input.folder,
      tags: input.tags,
      // The schema lets nothing else through; `unknown` is for the form, which takes a value of any kind.
      customFields: input.customFields as NewHostDocument['customFields'],
      externalId: input.externalId,
    });
    return done({ document });
  },
});

async function sha256Of(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)).toString('hex');
}
