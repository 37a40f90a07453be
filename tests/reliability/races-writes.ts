import { Client } from 'pg';
import type { Json } from '../../src/core';
import type { ServerContext } from '../../src/server/context';
import { type CrashPoint, crashPoints } from '../../src/server/crashpoint';
import { claimNextRun } from '../../src/server/db/claim';
import { cancelRun, settleStep } from '../../src/server/runs/act-on-run';
import { retryRun } from '../../src/server/runs/retry-run';
import { sweep } from '../../src/server/runs/sweep';
import { definition, node } from '../support/definitions';
import { doingAt } from './races-waits';
import {
  drain,
  findBrokenRules,
  oneLeg,
  openTrack,
  principal,
  publishIn,
  type RaceTrack,
  random,
  shuffle,
  start,
  variant,
} from './races-world';
import { type Call, effect, type World } from './world-blocks';

const COMPANY = 'rossi';
const chain = definition(
  [effect('a_1', 'idempotent'), effect('b_1', 'idempotent')],
  ['trigger -> a_1', 'a_1 -> b_1'],
);

/** Runs of several companies in the queue, and claimers that ask until there is nothing left: each run is claimed once. */
export async function raceClaims(options: {
  runs: number;
  claimers: number;
}): Promise<{ claims: number; distinct: number; violations: string[] }> {
  const { runs, claimers } = options;
  const track = await openTrack(4);
  try {
    for (let company = 0; company < 5; company += 1) {
      const companyId = `company_${company}`;
      const workflowId = await publishIn(track.next(), companyId, chain);
      const count = Math.floor((runs + company) / 5);
      await Promise.all(Array.from({ length: count }, () => start(track.next(), companyId, workflowId, {})));
    }
    const claimed: string[] = [];
    const claim = async (context: ServerContext) => {
      for (let empty = 0; empty < 3; ) {
        const run = await claimNextRun(context);
        if (run === null) empty += 1;
        else claimed.push(run.id);
        if (claimed.length % 50 === 0) await sweep(context, () => {});
      }
    };
    await Promise.all(Array.from({ length: claimers }, () => claim(track.next())));
    const twice = claimed.filter((id, index) => claimed.indexOf(id) !== index);
    const raised = await track.query<{ id: string; epoch: number }>(
      `select id, epoch from workflow_run where epoch <> 1 or status <> 'running'`,
    );
    return {
      claims: claimed.length,
      distinct: new Set(claimed).size,
      violations: [
        ...twice.map((id) => `run ${id} was claimed twice`),
        ...raised.map(({ id, epoch }) => `run ${id} has the epoch ${epoch} after one claim`),
      ],
    };
  } finally {
    await track.close();
  }
}

const stepThenWait = definition(
  [effect('a_1', 'idempotent'), node('approval_1', 'flow.approval', { config: { message: '?' } })],
  ['trigger -> a_1', 'a_1 -> approval_1'],
);
/** Instants of a leg's writes; `undefined`: at whatever instant chance wants. */
const cancelInstants: (CrashPoint | undefined)[] = [
  ...crashPoints.filter((point) => /^(claim|load|commit|park):/.test(point)),
  ...Array.from({ length: 4 }, () => undefined),
];

/**
 * A run is canceled at each instant of each of its writes, and by chance. Once the wish is stored no other effect begins, and the run ends:
 * canceled, or as it ended before.
 */
