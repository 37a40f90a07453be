import type { NewInboundEmail } from '../../src/testing';
import { createTestDatabase } from '../support/database';
import { startProxy } from '../support/proxy';
import { follow } from '../support/server';
import { DOMAIN, echo, type InboundTest, startInbound, type WorkflowOptions } from './inbound-harness';

let test: InboundTest;
beforeAll(async () => {
  test = await startInbound({ caps: { emailsPerHour: 5 } });
});
afterAll(() => test.close());

/** What became of one email to a workflow with this configuration: its runs' last outputs, and what the form tells. */
async function arrive(email: Partial<NewInboundEmail>, config: WorkflowOptions['config'] = {}) {
  const { id, address } = await test.workflow({ config });
  const { status } = await test.send({ ...email, to: [address] });
  const client = test.clientOf();
  const details = [];
  for (const run of await test.runsOf(id)) details.push(await follow(client, run.id));
  const { refused } = await client.getInboundAddress({ params: { id } });
  const isCarriedOut = details.some(({ steps }) => steps.some(({ key }) => key === 'stop_1'));
  return { status, id, runs: details.length, isCarriedOut, reasons: refused.map(({ reason }) => reason) };
}

describe('the senders a workflow takes emails from', () => {
  it.each([
    ['the address itself', 'laura@rossi.example', 'laura@rossi.example'],
    ['the address in other letters, with a name', 'Laura <LAURA@Rossi.example>', 'laura@rossi.EXAMPLE'],
    ['somebody of the domain', 'anna@rossi.example', 'rossi.example'],
    ['somebody of the domain written with its @', 'anna@rossi.example', '@rossi.example'],
    [
      'the address behind a quoted name with commas and brackets',
      '"Rossi, Laura <x@y.example>" <laura@rossi.example>',
      'laura@rossi.example',
    ],
    [
      'the address behind a name with quotes',
      '"Laura \\"Lalla\\", R." <laura@rossi.example>',
      'rossi.example',
    ],
    ['surname and name without quotes', 'Rossi, Laura <laura@rossi.example>', 'laura@rossi.example'],
    ['the address behind a name in brackets', 'Laura (Studio Rossi) <laura@rossi.example>', 'rossi.example'],
  ])('take in %s', async (_, from, sender) => {
    expect(await arrive({ from }, { senders: ['x@y.example', sender] })).toMatchObject({
      ...{ status: 200, runs: 1, isCarriedOut: true, reasons: [] },
    });
  });

  it.each([
    ['somebody else', 'anna@bianchi.example', 'rossi.example'],
    ['a domain that ends alike', 'anna@notrossi.example', 'rossi.example'],
    ['what is below the domain', 'anna@mail.rossi.example', 'rossi.example'],
    ['a domain as the name before another', '"rossi.example" <x@evil.example>', 'rossi.example'],
    ['the address as the name before another', 'laura@rossi.example <x@evil.example>', 'laura@rossi.example'],
    [
      'an address behind another',
      'x@evil.example <laura@rossi.example> <y@evil.example>',
      'laura@rossi.example',
    ],
    ['several senders at once', 'x@evil.example, laura@rossi.example', 'rossi.example'],
    ['several senders, the last with a name', 'x@evil.example, Laura <laura@rossi.example>', 'rossi.example'],
    ['several senders with names', 'X <x@evil.example>; <laura@rossi.example>', 'laura@rossi.example'],
    ['several in a group', 'Us: x@evil.example, Laura <laura@rossi.example>;', 'laura@rossi.example'],
    [
      'a sender behind a name with escaped quotes',
      '"a\\"b" <x@evil.example>, Laura <laura@rossi.example>',
      'laura@rossi.example',
    ],
    [
      'a sender between comments that hold quotes',
      'x@evil.example ("), Laura (") <laura@rossi.example>',
      'laura@rossi.example',
    ],
    [
      'a sender before a quote that never closes',
      'x@evil.example ", Laura <laura@rossi.example>',
      'rossi.example',
    ],
    ['an address that is cut to another', `${'a'.repeat(306)}@rossi.example.evil.example`, 'rossi.example'],
    ['no address', '', 'rossi.example'],
  ])('leave out %s, and it is told to who looks', async (_, from, sender) => {
    const { id, ...result } = await arrive({ from }, { senders: [sender] });
    expect(result).toEqual({ status: 200, runs: 0, isCarriedOut: false, reasons: ['sender_refused'] });
    const line = test.logged.filter(({ facts }) => facts?.workflowId === id).at(-1);
    expect(line).toMatchObject({ level: 'warn', facts: { companyId: 'rossi', reason: 'sender_refused' } });
    // Of whom it came the log says nothing.
    expect(JSON.stringify(line)).not.toContain('evil');
  });

  it('are read in the version that is published, and looked at again when an email is told again', async () => {
    const { id, address } = await test.workflow({ config: { senders: ['bianchi.example'] } });
    const { email } = await test.send({ to: [address] });
    const client = test.clientOf();
    const { draft } = await client.saveDraft({ params: { id }, body: { definition: echo(), revision: 1 } });
    await test.notify(email);
    expect(await test.runsOf(id)).toEqual([]);
    await client.publishWorkflow({ params: { id }, body: { revision: draft.revision } });
    await test.notify(email);
    expect(await test.runsOf(id)).toHaveLength(1);
  });

  it.each([
    ['an address without a domain', 'laura'],
    ['a sentence', 'everybody at Rossi'],
    ['a pattern', '*@rossi.example'],
  ])('cannot be %s', async (_, sender) => {
    await expect(test.workflow({ config: { senders: [sender] } })).rejects.toMatchObject({
      code: 'definition_invalid',
    });
  });

  it('are not taken at their word where the receiving server found that they are forged', async () => {
    const headers = {
      'Authentication-Results': 'mx.example; spf=fail; dmarc=fail (p=reject) header.from=rossi.example',
    };
    const config = { senders: ['rossi.example'] };
    expect(await arrive({ headers }, config)).toMatchObject({
      isCarriedOut: false,
      reasons: ['sender_unproven'],
    });
    expect(await arrive({ headers })).toMatchObject({ isCarriedOut: true });
    const good = { 'authentication-results': 'mx.example; dmarc=pass' };
    expect(await arrive({ headers: good }, config)).toMatchObject({ isCarriedOut: true });
  });
});

