/** What runs do, whoever carries them out: the same list is played with each runner. */
import * as z from 'zod';
import { defineTrigger, type RunDetail, type WorkflowClient, type WorkflowDefinition } from '../../src/core';
import { type DocManagerHost, HostError } from '../../src/server';
import { createFakeHost } from '../../src/testing';
import { condition, definition, node } from './definitions';
import { publishWorkflow } from './server';
import type { Ledger } from './spawn-server';

export interface ScenarioWorld {
  client: WorkflowClient;
  /** Follows a run until it ends or `until` holds. */
  follow: (runId: string, until?: (status: string) => boolean) => Promise<RunDetail>;
  /** The host application: every status update it was asked for. */
  ledger: Ledger;
  /** Lets time pass for everybody who looks at a clock. */
  pass: (ms: number) => Promise<void>;
  /** Tells of an event by a signed POST. */
  tell: (id: string, data: object) => Promise<void>;
}

const text = { en: 'Invoice paid', it: 'Fattura pagata' };
export const paidTrigger = defineTrigger({
  ...{ type: 'acme.invoice-paid', provider: 'doc-manager', event: 'invoice.paid', icon: '€' },
  ...{ label: text, description: text, input: z.strictObject({}) },
  output: z.looseObject({ invoice: z.looseObject({ id: z.string() }) }),
  sample: { invoice: { id: 'inv_1' } },
});

/** A host application whose ledger is kept elsewhere. `explode` is a document it never finds. */
export function ledgerHost(url: string): DocManagerHost {
  const tell = async (idempotencyKey: string, input: object) => {
    const body = JSON.stringify({ idempotencyKey, ...input });
    return (await fetch(`${url}/update-status`, { method: 'POST', body })).json();
  };
  return {
    ...createFakeHost(),
    updateStatus: async (call, input) => {
      if (input.documentId === 'explode') throw new HostError('not_found', 'There is no such document.');
      return tell(call.idempotencyKey, input);
    },
  };
}

export const HOUR = 3_600_000;
const archive = (id: string, documentId: string) =>
  node(id, 'doc-manager.update-status', { config: { documentId, status: 'archived' } });

export async function start(
  { client }: ScenarioWorld,
  flow: WorkflowDefinition,
  payload: object = {},
): Promise<string> {
  const { id } = await publishWorkflow(client, flow);
  return (await client.startRun({ params: { id }, body: { payload } })).run.id;
}

export const linear = definition(
  [
    archive('status_1', '{{run.id}}-1'),
    archive('status_2', '{{run.id}}-2'),
    archive('status_3', '{{run.id}}-3'),
  ],
  ['trigger -> status_1', 'status_1 -> status_2', 'status_2 -> status_3'],
);
export const approval = definition(
  [
    node('approval_1', 'flow.approval', {
      config: { message: 'Va bene?', deadline: { amount: 2, unit: 'hours' } },
    }),
    archive('status_yes', '{{run.id}}-yes'),
    archive('status_late', '{{run.id}}-late'),
  ],
  ['trigger -> approval_1', 'approval_1:approved -> status_yes', 'approval_1:expired -> status_late'],
);
const choice = definition(
  [
    node('if_1', 'flow.if', { config: condition('{{trigger.payload.importo}}', 'gt', '1000') }),
    archive('status_big', '{{run.id}}-big'),
    archive('status_small', '{{run.id}}-small'),
  ],
  ['trigger -> if_1', 'if_1:true -> status_big', 'if_1:false -> status_small'],
);
const loop = definition(
  [
    node('loop_1', 'flow.loop', { config: { items: '{{trigger.payload.items}}' } }),
    archive('status_each', '{{run.id}}-{{loop.item}}'),
    archive('status_done', '{{run.id}}-done'),
  ],
  ['trigger -> loop_1', 'loop_1:each -> status_each', 'loop_1:done -> status_done'],
);
const pause = definition(
  [
    archive('status_1', '{{run.id}}-1'),
    node('wait_1', 'flow.wait', { config: { for: 'duration', amount: 3, unit: 'hours' } }),
    archive('status_2', '{{run.id}}-2'),
  ],
  ['trigger -> status_1', 'status_1 -> wait_1', 'wait_1 -> status_2'],
);
const forInvoice = {
  ...{ for: 'event', event: 'invoice.paid', timeoutAmount: 2, timeoutUnit: 'hours' },
  where: [{ path: 'invoice.id', equals: '{{run.id}}' }],
};
const paid = definition(
  [
    node('wait_1', 'flow.wait', { config: forInvoice }),
    archive('status_paid', '{{run.id}}-paid'),
    archive('status_late', '{{run.id}}-late'),
  ],
  ['trigger -> wait_1', 'wait_1:resumed -> status_paid', 'wait_1:timed_out -> status_late'],
);
const failing = definition(
  [archive('status_1', '{{run.id}}-1'), archive('status_2', 'explode')],
  ['trigger -> status_1', 'status_1 -> status_2'],
);

