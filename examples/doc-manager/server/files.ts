import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Rendition = 'original' | 'signed';

/** The PDFs on disk, two renditions to a document. */
export interface Files {
  write: (documentId: string, rendition: Rendition, bytes: Uint8Array) => Promise<void>;
  pathOf: (documentId: string, rendition: Rendition) => string;
}

export function createFiles(folder: string): Files {
  const pathOf: Files['pathOf'] = (documentId, rendition) => join(folder, `${documentId}-${rendition}.pdf`);
  return {
    pathOf,
    write: async (documentId, rendition, bytes) => {
      const path = pathOf(documentId, rendition);
      await mkdir(folder, { recursive: true });
      await writeFile(`${path}.tmp`, bytes);
      await rename(`${path}.tmp`, path);
    },
  };
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