describe('an email that would go round', () => {
  it.each([
    ['an answer of an absent colleague', { 'Auto-Submitted': 'auto-replied (vacation)' }, 'automatic_reply'],
    ['an answer by an old name', { precedence: 'auto_reply' }, 'automatic_reply'],
    ['a notice of non-delivery', { 'Return-Path': '<>' }, 'automatic_reply'],
    ['one of a workflow', { 'X-Trama-Run': '019ab000-0000-7000-8000-000000000001' }, 'own_email'],
  ])('is passed over whatever the form says: %s', async (_, headers, reason) => {
    expect(await arrive({ headers: headers as Record<string, string> }, { automatic: true })).toMatchObject({
      ...{ status: 200, runs: 1, isCarriedOut: false, reasons: [reason] },
    });
  });

  it.each([
    ['made by a machine', { 'AUTO-SUBMITTED': 'Auto-Generated; type=x' }],
    ['to many', { Precedence: 'Bulk' }],
    ['to a list', { precedence: 'list' }],
    ['of no worth', { precedence: ' junk ' }],
  ])('is passed over unless the form says otherwise: one %s', async (_, headers) => {
    const email = { headers: headers as unknown as Record<string, string> };
    expect(await arrive(email)).toMatchObject({ isCarriedOut: false, reasons: ['automatic'] });
    expect(await arrive(email, { automatic: true })).toMatchObject({ isCarriedOut: true, reasons: [] });
  });

  it.each([{ 'Auto-Submitted': 'no' }, { 'Auto-Submitted': 'No ; x' }, { Precedence: 'first-class' }, {}])(
    'is not one with %j',
    async (headers) => {
      expect(await arrive({ headers: headers as Record<string, string> })).toMatchObject({
        isCarriedOut: true,
      });
    },
  );

  it.each([
    ['the application’s own sender', 'Studio <no-reply@example.com>'],
    ['the address of a workflow', `wf-${'b'.repeat(26)}@${DOMAIN}`],
    ['one of those among others', `x@y.example, Trama <wf-${'b'.repeat(26)}@${DOMAIN}>`],
  ])('is refused at the door when it comes from %s', async (_, from) => {
    expect(await arrive({ from })).toMatchObject({ runs: 0, reasons: ['own_email'] });
  });

  it('ends its run in the history, at the trigger, with the reason', async () => {
    const { id, address } = await test.workflow();
    await test.send({ to: [address], headers: { Precedence: 'bulk' } });
    const [run] = await test.runsOf(id);
    const { steps } = await follow(test.clientOf(), run?.id ?? '');
    expect(steps.map(({ key, status, branch, output }) => ({ key, status, branch, output }))).toEqual([
      {
        key: 'trigger',
        status: 'succeeded',
        branch: null,
        output: { status: 'succeeded', message: 'automatic' },
      },
    ]);
  });
});