export async function raceCancels(options: {
  runs: number;
  seed: number;
}): Promise<{ canceled: number; tooLate: number; violations: string[] }> {
  const { runs, seed } = options;
  const calls: Call[] = [];
  const world: World = {
    act: async (call) => {
      calls.push(call);
      return { value: '' };
    },
    ask: async () => null,
  };
  const track = await openTrack(3, { world });
  const next = random(seed);
  const facts = { canceled: 0, tooLate: 0, violations: [] as string[] };
  try {
    const flows = [chain, stepThenWait];
    const workflows = await Promise.all(flows.map((flow) => publishIn(track.next(), COMPANY, flow)));
    for (let n = 0; n < runs; n += 1) {
      const id = await start(track.next(), COMPANY, workflows[n % 2] as string, {});
      const instant = cancelInstants[n % cancelInstants.length];
      const callsBefore = () => calls.filter(({ runId }) => runId === id).length;
      let begun = -1;
      const cancel = async () => {
        // Those that go on while the wish is on its way are not its concern; one may be under way when it is stored.
        const isCanceled = await cancelRun(track.next(), principal(COMPANY), id).then(
          () => true,
          (error) => {
            if (error.code !== 'run_finished') throw error;
            return false;
          },
        );
        if (isCanceled) begun = callsBefore();
      };
      if (instant) {
        await oneLeg(variant(track.next(), { crash: doingAt(instant, cancel) }));
        if (begun === -1) await cancel();
      } else {
        await Promise.all(shuffle([() => oneLeg(track.next()), cancel], next).map((go) => go()));
      }
      await drain(track.next());
      const [run] = await track.query<{ status: string; error: Json }>(
        'select status, error from workflow_run where id = $1',
        [id],
      );
      const where = `run ${id}, canceled at ${instant ?? 'some instant'} (seed ${seed})`;
      if (run?.status !== 'canceled' && run?.status !== 'succeeded')
        facts.violations.push(`${where}, is ${run?.status}`);
      if (begun !== -1 && callsBefore() > begun + 1)
        facts.violations.push(`${where}: ${callsBefore() - begun} effects began after the wish was stored`);
      if (run?.status === 'canceled') facts.canceled += 1;
      else facts.tooLate += 1;
    }
    facts.violations.push(...(await cancelWhileParkIsWritten(track, workflows[1] as string)));
    facts.violations.push(...(await findBrokenRules(track)));
  } finally {
    await track.close();
  }
  return facts;
}

/**
 * The one instant chance seldom meets: the park has updated its run and not yet been committed. A transaction that holds the key of the
 * wait's row keeps it there until the wish to cancel has arrived.
 */
async function cancelWhileParkIsWritten(track: RaceTrack, workflowId: string): Promise<string[]> {
  const context = track.next();
  const id = await start(context, COMPANY, workflowId, {});
  const url = (context.database.source.options as { url: string }).url;
  const blocker = new Client(url);
  await blocker.connect();
  const waitsFor = async (pattern: string) => {
    // Bounded by the time-out of locks, after which nobody waits any more.
    for (let looks = 0; looks < 5000; looks += 1) {
      // Not by the blocker: within a transaction what others do is seen as it was at the first look.
      const seen = await track.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like $1`,
        [pattern],
      );
      if (seen.length > 0) return;
    }
    throw new Error(`Nothing like ${pattern} waits for a lock.`);
  };
  // Not before the run is claimed: a claim passes over a run somebody else has locked.
  const block = async () => {
    await blocker.query('begin');
    await blocker.query(
      `insert into workflow_wait (company_id, id, run_id, step_key, kind, wait, state, created_at, until, looked_at)
       values ($1, $2, $3, 'approval_1', 'decision', '{}', 'open', now(), now(), now())`,
      [COMPANY, context.newId(), id],
    );
  };
  try {
    const leg = oneLeg(variant(context, { crash: doingAt('claim:after', block) }));
    await waitsFor('%insert into workflow_wait%open%');
    const canceled = cancelRun(track.next(), principal(COMPANY), id);
    await waitsFor('%run.cancel%');
    await blocker.query('rollback');
    await Promise.all([leg, canceled]);
    await drain(track.next());
    const [run] = await track.query<{ status: string }>('select status from workflow_run where id = $1', [
      id,
    ]);
    return run?.status === 'canceled'
      ? []
      : [`run ${id}, canceled while its park was written, is ${run?.status}`];
  } finally {
    await blocker.end();
  }
}

const once = definition([effect('a_1', 'once')], ['trigger -> a_1']);

/** Many people settle the same step, some saying it happened and some that it did not: one is heard, and the run goes on by that. */
export async function raceSettles(options: {
  runs: number;
  people: number;
}): Promise<{ settled: number; repeated: number; violations: string[] }> {
  const { runs, people } = options;
  const asked = new Map<string, number>();
  const world: World = {
    act: async ({ runId }) => {
      asked.set(runId, (asked.get(runId) ?? 0) + 1);
      if (asked.get(runId) === 1) throw new Error('The answer was lost on the way.');
      return { value: 'repeated' };
    },
    ask: async () => null,
  };
  const track = await openTrack(3, { world });
  const facts = { settled: 0, repeated: 0, violations: [] as string[] };
  try {
    const workflowId = await publishIn(track.next(), COMPANY, once);
    for (let n = 0; n < runs; n += 1) {
      const id = await start(track.next(), COMPANY, workflowId, {});
      await drain(track.next());
      const settle = async (person: number) => {
        const happened = person % 2 === 0;
        const output = happened ? { output: { value: `user_${person}` } } : {};
        const request = { stepKey: 'a_1', happened, ...output };
        await settleStep(track.next(), principal(COMPANY, `user_${person}`), id, request);
        return person;
      };
      const answers = await Promise.allSettled(Array.from({ length: people }, (_, person) => settle(person)));
      const heard = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
      const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason.code] : []));
      await drain(track.next());
      const [row] = await track.query<{ status: string; value: string }>(
        `select r.status, s.output ->> 'value' as value from workflow_run r join workflow_run_step s on s.run_id = r.id where r.id = $1`,
        [id],
      );
      const [winner = -1] = heard;
      const happened = winner % 2 === 0;
      if (heard.length !== 1) facts.violations.push(`${heard.length} people were heard about run ${id}`);
      if (refused.some((code) => code !== 'step_not_in_doubt' && code !== 'run_finished'))
        facts.violations.push(`run ${id}: the others were refused by ${[...new Set(refused)].join()}`);
      if (row?.status !== 'succeeded' || row.value !== (happened ? `user_${winner}` : 'repeated'))
        facts.violations.push(
          `run ${id} went on by another word than user_${winner}'s: ${JSON.stringify(row)}`,
        );
      if (asked.get(id) !== (happened ? 1 : 2))
        facts.violations.push(`the effect of run ${id} was asked for ${asked.get(id)} times`);
      facts.settled += 1;
      facts.repeated += happened ? 0 : 1;
    }
    facts.violations.push(...(await findBrokenRules(track)));
  } finally {
    await track.close();
  }
  return facts;
}

