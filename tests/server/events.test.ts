import { signEvent } from '../../src/server';
import { completedDocument, contractWorkflow } from '../support/definitions';
import { EVENT_SECRET, publishWorkflow, startTestServer, type TestServer } from '../support/server';

describe('signed events', () => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer();
    await publishWorkflow(test.clientOf(), contractWorkflow);
  });
  afterAll(() => test.close());

  const body = JSON.stringify({
    type: 'document.completed',
    data: { companyId: 'rossi', ...completedDocument(5) },
  });
  const post = (headers: Record<string, string>, raw = body) =>
    fetch(`${test.baseUrl}/events`, { method: 'POST', body: raw, headers });
  const countRuns = async () => (await test.clientOf().listRuns()).items.length;

  it('start one run however often they are delivered', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => post(signEvent(EVENT_SECRET, 'evt_1', body))),
    );
    expect(answers.map((answer) => answer.status)).toEqual(Array(12).fill(202));
    const ids = await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as { runs: { id: string }[] }).runs[0]?.id),
    );
    expect(new Set(ids).size).toBe(1);
    expect(await countRuns()).toBe(1);
  });

  it('are refused when the signature, the body, the id or the time do not fit, and start nothing', async () => {
    const before = await countRuns();
    const signed = signEvent(EVENT_SECRET, 'evt_2', body);
    const old = new Date(Date.now() - 6 * 60_000);
    const other = `whsec_${Buffer.from('another secret altogether').toString('base64')}`;
    const refused = [
      await post({ ...signed, 'webhook-signature': 'v1,AAAA' }),
      await post(signed, body.replace('"importo":5', '"importo":6')),
      await post({ ...signed, 'webhook-id': 'evt_3' }),
      await post(signEvent(EVENT_SECRET, 'evt_2', body, old)),
      await post(signEvent(other, 'evt_2', body)),
      await post({ 'content-type': 'application/json' }),
    ];
    for (const answer of refused) {
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ error: { code: 'signature_invalid' } });
    }
    expect(await countRuns()).toBe(before);
  });

  it('are told when they are malformed or of an unknown type', async () => {
    const malformed = JSON.stringify({
      type: 'document.completed',
      data: { companyId: 'rossi', document: { title: 'x' } },
    });
    const unknown = JSON.stringify({ type: 'document.eaten', data: { companyId: 'rossi' } });
    for (const raw of [malformed, unknown, '{']) {
      const answer = await post(signEvent(EVENT_SECRET, 'evt_4', raw), raw);
      expect([400, 401]).toContain(answer.status);
    }
    const answer = await post(signEvent(EVENT_SECRET, 'evt_4', malformed), malformed);
    expect(await answer.json()).toMatchObject({
      error: { code: 'invalid_request', message: expect.stringContaining('document.id') },
    });
  });
});