it('that was passed over is carried out by a retry with the version that takes it', async () => {
  const { id, address } = await test.workflow();
  await test.send({ to: [address], subject: 'Scansione', headers: { 'Auto-Submitted': 'auto-generated' } });
  const [run] = await test.runsOf(id);
  const client = test.clientOf();
  await follow(client, run?.id ?? '');
  const body = { definition: echo({ automatic: true }), revision: 1 };
  const { draft } = await client.saveDraft({ params: { id }, body });
  await client.publishWorkflow({ params: { id }, body: { revision: draft.revision } });
  const { run: again } = await client.retryRun({
    params: { id: run?.id ?? '' },
    body: { from: 'start', version: 'latest' },
  });
  const { steps } = await follow(client, again.id);
  expect(steps.at(-1)).toMatchObject({ key: 'stop_1', output: { message: 'Scansione: ' } });
});

describe('a flood', () => {
  it('starts no more runs than an hour may have, and is told of without filling the table', async () => {
    const [flooded, other] = [await test.workflow(), await test.workflow()];
    for (let count = 0; count < 13; count += 1) await test.send({ to: [flooded.address] });
    await test.send({ to: [other.address] });
    expect((await test.runsOf(flooded.id)).length).toBe(5);
    expect((await test.runsOf(other.id)).length).toBe(1);
    const rows = await test.query(
      'select outcome, count(*)::int from workflow_inbound_email where workflow_id = $1 group by 1 order by 1',
      [flooded.id],
    );
    expect(rows).toEqual([
      { outcome: 'started', count: 5 },
      { outcome: 'too_many', count: 5 },
    ]);
    const lines = test.logged.filter(({ facts }) => facts?.workflowId === flooded.id);
    expect(lines.filter(({ facts }) => facts?.reason === 'too_many')).toHaveLength(8);
  });
});