/** One retry, asked for many times at once under one Idempotency-Key: one run, which repeats nothing that is done. */
export async function raceRetries(options: {
  retries: number;
  callers: number;
}): Promise<{ retries: number; started: number; violations: string[] }> {
  const { retries, callers } = options;
  const calls: Call[] = [];
  const failed = new Set<string>();
  const world: World = {
    act: async (call) => {
      calls.push(call);
      if (call.stepKey !== 'b_1' || failed.has(call.quote)) return { value: '' };
      failed.add(call.quote);
      return { failure: 'terminal' };
    },
    ask: async () => null,
  };
  const track = await openTrack(3, { world });
  const violations: string[] = [];
  let started = 0;
  try {
    const quote = { quote: '{{trigger.payload.n}}' };
    const flow = definition(
      [effect('a_1', 'once', quote), effect('b_1', 'once', quote)],
      ['trigger -> a_1', 'a_1 -> b_1'],
    );
    const workflowId = await publishIn(track.next(), COMPANY, flow);
    for (let n = 0; n < retries; n += 1) {
      const id = await start(track.next(), COMPANY, workflowId, { n });
      await drain(track.next());
      const request = { from: 'failed', version: 'same' as const };
      const answers = await Promise.all(
        Array.from({ length: callers }, () =>
          retryRun(track.next(), principal(COMPANY), id, request, `retry-${n}`),
        ),
      );
      await Promise.all(track.racers.map((racer) => drain(racer.context)));
      const ids = new Set(answers.map((run) => run.id));
      started += ids.size;
      const rows = await track.query<{ status: string }>(
        'select status from workflow_run where retry_of = $1',
        [id],
      );
      if (ids.size !== 1 || rows.length !== 1 || rows[0]?.status !== 'succeeded')
        violations.push(`the retry of run ${id} started ${ids.size} runs: ${JSON.stringify(rows)}`);
      const asked = calls.filter((call) => call.quote === String(n)).map(({ stepKey }) => stepKey);
      if (asked.join() !== 'a_1,b_1,b_1')
        violations.push(`run ${id} and its retry asked for ${asked.join()}`);
    }
    violations.push(...(await findBrokenRules(track)));
    return { retries, started, violations };
  } finally {
    await track.close();
  }
}
