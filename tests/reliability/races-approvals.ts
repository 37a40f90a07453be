import type { WorkflowError } from '../../src/core';
import { decideApproval } from '../../src/server/runs/approvals';
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
const handles = ['approved', 'rejected', 'expired'];
const asking = (required: number) =>
  definition(
    [
      node('ask_1', 'flow.approval', {
        config: { message: '?', required, deadline: { amount: 1, unit: 'minutes' } },
      }),
      ...handles.map((id) => node(id, 'flow.stop')),
    ],
    ['trigger -> ask_1', ...handles.map((handle) => `ask_1:${handle} -> ${handle}`)],
  );

/** One turn of the event loop. */
const pass = () => new Promise(setImmediate);

export interface DecisionFacts {
  decided: number;
  expired: number;
  violations: string[];
}

/**
 * Four people decide an approval in its last instant, one of them twice at once, while two runners find that its time is over. Either enough
 * of them were heard, or one rejected, or it has expired; each person counts once, everybody is told the truth, and the run goes on by
 * that handle and no other.
 */
export async function raceDecisions(options: { approvals: number; seed: number }): Promise<DecisionFacts> {
  const { approvals, seed } = options;
  const begun = Date.now();
  const track = await openTrack(4, { now: () => begun });
  const next = random(seed);
  const facts: DecisionFacts = { decided: 0, expired: 0, violations: [] };
  try {
    const workflows = [
      await publishIn(track.next(), 'rossi', asking(1)),
      await publishIn(track.next(), 'rossi', asking(2)),
    ];
    for (let count = 0; count < approvals; count += 1) {
      const required = 1 + (count % 2);
      const runId = await start(track.next(), 'rossi', workflows[required - 1] as string, {});
      await drain(track.next());
      const [wait] = await track.query<{ id: string }>('select id from workflow_wait where run_id = $1', [
        runId,
      ]);
      const told: string[] = [];
      const late = () => variant(track.next(), { now: () => begun + MINUTE });
      const inTime = () => variant(track.next(), { now: () => begun + MINUTE - 1 });
      const [early, tardy] = shuffle([0, 12 * next()], next) as [number, number];
      const people = ['anna', 'bruno', 'carla', 'dario', 'anna'].map((person, index) => async () => {
        for (let turns = early * next(); turns > 0; turns -= 1) await pass();
        const decision = next() < 0.15 ? 'rejected' : 'approved';
        const by = principal('rossi', person);
        await decideApproval(inTime(), by, wait?.id as string, { decision, comment: String(index) }).then(
          () => told.push(`${decision} by ${person} (${index})`),
          (error: WorkflowError) => {
            if (error.code !== 'already_decided')
              facts.violations.push(`run ${runId}: ${person} was answered ${String(error)}`);
          },
        );
      });
      const runners = [0, 1].map(() => async () => {
        for (let turns = tardy * next(); turns > 0; turns -= 1) await pass();
        await oneLeg(late());
      });
      await Promise.all(shuffle([...people, ...runners], next).map((go) => go()));
      await drain(late());
      await judge(track, runId, required, told, facts, seed);
    }
    facts.violations.push(...(await findBrokenRules(track)));
  } finally {
    await track.close();
  }
  return facts;
}

interface Row {
  status: string;
  state: string;
  decisions: { decision: string; decidedBy: string; comment: string }[];
  branch: string;
  output: { decisions: unknown[] };
  ended: string[] | null;
  audited: number;
}

async function judge(
  track: RaceTrack,
  runId: string,
  required: number,
  told: readonly string[],
  facts: DecisionFacts,
  seed: number,
): Promise<void> {
  const [row] = await track.query<Row>(
    `select r.status, w.state, w.decisions, s.branch, s.output,
       (select array_agg(e.node_id) from workflow_run_step e where e.run_id = r.id and e.type = 'flow.stop' and e.status = 'succeeded') as ended,
       (select count(*)::integer from workflow_audit a where a.target_id = w.id::text and a.action like 'approval.%') as audited
     from workflow_run r join workflow_wait w on w.run_id = r.id join workflow_run_step s on s.run_id = r.id and s.step_key = 'ask_1'
     where r.id = $1`,
    [runId],
  );
  if (!row) throw new Error(`Run ${runId} is gone.`);
  const said = row.decisions.map(
    ({ decision, decidedBy, comment }) => `${decision} by ${decidedBy} (${comment})`,
  );
  const isRejected = row.decisions.some(({ decision }) => decision === 'rejected');
  const outcome = isRejected ? 'rejected' : said.length >= required ? 'approved' : 'expired';
  const rules: Record<string, boolean> = {
    'the run went on by what was decided, and once':
      row.status === 'succeeded' && row.branch === outcome && row.ended?.join() === outcome,
    'the wait ended so': row.state === (outcome === 'expired' ? 'timed_out' : 'woken'),
    'whoever was told that they were heard was heard': [...said].sort().join() === [...told].sort().join(),
    'nobody counts twice': new Set(row.decisions.map(({ decidedBy }) => decidedBy)).size === said.length,
    'nobody was heard after the end':
      said.length <= required && row.decisions.slice(0, -1).every(({ decision }) => decision === 'approved'),
    'the step says who decided': outcome === 'expired' || row.output.decisions.length === said.length,
    'everything is in the audit': row.audited === said.length,
  };
  for (const [rule, holds] of Object.entries(rules))
    if (!holds)
      facts.violations.push(
        `run ${runId} (seed ${seed}): not true that ${rule}: ${JSON.stringify({ ...row, told })}`,
      );
  if (outcome === 'expired') facts.expired += 1;
  else facts.decided += 1;
}
