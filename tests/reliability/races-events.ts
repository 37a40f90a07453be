import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { Client } from 'pg';
import { createWorkflowClient } from '../../src/core';
import { signEvent } from '../../src/server';
import { createTestDatabase } from '../support/database';
import { definition, node } from '../support/definitions';
import { EVENT_SECRET, publishWorkflow } from '../support/server';
import { effect } from './world-blocks';

interface EventFacts {
  keys: number;
  deliveries: number;
  accepted: number;
  runs: number;
  violations: string[];
}

/** Every event is delivered many times at once, over signed HTTP, to two servers on one database: it starts one run. */
export async function raceEvents(options: { keys: number; deliveries: number }): Promise<EventFacts> {
  const { keys, deliveries } = options;
  const database = await createTestDatabase();
  const children: ChildProcess[] = [];
  try {
    const origins = await Promise.all([0, 1].map(() => startServer(database.url, children)));
    const client = createWorkflowClient({ baseUrl: `${origins[0]}/api/workflows` });
    const flow = definition(
      [node('trigger', 'test.started'), effect('a_1', 'idempotent', { quote: '{{trigger.payload.n}}' })],
      ['trigger -> a_1'],
    );
    await publishWorkflow(client, flow);
    const facts: EventFacts = { keys, deliveries, accepted: 0, runs: 0, violations: [] };
    const deliver = async (key: number, index: number) => {
      const body = JSON.stringify({ type: 'test.started', companyId: 'rossi', data: { n: key } });
      const response = await fetch(`${origins[index % 2]}/api/workflows/events`, {
        method: 'POST',
        headers: signEvent(EVENT_SECRET, `evt_${key}`, body),
        body,
      });
      const text = await response.text();
      if (response.status !== 202) return { refusal: `${response.status} ${text}`, id: undefined };
      facts.accepted += 1;
      return { id: (JSON.parse(text) as { runs: { id: string }[] }).runs.map((run) => run.id).join() };
    };
    const started = new Map<number, string>();
    let next = 0;
    const lane = async () => {
      for (let key = next++; key < keys; key = next++) {
        const answers = await Promise.all(
          Array.from({ length: deliveries }, (_, index) => deliver(key, index)),
        );
        const ids = new Set(answers.map(({ id }) => id));
        if (ids.size === 1) started.set(key, [...ids][0] ?? '');
        else
          facts.violations.push(
            `event evt_${key} was answered differently: ${JSON.stringify([...new Set(answers)])}`,
          );
      }
    };
    await Promise.all(Array.from({ length: 4 }, lane));
    await judge(database.url, started, facts);
    return facts;
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await database.drop();
  }
}

/** Counts the runs in the database, once all of them have ended. */
async function judge(url: string, started: ReadonlyMap<number, string>, facts: EventFacts): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    const isBusy = `select from workflow_run where status not in ('succeeded', 'failed') limit 1`;
    // A minute is far more than the queue needs; a run that is stuck is told below.
    for (const end = Date.now() + 60_000; (await client.query(isBusy)).rowCount && Date.now() < end; );
    const { rows } = await client.query<{ id: string; key: string; status: string; steps: number }>(
      `select r.id, trigger_key as key, r.status, count(s.*)::int as steps from workflow_run r
       left join workflow_run_step s on s.run_id = r.id and s.status = 'succeeded' group by r.company_id, r.id`,
    );
    facts.runs = rows.length;
    const byKey = new Map(rows.map((row) => [row.key, row]));
    if (byKey.size !== rows.length) facts.violations.push('an event has started more than one run');
    for (const [key, id] of started) {
      const row = byKey.get(`event:evt_${key}`);
      if (row?.id !== id)
        facts.violations.push(`event evt_${key} was answered with run ${id}, which is not the one stored`);
      if (row?.status !== 'succeeded' || row.steps !== 1)
        facts.violations.push(
          `run ${id} of event evt_${key} did not come to its end: ${JSON.stringify(row)}`,
        );
    }
  } finally {
    await client.end();
  }
}

function startServer(url: string, children: ChildProcess[]): Promise<string> {
  const script = resolve('tests/reliability/races-server.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script], {
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  children.push(child);
  return new Promise((ready, failed) => {
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
      const origin = output.match(/^ready (\S+)$/m)?.[1];
      if (origin) ready(origin);
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('exit', () => failed(new Error(`The server process ended before it was ready:\n${output}`)));
  });
}
