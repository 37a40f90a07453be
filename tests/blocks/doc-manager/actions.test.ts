import { HostError } from '../../../src/server';
import { createFakeHost } from '../../../src/testing';
import { definition, node } from '../../support/definitions';
import { follow, publishWorkflow, startTestServer, type TestServer } from '../../support/server';

let test: TestServer;
beforeAll(async () => {
  test = await startTestServer();
});
afterAll(() => test.close());

/** A run of one step, followed to its end. */
async function runStep(
  type: string,
  config: object,
  retry: object = { maxAttempts: 3, backoff: 'fixed', delayMs: 1, maxDelayMs: 1 },
) {
  const client = test.clientOf();
  const step = node('step_1', `doc-manager.${type}`, { config, retry } as Parameters<typeof node>[2]);
  const { id } = await publishWorkflow(client, definition([step], ['trigger -> step_1']));
  const { run } = await client.startRun({
    params: { id },
    body: { payload: { cliente: 'Verdi', importo: 1200 } },
  });
  const detail = await follow(client, run.id, (status) => status === 'needs_attention');
  return { run: detail.run, step: detail.steps.find(({ key }) => key === 'step_1') };
}

const callsOf = (method: string) => test.host.calls.filter((call) => call.method === method);

describe('uploading a document', () => {
  it('puts a document’s signed rendition among the documents, with its digest and what the step says of it', async () => {
    test.host.addDocument({ companyId: 'rossi', id: 'doc_a', title: 'Contratto' });
    test.host.complete('doc_a');
    const { run, step } = await runStep('upload-document', {
      file: 'doc_a',
      title: 'Copia per {{trigger.payload.cliente}}',
      folder: 'fld_contratti',
      tags: ['copia'],
      customFields: { importo: '{{trigger.payload.importo}}', nota: 'in archivio' },
      externalId: 'ext-7',
    });
    expect(run.status).toBe('succeeded');
    const added = test.host.documents.find(({ externalId }) => externalId === 'ext-7');
    expect(added).toMatchObject({
      companyId: 'rossi',
      title: 'Copia per Verdi',
      folderId: 'fld_contratti',
      tags: ['copia'],
      customFields: { importo: 1200, nota: 'in archivio' },
      original: { filename: 'doc_a-signed.pdf', contentType: 'application/pdf' },
    });
    expect(Buffer.from(added?.original.bytes ?? []).toString()).toBe('%PDF-1.7 Contratto\n% signed');
    expect(step?.output).toMatchObject({
      document: { id: added?.id, title: 'Copia per Verdi', status: 'draft' },
    });
    expect(callsOf('uploadDocument')).toMatchObject([
      {
        companyId: 'rossi',
        actor: { type: 'workflow', runId: run.id, stepId: 'step_1' },
        input: { file: { size: 27 } },
      },
    ]);
    expect(callsOf('uploadDocument')).toMatchObject([
      { input: { file: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } } },
    ]);
  });

  it('takes the name of the file for a title, and never a file of another company', async () => {
    test.host.addDocument({ companyId: 'rossi', id: 'doc_b' });
    test.host.addDocument({ companyId: 'bianchi', id: 'doc_c' });
    expect((await runStep('upload-document', { file: 'doc_b' })).step?.output).toMatchObject({
      document: { title: 'doc_b.pdf' },
    });
    const before = test.host.documents.length;
    const { run } = await runStep('upload-document', { file: 'doc_c' });
    expect(run).toMatchObject({ status: 'failed', error: { code: 'not_found', actor: 'customer' } });
    expect(test.host.documents).toHaveLength(before);
  });
});

describe('archiving and its failures', () => {
  it('archives with a reason, once however often its answer is lost', async () => {
    test.host.addDocument({ companyId: 'rossi', id: 'doc_d', title: 'Contratto Verdi' });
    test.host.loseNextAnswer('archiveDocument');
    const { run, step } = await runStep('archive-document', { documentId: 'doc_d', reason: 'concluso' });
    expect(run.status).toBe('succeeded');
    expect(step).toMatchObject({
      attempt: 2,
      output: { document: { id: 'doc_d', status: 'archived', version: 1 } },
    });
    expect(test.host.documents.find(({ id }) => id === 'doc_d')).toMatchObject({
      note: 'concluso',
      version: 1,
    });
    expect(callsOf('archiveDocument').map(({ replayed }) => replayed)).toEqual([false, true]);
  });

  it.each([
    ['not_found', 'failed', 1, 'customer'],
    ['conflict', 'failed', 1, 'customer'],
    ['invalid', 'failed', 1, 'customer'],
    ['forbidden', 'failed', 1, 'customer'],
    ['rate_limited', 'succeeded', 2, undefined],
    ['unavailable', 'succeeded', 2, undefined],
  ] as const)('%s: %s after %i attempts', async (code, status, attempts, actor) => {
    const id = `doc_${code}`;
    test.host.addDocument({ companyId: 'rossi', id });
    test.host.failNext('archiveDocument', new HostError(code, `Perché ${code}.`));
    const { run, step } = await runStep('archive-document', { documentId: id });
    expect(run.status).toBe(status);
    expect(step?.attempt).toBe(attempts);
    if (actor) expect(run.error).toMatchObject({ code, actor, message: `Perché ${code}.` });
  });

  it('says which function a host lacks, and that nothing was done', async () => {
    const { archiveDocument: _, ...incomplete } = createFakeHost([{ companyId: 'rossi', id: 'doc_1' }]);
    const other = await startTestServer({ host: incomplete as unknown as TestServer['host'] });
    try {
      const client = other.clientOf();
      const step = node('step_1', 'doc-manager.archive-document', { config: { documentId: 'doc_1' } });
      const { id } = await publishWorkflow(client, definition([step], ['trigger -> step_1']));
      const { run } = await client.startRun({ params: { id }, body: { payload: {} } });
      const ended = await follow(client, run.id);
      expect(ended.run).toMatchObject({
        status: 'failed',
        error: {
          code: 'host_method_missing',
          actor: 'developer',
          message: expect.stringContaining('"archiveDocument"'),
        },
      });
    } finally {
      await other.close();
    }
  });
});

describe('the choices of the forms', () => {
  const labels = async (name: string, q = '') => {
    const params = { provider: 'doc-manager', name };
    return (await test.clientOf().listOptions({ params, query: { q } })).items.map(({ label }) => label);
  };

  it('are the host’s folders, statuses and documents of the company', async () => {
    expect(await labels('folders', 'fat')).toEqual(['Fatture']);
    expect(await labels('statuses')).toContain('Archiviato');
    test.host.addDocument({ companyId: 'bianchi', title: 'Segreto di Bianchi' });
    test.host.addDocument({ companyId: 'rossi', title: 'Segreto di Rossi' });
    expect(await labels('documents', 'segreto')).toEqual(['Segreto di Rossi']);
  });
});
