import type { ServerContext } from '../../src/server/context';
import { claimNextRun } from '../../src/server/db/claim';
import { settleStep } from '../../src/server/runs/act-on-run';
import { retryRun } from '../../src/server/runs/retry-run';
import { sweep } from '../../src/server/runs/sweep';
import { definition } from '../support/definitions';
import { drain, findBrokenRules, openTrack, principal, publishIn, start } from './races-world';
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
        if (claimed.length % 50 === 0) await sweep(context, async () => {});
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