/** What the host was asked for, without the run's own id. */
export const done = ({ ledger }: ScenarioWorld, runId: string): string[] =>
  ledger.calls
    .filter(({ documentId }) => documentId.startsWith(`${runId}-`))
    .map(({ documentId }) => documentId.slice(runId.length + 1));

export const waiting = async (world: ScenarioWorld, runId: string): Promise<void> => {
  const { run } = await world.follow(runId, (status) => status === 'waiting');
  expect(run).toMatchObject({ status: 'waiting', error: null });
};

export const ended = async (world: ScenarioWorld, runId: string): Promise<string> =>
  (await world.follow(runId)).run.status;

export const decide = async ({ client }: ScenarioWorld, runId: string): Promise<void> => {
  const { items } = await client.listApprovals({ query: { status: 'pending' } });
  const id = items.find((item) => item.runId === runId)?.id ?? '';
  await client.decideApproval({ params: { id }, body: { decision: 'approved' } });
};

export const scenarios: Record<string, (world: ScenarioWorld) => Promise<void>> = {
  'goes through its steps in order': async (world) => {
    const id = await start(world, linear);
    expect(await ended(world, id)).toBe('succeeded');
    expect(done(world, id)).toEqual(['1', '2', '3']);
  },
  'takes the branch its payload asks for': async (world) => {
    const id = await start(world, choice, { importo: 1200 });
    expect(await ended(world, id)).toBe('succeeded');
    expect(done(world, id)).toEqual(['big']);
  },
  'goes round a loop once per item': async (world) => {
    const id = await start(world, loop, { items: ['a', 'b', 'c'] });
    expect(await ended(world, id)).toBe('succeeded');
    expect(done(world, id)).toEqual(['a', 'b', 'c', 'done']);
  },
  'waits for a time, and goes on when it has come': async (world) => {
    const id = await start(world, pause);
    await waiting(world, id);
    await world.pass(2 * HOUR);
    expect(done(world, id)).toEqual(['1']);
    await world.pass(HOUR);
    expect(await ended(world, id)).toBe('succeeded');
    expect(done(world, id)).toEqual(['1', '2']);
  },
  'waits for an event, and goes on with it': async (world) => {
    const id = await start(world, paid);
    await waiting(world, id);
    await world.tell(`evt_other_${id}`, { invoice: { id: 'another' } });
    await world.tell(`evt_${id}`, { invoice: { id } });
    expect(await ended(world, id)).toBe('succeeded');
    expect(done(world, id)).toEqual(['paid']);
  },
  'waits for an event no longer than it may': async (world) => {
    const id = await start(world, paid);
    await waiting(world, id);
    await world.pass(2 * HOUR);
    expect(await ended(world, id)).toBe('succeeded');
    expect(done(world, id)).toEqual(['late']);
    await world.tell(`evt_${id}`, { invoice: { id } });
    expect(done(world, id)).toEqual(['late']);
  },
  'waits for a decision, and goes on with it': async (world) => {
    const id = await start(world, approval);
    await waiting(world, id);
    await decide(world, id);
    expect(await ended(world, id)).toBe('succeeded');
    expect(done(world, id)).toEqual(['yes']);
  },
  'ends when it is canceled, without another step': async (world) => {
    const id = await start(world, approval);
    await waiting(world, id);
    await world.client.cancelRun({ params: { id } });
    expect(await ended(world, id)).toBe('canceled');
    await world.pass(2 * HOUR);
    expect(done(world, id)).toEqual([]);
  },
  'fails at the step that fails, and says why': async (world) => {
    const id = await start(world, failing);
    const { run } = await world.follow(id);
    expect(run).toMatchObject({ status: 'failed', error: { stepKey: 'status_2' } });
    expect(done(world, id)).toEqual(['1']);
  },
};
