import type { ServerContext } from '../../src/server/context';
import type { CrashPoint } from '../../src/server/crashpoint';
import { decideApproval } from '../../src/server/runs/approvals';
import { emitEvent } from '../../src/server/runs/emit';
import { definition, node } from '../support/definitions';
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

const MINUTE = 60_000;
const stop = (id: string) => node(id, 'flow.stop');
const forEvent = definition(
  [
    node('wait_1', 'flow.wait', {
      config: {
        ...{ for: 'event', event: 'test.signed', timeoutAmount: 1, timeoutUnit: 'minutes' },
        where: [{ path: 'n', equals: '{{trigger.payload.n}}' }],
      },
    }),
    ...['resumed', 'timed_out'].map(stop),
  ],
  ['trigger -> wait_1', 'wait_1:resumed -> resumed', 'wait_1:timed_out -> timed_out'],
);
const forDecision = definition(
  [
    node('wait_1', 'flow.approval', { config: { message: '?', deadline: { amount: 1, unit: 'minutes' } } }),
    ...['approved', 'rejected', 'expired'].map(stop),
  ],
  [
    'trigger -> wait_1',
    ...['approved', 'rejected', 'expired'].map((handle) => `wait_1:${handle} -> ${handle}`),
  ],
);

/** One turn of the event loop. */
const pass = () => new Promise(setImmediate);

export interface ResumeFacts {
  waits: number;
  wakers: number;
  byEvent: number;
  byDecision: number;
  byTime: number;
  violations: string[];
}

interface Parked {
  companyId: string;
  runId: string;
  n: number;
  /** Id of the approval, where it waits for one. */
  waitId: string;
  isApproval: boolean;
}

/**
 * Every wait is woken by many at once: events or decisions that come just in time, and runners whose clock says that its time is over. One
 * of them ends it, is told so where it is told anything, and the run goes on by that handle and no other.
 */
export async function raceResumes(options: {
  waits: number;
  wakers: number;
  seed: number;
}): Promise<ResumeFacts> {
  const { waits, wakers, seed } = options;
  const begun = Date.now();
  const track = await openTrack(4, { now: () => begun });
  const next = random(seed);
  const facts: ResumeFacts = { waits, wakers, byEvent: 0, byDecision: 0, byTime: 0, violations: [] };
  try {
    const batch = 4;
    for (let first = 0; first < waits; first += batch) {
      const size = Math.min(batch, waits - first);
      const parked = await parkRuns(track, `c${first}`, first, size);
      const wins = new Map<string, string[]>(parked.map(({ runId }) => [runId, []]));
      const late = () => variant(track.next(), { now: () => begun + MINUTE });
      const inTime = () => variant(track.next(), { now: () => begun + MINUTE - 1 });
      // Now those in time have a start, now those who come late.
      const [early, tardy] = shuffle([0, 20 * next()], next) as [number, number];
      const races = parked.flatMap((wait) =>
        Array.from({ length: wakers }, (_, index) => async () => {
          const isLate = index % 4 === 3;
          for (let turns = (isLate ? tardy : early) * next(); turns > 0; turns -= 1) await pass();
          if (isLate) await oneLeg(late());
          else await wakeUp(inTime(), wait, index, wins, facts.violations);
        }),
      );
      await Promise.all(shuffle(races, next).map((race) => race()));
      await drain(late());
      for (const wait of parked) await judge(track, wait, wins.get(wait.runId) ?? [], facts, seed);
    }
    facts.violations.push(...(await findBrokenRules(track)));
  } finally {
    await track.close();
  }
  return facts;
}

async function parkRuns(
  track: RaceTrack,
  companyId: string,
  first: number,
  count: number,
): Promise<Parked[]> {
  const context = track.next();
  const workflows = [
    await publishIn(context, companyId, forEvent),
    await publishIn(context, companyId, forDecision),
  ];
  const parked: Parked[] = [];
  for (let n = first; n < first + count; n += 1) {
    const runId = await start(context, companyId, workflows[n % 2] as string, { n });
    parked.push({ companyId, runId, n, waitId: '', isApproval: n % 2 === 1 });
  }
  await Promise.all(track.racers.map((racer) => drain(racer.context)));
  const rows = await track.query<{ id: string; run_id: string }>(
    'select id, run_id from workflow_wait where company_id = $1',
    [companyId],
  );
  const idOf = new Map(rows.map(({ id, run_id }) => [run_id, id]));
  for (const { runId } of parked) if (!idOf.has(runId)) throw new Error(`Run ${runId} has not parked.`);
  return parked.map((wait) => ({ ...wait, waitId: idOf.get(wait.runId) ?? '' }));
}

async function wakeUp(
  context: ServerContext,
  { companyId, runId, n, waitId, isApproval }: Parked,
  index: number,
  wins: Map<string, string[]>,
  violations: string[],
): Promise<void> {
  if (!isApproval) {
    // Some are the same event, told again.
    const id = `evt_${n}_${index % 8}`;
    try {
      await emitEvent(context, { type: 'test.signed', id, companyId, data: { n, index: index % 8 } });
    } catch (error) {
      violations.push(`event ${id}, told several times at once, was refused: ${(error as Error).message}`);
    }
    return;
  }
  const decision = index % 2 === 0 ? 'approved' : 'rejected';
  try {
    await decideApproval(context, principal(companyId, `user_${index}`), waitId, { decision });
    wins.get(runId)?.push(`${decision} by user_${index}`);
  } catch (error) {
    if ((error as { code?: string }).code !== 'already_decided') throw error;
  }
}

