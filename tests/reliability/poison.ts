import type { RunDetail, WorkflowClient } from '../../src/core';
import { isFinished } from '../../src/core/run/status';
import { signEvent } from '../../src/server';
import { definition, node } from '../support/definitions';
import { EVENT_SECRET, follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';
import { blocks, executors, type PoisonClass, poisonOutcomes } from './poison-blocks';
import { type DeathFacts, diesEachTime } from './poison-deaths';
import { poisonErrors, poisonOutputs, poisonTexts } from './poison-values';
import { effect } from './world-blocks';

export interface PoisonOptions {
  /** Classes of blocks that take their process down each time. */
  deadly: readonly PoisonClass[];
  neighbours: number;
}

export const quickPoison: PoisonOptions = { deadly: ['none'], neighbours: 4 };
export const fullPoison: PoisonOptions = { deadly: ['none', 'idempotent', 'at-most-once'], neighbours: 12 };

interface PoisonFacts {
  /** Hostile values handed in, at every door. */
  inputs: number;
  refused: number;
  accepted: number;
  /** Hostile outputs, errors and outcomes of blocks. */
  steps: number;
  succeeded: number;
  failed: number;
  /** Runs without any poison, carried out beside the others. */
  neighbours: number;
  deaths: DeathFacts[];
  violations: string[];
}

/** Milliseconds after which a run counts as stuck. */
const STUCK_MS = 15_000;
const kinds = ['none', 'idempotent'] as const;
const once = { maxAttempts: 1, backoff: 'fixed' as const, delayMs: 0, maxDelayMs: 0 };
const clean = definition([effect('a_1', 'idempotent')], ['trigger -> a_1']);
const doubtful = definition(
  [
    node('poison_1', 'test.poison-at-most-once', { config: { how: 'throws: a number' } }),
    effect('a_1', 'idempotent', { quote: 'after' }),
  ],
  ['trigger -> poison_1', 'poison_1 -> a_1'],
);
/** Does what the payload's `how` names, and hands on what came of it. */
const probe = (kind: PoisonClass) =>
  definition(
    [
      node('poison_1', `test.poison-${kind}`, { config: { how: '{{trigger.payload.how}}' }, retry: once }),
      effect('a_1', 'idempotent', { quote: '{{step.poison_1.output | default: "none"}}' }),
    ],
    ['trigger -> poison_1', 'poison_1 -> a_1'],
  );

/** Hostile input at every door, hostile blocks, deadly blocks: refused by name or cleaned, never stuck, and never at others' cost. */
export async function poison({ deadly, neighbours }: PoisonOptions): Promise<PoisonFacts> {
  const facts: PoisonFacts = {
    ...{ inputs: 0, refused: 0, accepted: 0, steps: 0, succeeded: 0, failed: 0, neighbours: 0 },
    ...{ deaths: [], violations: [] },
  };
  const test = await startTestServer({ blocks, executors });
  try {
    const lab = new Lab(test, facts);
    await lab.open();
    for (const name of Object.keys(poisonTexts)) await lab.feed(name);
    const hows = [
      ...Object.keys(poisonTexts).map((name) => `text: ${name}`),
      ...Object.keys(poisonOutputs).map((name) => `output: ${name}`),
      ...Object.keys(poisonErrors).map((name) => `throws: ${name}`),
      ...Object.keys(poisonOutcomes).map((name) => `outcome: ${name}`),
    ];
    for (const how of hows) await lab.perform(how);
    if (Object.hasOwn(Object.prototype, 'polluted') || Object.hasOwn(Array.prototype, 'polluted'))
      facts.violations.push('a prototype has been changed');
  } finally {
    await test.close();
  }
  for (const kind of deadly) {
    const death = await diesEachTime(kind, neighbours);
    facts.deaths.push(death);
    facts.violations.push(...death.violations);
  }
  return facts;
}

class Lab {
  private readonly client: WorkflowClient;
  private readonly probes = { none: '', idempotent: '' };
  private cleanId = '';
  private doubtfulId = '';
  private failedRunId = '';
  private told = 0;

  constructor(
    private readonly test: TestServer,
    private readonly facts: PoisonFacts,
  ) {
    this.client = test.clientOf();
  }

  async open(): Promise<void> {
    this.cleanId = (await publishWorkflow(this.client, clean)).id;
    this.doubtfulId = (await publishWorkflow(this.client, doubtful)).id;
    for (const kind of kinds) this.probes[kind] = (await publishWorkflow(this.client, probe(kind))).id;
    const started = definition(
      [node('trigger', 'test.started'), ...clean.nodes.slice(1)],
      ['trigger -> a_1'],
    );
    await publishWorkflow(this.client, started);
    const { run } = await this.startProbe('throws: a number', 'none');
    this.failedRunId = (await this.follow(run.id)).run.id;
  }

  private startProbe(how: string, kind: (typeof kinds)[number]) {
    return this.client.startRun({ params: { id: this.probes[kind] }, body: { payload: { how } } });
  }

  /** One text at every door: a start, a retry, a settlement, an event over HTTP and one told by the host. */
  async feed(name: string): Promise<void> {
    const text = poisonTexts[name] ?? '';
    await this.knock(name, 'start', `/workflows/${this.cleanId}/runs`, `{"payload":${text}}`);
    await this.knock(name, 'retry', `/runs/${this.failedRunId}/retry`, `{"from":"start","payload":${text}}`);
    const { run } = await this.client.startRun({ params: { id: this.doubtfulId }, body: {} });
    await this.follow(run.id);
    const settled = `{"stepKey":"poison_1","happened":true,"output":${text}}`;
    await this.knock(name, 'settle', `/runs/${run.id}/settle`, settled);
    const event = `{"type":"test.started","companyId":"rossi","data":${text}}`;
    await this.knock(name, 'event', '/events', event, signEvent(EVENT_SECRET, `evt_${++this.told}`, event));
    await this.emit(name, text);
    await this.neighbour(name);
  }

  private async knock(
    name: string,
    door: string,
    path: string,
    body: string,
    headers = this.test.headersOf(),
  ): Promise<void> {
    const response = await fetch(`${this.test.baseUrl}${path}`, { method: 'POST', headers, body });
    const answer = (await response.json()) as {
      error?: { code?: string; message?: string };
      run?: { id: string };
      runs?: { id: string }[];
    };
    const where = `${name} at ${door}: ${response.status} ${answer.error?.code ?? ''}`;
    this.facts.inputs += 1;
    if (response.status >= 500) this.facts.violations.push(where);
    else if (response.status >= 400) this.refuse(where, answer.error?.message);
    else await this.accept(where, answer.run?.id ?? answer.runs?.[0]?.id);
  }

  private async emit(name: string, text: string): Promise<void> {
    const id = `evt_${++this.told}`;
    this.facts.inputs += 1;
    const where = `${name} told by the host`;
    try {
      const event = { type: 'test.started', id, companyId: 'rossi', data: JSON.parse(text) };
      const [started] = await this.test.server.emit(event);
      await this.accept(where, started?.id);
    } catch (error) {
      const { code, message } = error as { code?: string; message?: string };
      if (code === 'invalid_request' || code === 'payload_too_large') this.refuse(where, message);
      else this.facts.violations.push(`${where}: ${code} ${message}`);
    }
  }

  private refuse(where: string, message: string | undefined): void {
    this.facts.refused += 1;
    if (!message || message.length < 20 || message.length > 500)
      this.facts.violations.push(`${where} is refused without a word: ${message}`);
  }

  /** What was let in is carried out to the end, and what is read back is harmless. */
  private async accept(where: string, runId: string | undefined): Promise<void> {
    this.facts.accepted += 1;
    if (!runId) return void this.facts.violations.push(`${where} started nothing`);
    const detail = await this.follow(runId);
    // The retried run fails again, as it did before.
    if (!isFinished(detail.run.status))
      this.facts.violations.push(`${where}: run ${runId} is ${detail.run.status}`);
    this.lookForHarm(where, detail);
  }

  /** A block that gives, throws or does something hostile, with an effect and without. */
  async perform(how: string): Promise<void> {
    for (const kind of kinds) {
      const { run } = await this.startProbe(how, kind);
      const detail = await this.follow(run.id);
      const where = `${how} of a block with ${kind}: run ${run.id} is ${detail.run.status}`;
      this.facts.steps += 1;
      const { status, error } = detail.run;
      if (status === 'succeeded') this.facts.succeeded += 1;
      else if (status === 'failed') this.facts.failed += 1;
      else if (status === 'waiting') await this.client.cancelRun({ params: { id: run.id } });
      else this.facts.violations.push(where);
      if (error?.code === 'engine_failed') this.facts.violations.push(`${where}, blamed on the engine`);
      if (status === 'failed' && (!error?.message || error.message.length > 2000))
        this.facts.violations.push(`${where} without a word: ${error?.message?.slice(0, 100)}`);
      this.lookForHarm(where, detail);
    }
    await this.neighbour(how);
  }

  private lookForHarm(where: string, detail: RunDetail): void {
    // Of the definition only what the test itself wrote would be found.
    const text = JSON.stringify({ run: detail.run, steps: detail.steps });
    if (/\\u0000|\\ud[89a-f]/i.test(text) || text.includes('"polluted"'))
      this.facts.violations.push(`${where} gives back what it should have been cleaned of`);
  }

  /** Nothing of it is at the cost of others. */
  private async neighbour(name: string): Promise<void> {
    const { run } = await this.client.startRun({ params: { id: this.cleanId }, body: { payload: {} } });
    const { status } = (await this.follow(run.id)).run;
    if (status === 'succeeded') this.facts.neighbours += 1;
    else this.facts.violations.push(`${name}: the run beside it is ${status}`);
  }

  private async follow(runId: string): Promise<RunDetail> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stuck = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new Error(`Run ${runId} is stuck.`)), STUCK_MS);
    });
    const resting = (status: string) => status === 'needs_attention' || status === 'waiting';
    try {
      return await Promise.race([follow(this.client, runId, resting), stuck]);
    } finally {
      clearTimeout(timer);
    }
  }
}