describe('the address of a workflow', () => {
  it('is of its own, hard to guess and there as soon as the draft begins with an email', async () => {
    const [one, two] = [await test.workflow(), await test.workflow()];
    for (const { address } of [one, two])
      expect(address).toMatch(new RegExp(`^wf-[a-z2-7]{26}@${DOMAIN.replaceAll('.', '\\.')}$`));
    expect(one.address).not.toBe(two.address);
    const client = test.clientOf();
    const { id } = await client.createWorkflow({ body: { name: 'x' } });
    const read = async () => (await client.getInboundAddress({ params: { id } })).address;
    expect(await read()).toBeNull();
    await client.saveDraft({ params: { id }, body: { definition: echo(), revision: 1 } });
    const address = await read();
    expect(address).toMatch(/^wf-/);
    expect((await client.createInboundAddress({ params: { id } })).address).toBe(address);
  });

  it('stays when the workflow starts in another way for a while, and starts nothing meanwhile', async () => {
    const { id, address } = await test.workflow();
    const client = test.clientOf();
    const manual = {
      schemaVersion: 1 as const,
      nodes: [{ id: 'trigger', type: 'flow.manual', config: {} }],
      edges: [],
    };
    const { draft } = await client.saveDraft({ params: { id }, body: { definition: manual, revision: 1 } });
    await client.publishWorkflow({ params: { id }, body: { revision: draft.revision } });
    await test.send({ to: [address] });
    expect(await test.runsOf(id)).toEqual([]);
    expect(await client.getInboundAddress({ params: { id } })).toMatchObject({
      ...{ address, refused: [{ reason: 'inactive' }] },
    });
  });

  it('is replaced at once: the old one is as unknown as any, the new one works', async () => {
    const { id, address } = await test.workflow();
    const client = test.clientOf();
    const { address: fresh } = await client.rotateInboundAddress({ params: { id } });
    expect(fresh).not.toBe(address);
    expect((await test.send({ to: [address] })).status).toBe(200);
    expect(await test.runsOf(id)).toEqual([]);
    await test.send({ to: [String(fresh)] });
    expect(await test.runsOf(id)).toHaveLength(1);
    const { items } = await client.listAudit({ query: {} });
    expect(items).toContainEqual(
      expect.objectContaining({ action: 'workflow.rotate-address', targetId: id }),
    );
  });

  it('goes with the workflow', async () => {
    const { id, address } = await test.workflow();
    await test.clientOf().deleteWorkflow({ params: { id } });
    await expect(test.clientOf().getInboundAddress({ params: { id } })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect((await test.send({ to: [address] })).status).toBe(200);
    expect(await test.query('select 1 from workflow_run where workflow_id = $1', [id])).toEqual([]);
  });

  it('is shown to who may look, changed by who may edit, and unknown to other companies', async () => {
    const { id, address } = await test.workflow();
    const request = { params: { id } };
    const viewer = test.clientOf({ role: 'viewer' });
    expect((await viewer.getInboundAddress(request)).address).toBe(address);
    for (const call of [viewer.createInboundAddress, viewer.rotateInboundAddress])
      await expect(call(request)).rejects.toMatchObject({ code: 'forbidden' });
    expect((await test.clientOf({ role: 'editor' }).createInboundAddress(request)).address).toBe(address);
    const stranger = test.clientOf({ companyId: 'bianchi' });
    for (const call of [
      stranger.getInboundAddress,
      stranger.createInboundAddress,
      stranger.rotateInboundAddress,
    ])
      await expect(call(request)).rejects.toMatchObject({ code: 'not_found' });
    expect((await viewer.getInboundAddress(request)).address).toBe(address);
  });
});

it('is forgotten after forty days, not before, by the sweep', async () => {
  const later = await startInbound({ cronSecret: 'a cron secret of the tests' });
  const { address } = await later.workflow();
  const [old, young] = [await later.send({ to: [address] }), await later.send({ to: [address] })];
  const age = (days: number, id: string) =>
    later.query(`update workflow_inbound_email set at = now() - $1 * interval '1 day' where email_id = $2`, [
      days,
      id,
    ]);
  await age(41, old.email.id);
  await age(39, young.email.id);
  await fetch(`${later.baseUrl}/internal/sweep`, {
    method: 'POST',
    headers: { authorization: 'Bearer a cron secret of the tests' },
  });
  expect(await later.query('select email_id as id from workflow_inbound_email')).toEqual([
    { id: young.email.id },
  ]);
  await later.close();
});

it('answers 503 while the database is away, so that Resend tells it again, and nothing is lost', async () => {
  const database = await createTestDatabase();
  const proxy = await startProxy(database.url);
  const own = await startInbound({}, {}, { ...database, url: proxy.url });
  const { id, address } = await own.workflow();
  const email = own.resend.receive({ from: 'a@b.example', to: [address] });
  await proxy.cut();
  expect((await own.notify(email)).status).toBe(503);
  await proxy.restore();
  expect((await own.notify(email)).status).toBe(200);
  expect(await own.runsOf(id)).toHaveLength(1);
  await own.close();
  await proxy.cut();
  await database.drop();
});
