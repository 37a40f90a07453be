import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDocuments, type Documents } from '../../examples/doc-manager/server/documents';
import { createFiles } from '../../examples/doc-manager/server/files';
import { createHost } from '../../examples/doc-manager/server/host';
import { createSampleContract } from '../../examples/doc-manager/server/pdf';
import { Store } from '../../examples/doc-manager/server/store';

export const PUBLIC_URL = 'http://docs.test';
/** The data folder of the test under way. */
export let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doc-manager-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The application's documents as after a start on this folder. */
export function open() {
  const store = new Store(join(folder, 'host.json'));
  const files = createFiles(join(folder, 'files'));
  return {
    store,
    files,
    documents: createDocuments(store, files, PUBLIC_URL, () => {}),
    host: createHost(store, files, PUBLIC_URL),
  };
}

export async function addContract(documents: Documents, companyId = 'co_rossi') {
  const bytes = await createSampleContract('Contratto', ['Testo del contratto, con àccènti.']);
  const customFields = { importo: 1200, cliente: 'Verdi S.p.A.' };
  return documents.add(companyId, 'laura', {
    title: 'Contratto',
    filename: 'contratto.pdf',
    bytes,
    tags: ['contratto'],
    customFields,
  });
}
