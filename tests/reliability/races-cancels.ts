import { Client } from 'pg';
import type { Json } from '../../src/core';
import { type CrashPoint, crashPoints } from '../../src/server/crashpoint';
import { cancelRun } from '../../src/server/runs/act-on-run';
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
    await waitsFor('%insert into workflow_wait%on conflict%');
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
