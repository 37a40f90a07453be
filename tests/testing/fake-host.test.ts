import { HostError } from '../../src/blocks/doc-manager/host';
import { runUpdateStatus } from '../../src/blocks/doc-manager/update-status.server';
import { createFakeHost, mockBlockContext } from '../../src/testing';

const call = (companyId: string, idempotencyKey: string) => ({
  companyId,
  idempotencyKey,
  actor: { type: 'workflow' as const, workflowId: 'w', runId: 'r', stepId: 's' },
  signal: new AbortController().signal,
});

const twoCompanies = () =>
  createFakeHost([
    { id: 'doc_1', companyId: 'rossi', title: 'Contratto Verdi' },
    { id: 'doc_2', companyId: 'bianchi', title: 'Preventivo' },
  ]);

describe('The fake host', () => {
  it('carries a change out once for each key and answers a repeated call with the first result', async () => {
    const host = twoCompanies();
    const first = await host.updateStatus(call('rossi', 'k1'), {
      documentId: 'doc_1',
      status: 'archived',
      note: 'fatto',
    });
    await host.updateStatus(call('rossi', 'k2'), { documentId: 'doc_1', status: 'sent' });
    const repeated = await host.updateStatus(call('rossi', 'k1'), {
      documentId: 'doc_1',
      status: 'archived',
      note: 'fatto',
    });
    expect(first).toEqual({ id: 'doc_1', title: 'Contratto Verdi', status: 'archived', version: 1 });
    expect(repeated).toEqual(first);
    expect(host.documents[0]).toMatchObject({ status: 'sent', note: 'fatto', version: 2 });
    expect(host.calls.map(({ replayed }) => replayed)).toEqual([false, false, true]);
  });

  it('shows a company its own documents only', async () => {
    const host = twoCompanies();
    await expect(host.getDocument(call('rossi', 'k'), { documentId: 'doc_2' })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(
      host.updateStatus(call('rossi', 'k'), { documentId: 'doc_2', status: 'archived' }),
    ).rejects.toThrow(HostError);
    expect(await host.list?.documents?.(call('rossi', 'k'), 'prev')).toEqual([]);
    expect(host.documents[1]?.status).toBe('completed');
  });

  it('fails as told before the effect, and loses an answer after it', async () => {
    const host = twoCompanies();
    const archive = () => host.updateStatus(call('rossi', 'k1'), { documentId: 'doc_1', status: 'archived' });
    host.failNext('updateStatus', new HostError('unavailable', 'Down for a moment.'));
    await expect(archive()).rejects.toMatchObject({ code: 'unavailable' });
    expect(host.documents[0]?.status).toBe('completed');
    host.loseNextAnswer('updateStatus');
    await expect(archive()).rejects.toThrow('The answer was lost');
    expect(host.documents[0]?.status).toBe('archived');
    expect(await archive()).toMatchObject({ status: 'archived', version: 1 });
  });

  it('serves a block’s executor on its own, with the facts of a made-up step', async () => {
    const host = twoCompanies();
    const step = mockBlockContext({ companyId: 'rossi', effectKey: 'run-7/step' });
    const client = { host, call: call(step.companyId, step.effectKey) };
    const outcome = await runUpdateStatus.run({
      input: { documentId: 'doc_1', status: 'archived' },
      client,
      step,
      openFile: () => Promise.reject(new Error('This block opens no file.')),
    });
    expect(outcome).toMatchObject({ output: { document: { id: 'doc_1', status: 'archived' } } });
    expect(host.calls).toMatchObject([{ companyId: 'rossi', idempotencyKey: 'run-7/step' }]);
  });
});
