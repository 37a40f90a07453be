import { readFileSync } from 'node:fs';
import { sha256 } from '../../examples/doc-manager/server/files';
import { createSampleContract } from '../../examples/doc-manager/server/pdf';
import { addContract, open } from './doc-manager-harness';

describe('The host port of the example', () => {
  const call = (companyId: string, idempotencyKey: string) => ({
    companyId,
    idempotencyKey,
    actor: { type: 'workflow' as const, workflowId: 'w', runId: 'r', stepId: 's' },
    signal: new AbortController().signal,
  });

  it('changes a status once for each key, over a restart too', async () => {
    const before = open();
    const { id } = await addContract(before.documents);
    const first = await before.host.updateStatus(call('co_rossi', 'k1'), {
      documentId: id,
      status: 'archived',
      note: 'fatto',
    });
    const after = open();
    await after.host.updateStatus(call('co_rossi', 'k2'), { documentId: id, status: 'draft' });
    expect(
      await after.host.updateStatus(call('co_rossi', 'k1'), { documentId: id, status: 'archived' }),
    ).toEqual(first);
    expect(after.documents.get('co_rossi', id)).toMatchObject({ status: 'draft', note: 'fatto', version: 3 });
  });

  it('answers another company as if the document did not exist, and changes nothing', async () => {
    const { documents, host } = open();
    const { id } = await addContract(documents);
    const attempt = host.updateStatus(call('co_bianchi', 'k1'), { documentId: id, status: 'archived' });
    await expect(attempt).rejects.toMatchObject({ name: 'HostError', code: 'not_found' });
    expect(documents.get('co_rossi', id)).toMatchObject({ status: 'draft', version: 1 });
  });

  it('takes an upload of a workflow as a document of the company, once for each key, and only a PDF', async () => {
    const { documents, host, files } = open();
    const bytes = await createSampleContract('Copia', ['Testo.']);
    const upload = (key: string, content: Uint8Array) => {
      const file = { filename: 'copia.pdf', contentType: 'application/pdf', bytes: content };
      return host.uploadDocument(call('co_rossi', key), {
        title: 'Copia',
        file: { ...file, size: content.length, sha256: sha256(content) },
        customFields: { importo: 1200, cliente: 'Verdi' },
      });
    };
    const first = await upload('k1', bytes);
    expect(await upload('k1', bytes)).toEqual(first);
    await expect(upload('k2', Buffer.from('hello'))).rejects.toMatchObject({ code: 'invalid' });
    expect(documents.list('co_rossi')).toMatchObject([
      {
        id: first.id,
        status: 'draft',
        createdBy: 'Trama',
        customFields: { importo: 1200, cliente: 'Verdi' },
      },
    ]);
    expect(readFileSync(files.pathOf(first.id, 'original')).equals(Buffer.from(bytes))).toBe(true);
  });

  it('requests signatures on pages of their own, once for each key, and hands out the signed rendition afterwards', async () => {
    const { documents, host } = open();
    const { id } = await addContract(documents);
    const signers = [
      { name: 'Mario', email: 'mario@firme.test' },
      { name: 'Anna', email: 'anna@firme.test', role: 'cc' as const },
    ];
    const request = { documentId: id, signers, message: 'Entro venerdì' };
    const first = await host.requestSignature(call('co_rossi', 'k1'), request);
    expect(await host.requestSignature(call('co_rossi', 'k1'), request)).toEqual(first);
    await expect(host.requestSignature(call('co_rossi', 'k2'), request)).rejects.toMatchObject({
      code: 'conflict',
    });
    const asked = documents.get('co_rossi', id).signatureRequest;
    expect(asked).toMatchObject({
      id: first.signatureRequestId,
      message: 'Entro venerdì',
      signers: [{ name: 'Mario' }],
    });
    const download = (rendition?: 'original' | 'signed') =>
      host.downloadDocument(call('co_rossi', ''), { documentId: id, rendition });
    expect(await download()).toMatchObject({ filename: 'contratto.pdf', contentType: 'application/pdf' });
    await expect(download('signed')).rejects.toMatchObject({ code: 'not_found' });
    await documents.sign(asked?.signers[0]?.token ?? '', 'Mario');
    expect(await download()).toMatchObject({ filename: 'contratto-firmato.pdf' });
    expect(await download('original')).toMatchObject({ filename: 'contratto.pdf' });
  });

  it('archives with the reason, and names the documents of the company only', async () => {
    const { documents, host } = open();
    const { id } = await addContract(documents);
    await addContract(documents, 'co_bianchi');
    await host.archiveDocument(call('co_rossi', 'k1'), { documentId: id, reason: 'concluso' });
    expect(documents.get('co_rossi', id)).toMatchObject({ status: 'archived', note: 'concluso' });
    expect(await host.list?.documents?.(call('co_rossi', ''), 'contr')).toEqual([{ id, label: 'Contratto' }]);
  });
});
