import { completedDocument, condition, contractWorkflow, definition, node } from '../support/definitions';
import { publishWorkflow, startTestServer, type TestServer } from '../support/server';

/** Status and error of a plain call, as an outside client sees them. */
async function call(
  test: TestServer,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${test.baseUrl}${path}`, {
    method,
    headers: { ...test.headersOf(), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const { error } = (await response.json()) as {
    error?: { code: string; message: string; details?: unknown };
  };
  return { status: response.status, code: error?.code, message: error?.message, details: error?.details };
}

const withNul = definition([node('if_1', 'flow.if', { label: 'a\u0000b' })], ['trigger -> if_1']);

describe('bad input is refused by name and changes nothing', () => {
  let test: TestServer;
  let workflow: { id: string; revision: number };
  beforeAll(async () => {
    test = await startTestServer();
    workflow = await publishWorkflow(test.clientOf(), contractWorkflow);
  });
  afterAll(() => test.close());

  const current = () => test.clientOf().getWorkflow({ params: { id: workflow.id } });
  const countRuns = async () => (await test.clientOf().listRuns()).items.length;

  it('refuses a malformed definition and keeps the draft', async () => {
    const before = await current();
    const malformed = { schemaVersion: 1, nodes: [{ id: 'Trigger!', type: 'flow.manual' }], edges: [] };
    const answer = await call(test, 'PUT', `/workflows/${workflow.id}/draft`, {
      definition: malformed,
      revision: 1,
    });
    expect(answer).toMatchObject({ status: 422, code: 'definition_invalid' });
    expect(answer.details).toMatchObject({ issues: [{ code: 'definition_malformed', path: 'nodes[0].id' }] });
    expect(await current()).toEqual(before);
  });

  it.each([
    ['an unknown block', definition([node('x_1', 'acme.unknown')], ['trigger -> x_1']), 'unknown_block'],
    [
      'a cycle',
      definition(
        [
          node('a_1', 'flow.loop', { config: { items: [] } }),
          node('b_1', 'flow.loop', { config: { items: [] } }),
        ],
        ['trigger -> a_1', 'a_1:done -> b_1', 'b_1:done -> a_1'],
      ),
      'cycle',
    ],
    [
      'an edge into a loop body',
      definition(
        [
          node('loop_1', 'flow.loop', { config: { items: [] } }),
          node('if_1', 'flow.if', { config: condition('{{loop.item}}', 'is_empty') }),
        ],
        ['trigger -> loop_1', 'loop_1:each -> if_1', 'trigger -> if_1'],
      ),
      'edge_into_loop',
    ],
  ])('does not publish %s, and names it', async (_, broken, code) => {
    const client = test.clientOf();
    const { id } = await client.createWorkflow({ body: { name: 'Rotto', definition: broken } });
    const answer = await call(test, 'POST', `/workflows/${id}/publish`, { revision: 1 });
    expect(answer).toMatchObject({ status: 422, code: 'definition_invalid' });
    expect((answer.details as { issues: { code: string }[] }).issues.map((issue) => issue.code)).toContain(
      code,
    );
    expect((await client.getWorkflow({ params: { id } })).publishedVersion).toBeNull();
    const { issues } = await client.validateDefinition({ body: { definition: broken } });
    expect(issues).toContainEqual(expect.objectContaining({ severity: 'error', code }));
  });

  it('refuses a payload one byte over the cap and takes one at the cap', async () => {
    const runs = await countRuns();
    const cap = 256 * 1024;
    const path = `/workflows/${workflow.id}/runs`;
    const document = { id: 'doc_9' };
    const filled = (size: number) => ({
      payload: { document, text: 'x'.repeat(size - '{"document":{"id":"doc_9"},"text":""}'.length) },
    });
    expect(await call(test, 'POST', path, filled(cap + 1))).toMatchObject({
      status: 413,
      code: 'payload_too_large',
    });
    expect(await countRuns()).toBe(runs);
    expect(await call(test, 'POST', path, filled(cap))).toMatchObject({ status: 202 });
    expect(await call(test, 'POST', path, { payload: 'x'.repeat(2_000_000) })).toMatchObject({ status: 413 });
  });

  it('refuses a stale revision with the current draft, and overwrites nothing', async () => {
    const client = test.clientOf();
    const { id } = await client.createWorkflow({ body: { name: 'Conteso', definition: contractWorkflow } });
    const mine = definition([], []);
    await client.saveDraft({ params: { id }, body: { definition: mine, revision: 1 } });
    const answer = await call(test, 'PUT', `/workflows/${id}/draft`, {
      definition: contractWorkflow,
      revision: 1,
    });
    expect(answer).toMatchObject({
      status: 409,
      code: 'revision_conflict',
      details: { draft: { definition: mine, revision: 2 } },
    });
    expect((await client.getWorkflow({ params: { id } })).draft).toEqual({ definition: mine, revision: 2 });
    expect(await call(test, 'POST', `/workflows/${id}/publish`, { revision: 1 })).toMatchObject({
      status: 409,
    });
  });

  it('answers another company exactly as it answers a random id', async () => {
    const random = '019abcde-0000-7000-8000-000000000000';
    const foreign = { authorization: test.headersOf({ companyId: 'bianchi' }).authorization as string };
    const run = (
      await test.clientOf().startRun({ params: { id: workflow.id }, body: { payload: completedDocument(1) } })
    ).run;
    const before = await current();
    const routes: [string, string, string, unknown?][] = [
      ['GET', '/workflows/:id', workflow.id],
      ['PATCH', '/workflows/:id', workflow.id, { name: 'Mio' }],
      ['DELETE', '/workflows/:id', workflow.id],
      ['PUT', '/workflows/:id/draft', workflow.id, { definition: definition([], []), revision: 1 }],
      ['POST', '/workflows/:id/publish', workflow.id, { revision: 1 }],
      ['GET', '/workflows/:id/versions', workflow.id],
      ['GET', '/workflows/:id/versions/1', workflow.id],
      ['POST', '/workflows/:id/versions/1/restore', workflow.id, {}],
      ['POST', '/workflows/:id/runs', workflow.id, {}],
      ['GET', '/runs/:id', run.id],
      ['GET', '/runs/:id/events', run.id],
    ];
    for (const [method, path, id, body] of routes) {
      const theirs = await call(test, method, path.replace(':id', id), body, foreign);
      const none = await call(test, method, path.replace(':id', random), body, foreign);
      expect({ path, ...theirs }).toEqual({ path, ...none, status: 404, code: 'not_found' });
      expect(await call(test, method, path.replace(':id', 'no-uuid'), body, foreign)).toEqual(none);
    }
    expect(await current()).toEqual(before);
    const listed = await test
      .clientOf({ companyId: 'bianchi' })
      .listRuns({ query: { workflowId: workflow.id } });
    expect(listed.items).toEqual([]);
  });

  it('refuses unknown fields, broken JSON, other content types and hostile depth', async () => {
    const path = '/workflows';
    expect(await call(test, 'POST', path, { name: 'A', companyId: 'bianchi' })).toMatchObject({
      status: 400,
      code: 'invalid_request',
    });
    expect(await call(test, 'POST', path, '{"name":')).toMatchObject({
      status: 400,
      code: 'invalid_request',
    });
    expect(
      await call(test, 'POST', path, 'name=A', { 'content-type': 'application/x-www-form-urlencoded' }),
    ).toMatchObject({
      status: 415,
      code: 'unsupported_media_type',
    });
    const deep = `{"name":"A","definition":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    expect(await call(test, 'POST', path, deep)).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(await call(test, 'GET', '/workflows?limit=101')).toMatchObject({ status: 400 });
    expect(await call(test, 'GET', '/workflows?cursor=nonsense')).toMatchObject({ status: 400 });
    expect(await call(test, 'GET', '/nothing')).toMatchObject({ status: 404, code: 'not_found' });
  });

  it.each([
    ['a name with NUL', 'POST', '/workflows', { name: 'a\u0000b' }, 400],
    ['a search with NUL', 'GET', '/workflows?q=%00', undefined, 400],
    ['a business key with NUL', 'GET', '/runs?key=%00', undefined, 400],
    ['a time out of range', 'GET', '/runs?from=0000-01-01T00:00:00Z', undefined, 400],
    ['a version out of range', 'GET', '/workflows/:id/versions/99999999999', undefined, 404],
    ['a version written otherwise', 'GET', '/workflows/:id/versions/0x1', undefined, 404],
    ['a run of a version out of range', 'POST', '/workflows/:id/runs', { version: 99999999999 }, 404],
    ['a cursor of no version', 'GET', '/workflows/:id/versions?cursor=abc', undefined, 400],
    ['a draft with NUL', 'PUT', '/workflows/:id/draft', { revision: 1, definition: withNul }, 400],
  ])('refuses %s, and nothing of it is the server’s fault', async (_, method, path, body, status) => {
    const before = await current();
    const answer = await call(test, method, path.replace(':id', workflow.id), body);
    expect(answer).toMatchObject({ status, code: status === 400 ? 'invalid_request' : 'not_found' });
    expect(await current()).toEqual(before);
  });

  it('refuses bodies that cannot be decompressed, and those of another kind sent in pieces', async () => {
    const garbage = { 'content-encoding': 'gzip' };
    expect(await call(test, 'POST', '/workflows', 'no gzip', garbage)).toMatchObject({
      status: 400,
      code: 'invalid_request',
    });
    const runs = await countRuns();
    const pieces = await fetch(`${test.baseUrl}/workflows/${workflow.id}/runs`, {
      method: 'POST',
      headers: { ...test.headersOf(), 'content-type': 'text/plain' },
      body: new Blob(['{"payload":{}}']).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(pieces.status).toBe(415);
    expect(await countRuns()).toBe(runs);
  });

  it('takes no error of the host’s authenticate for the caller’s', async () => {
    const errors = [new Error('a secret'), { type: 'entity.too.large' }, { code: '22P02' }, undefined];
    const failing = await startTestServer({ authenticate: () => Promise.reject(errors.shift()) });
    while (errors.length > 0) {
      const answer = await call(failing, 'GET', '/workflows');
      expect(answer).toMatchObject({ status: 500, code: 'internal' });
      expect(answer.message).not.toContain('secret');
    }
    await failing.close();
  });

  it('lets nobody in without an identity, and nobody do more than the role allows', async () => {
    const anonymous = await fetch(`${test.baseUrl}/workflows`);
    expect(anonymous.status).toBe(401);
    const viewer = { authorization: test.headersOf({ role: 'viewer' }).authorization as string };
    const editor = { authorization: test.headersOf({ role: 'editor' }).authorization as string };
    expect(await call(test, 'POST', '/workflows', { name: 'A' }, viewer)).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    expect(await call(test, 'POST', `/workflows/${workflow.id}/runs`, {}, viewer)).toMatchObject({
      status: 403,
    });
    expect(await call(test, 'POST', '/integrations/slack/connect', undefined, editor)).toMatchObject({
      status: 403,
    });
    expect(await call(test, 'GET', '/audit', undefined, editor)).toMatchObject({ status: 403 });
    expect((await call(test, 'GET', '/workflows', undefined, viewer)).status).toBe(200);
  });

  it('refuses a changing call from a foreign page', async () => {
    const forged = { cookie: 'session=1', origin: 'https://evil.example' };
    const path = `/workflows/${workflow.id}`;
    expect(await call(test, 'PATCH', path, { name: 'X' }, forged)).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    expect(
      await call(
        test,
        'PATCH',
        path,
        { name: 'X' },
        { 'x-trama-request': '1', 'sec-fetch-site': 'cross-site' },
      ),
    ).toMatchObject({
      status: 403,
    });
    expect((await current()).name).toBe('Contratto firmato');
    expect(
      await call(test, 'PATCH', path, { enabled: true }, { ...forged, 'x-trama-request': '1' }),
    ).toMatchObject({ status: 200 });
  });
});