/** Whether the wait was ended once, and the run went on by what ended it. */
async function judge(
  track: RaceTrack,
  { runId, isApproval }: Parked,
  wins: readonly string[],
  facts: ResumeFacts,
  seed: number,
): Promise<void> {
  const [row] = await track.query<JudgedRow>(
    `select r.status, w.state, w.wake_up, s.branch, s.output, (select array_agg(e.node_id) from workflow_run_step e
       where e.run_id = r.id and e.type = 'flow.stop' and e.status = 'succeeded') as ended
     from workflow_run r join workflow_wait w on w.run_id = r.id join workflow_run_step s on s.run_id = r.id and s.step_key = 'wait_1'
     where r.id = $1`,
    [runId],
  );
  const wakeUp = row?.wake_up ?? null;
  const handle =
    wakeUp?.kind === 'event'
      ? 'resumed'
      : wakeUp?.kind === 'decision'
        ? wakeUp.decision?.decision
        : isApproval
          ? 'expired'
          : 'timed_out';
  const told =
    wakeUp?.kind === 'decision' ? [`${handle} by ${wakeUp.decision?.decidedBy}`] : isApproval ? [] : wins;
  const seen = JSON.stringify({ ...row, wins });
  if (row?.status !== 'succeeded' || row.branch !== handle || row.ended?.join() !== handle)
    facts.violations.push(`run ${runId} did not end by ${handle} alone (seed ${seed}): ${seen}`);
  if (told.join() !== wins.join())
    facts.violations.push(
      `run ${runId}: those told that they decided are not the one who did (seed ${seed}): ${seen}`,
    );
  if (wakeUp?.kind === 'event' && row?.output?.event?.id !== wakeUp.event?.id)
    facts.violations.push(`run ${runId} went on with another event (seed ${seed}): ${seen}`);
  if (wakeUp?.kind === 'event') facts.byEvent += 1;
  else if (wakeUp?.kind === 'decision') facts.byDecision += 1;
  else if (wakeUp?.kind === 'time') facts.byTime += 1;
}

interface JudgedRow {
  status: string;
  branch: string;
  ended: string[] | null;
  output: { event?: { id: string } } | null;
  wake_up: {
    kind: string;
    event?: { id: string };
    decision?: { decision: string; decidedBy: string };
  } | null;
}

const instants: CrashPoint[] = ['park:before', 'park:sent', 'park:after', 'load:after', 'claim:after'];

/**
 * An event is told while its run is just parking: before, while and after the park is written, each run through another instant of the
 * park, and some with nothing but chance to decide. None is missed and none is used twice.
 */
export async function raceParks(options: {
  runs: number;
  seed: number;
}): Promise<{ runs: number; resumed: number; violations: string[] }> {
  const { runs, seed } = options;
  const track = await openTrack(3);
  const next = random(seed);
  const violations: string[] = [];
  try {
    const workflowId = await publishIn(track.next(), 'rossi', forEvent);
    const ids: string[] = [];
    for (let n = 0; n < runs; n += 1) {
      const data = { n };
      const emitter = track.next();
      let isTold = false;
      const tell = async () => {
        isTold = true;
        await emitEvent(emitter, { type: 'test.signed', id: `evt_${n}`, companyId: 'rossi', data });
      };
      ids.push(await start(emitter, 'rossi', workflowId, data));
      const instant = instants[n % (instants.length + 1)];
      if (instant) await oneLeg(variant(track.next(), { crash: doingAt(instant, tell) }));
      else
        await Promise.all(shuffle([() => oneLeg(track.next()).then(() => {}), tell], next).map((go) => go()));
      if (!isTold) throw new Error(`The leg of run ${ids[n]} did not pass ${instant}.`);
      await drain(track.next());
    }
    const rows = await track.query<{ id: string; status: string; branch: string | null }>(
      `select r.id, r.status, s.branch from workflow_run r left join workflow_run_step s on s.run_id = r.id and s.step_key = 'wait_1'`,
    );
    const lost = rows.filter(({ status, branch }) => status !== 'succeeded' || branch !== 'resumed');
    for (const { id, status } of lost)
      violations.push(
        `run ${id} is ${status}: its event was missed at ${instants[ids.indexOf(id) % (instants.length + 1)]} (seed ${seed})`,
      );
    violations.push(...(await findBrokenRules(track)));
    return { runs, resumed: rows.length - lost.length, violations };
  } finally {
    await track.close();
  }
}

/** Does something, once, when the engine passes an instant, and lets it go on afterwards. */
export function doingAt(instant: CrashPoint, act: () => Promise<void>) {
  let isDone = false;
  const reach = async (point: string) => {
    if (point !== instant || isDone) return;
    isDone = true;
    await act();
  };
  return {
    reach: () => {},
    around: async <T>(statement: string, send: () => Promise<T>): Promise<T> => {
      await reach(`${statement}:before`);
      const answer = send();
      await pass();
      await reach(`${statement}:sent`);
      const result = await answer;
      await reach(`${statement}:after`);
      return result;
    },
  };
}
