import { join } from 'node:path';
import { Client } from 'pg';
import { createWorkflowClient } from '../../src/core';
import { signEvent } from '../../src/server';
import { bundleScript } from '../support/bundle-script';
import { createTestDatabase } from '../support/database';
import { definition, node } from '../support/definitions';
import { EVENT_SECRET, publishWorkflow } from '../support/server';
import { EventServer } from './events-process';
import { effect } from './world-blocks';
import { Random } from './world-random';

export interface EventsOptions {
  events: number;
  /** How often each is delivered at once. */
  copies: number;
  /** How often one of the two processes is killed meanwhile. */
  kills: number;
  seed: number;
}

export interface EventFacts {
  events: number;
  /** Deliveries answered with 202. */
  accepted: number;
  /** Deliveries of an event with other data, answered with 409. */
  conflicts: number;
  kills: number;
  /** Deliveries that were cut off by a kill and made again. */
  redelivered: number;
  runs: number;
  succeeded: number;
  violations: string[];
}

/** Every fifth event is told with other data as well, so many times. */
const CONTESTED = 5;
const RIVALS = 4;

interface Answer {
  /** What stood in the delivery. */
  word: string;
  /** Ids of the runs the answer names; `null` when it was refused as told differently. */
  runs: string | null;
}

/**
 * Every event is delivered many times at once, over signed HTTP, to two servers on one database, one of which is killed again and again
 * between a run being stored and its being told. It starts one run; every delivery that is acknowledged names that run and brought its data.
 */
export async function deliverEvents({ events, copies, kills, seed }: EventsOptions): Promise<EventFacts> {
  const database = await createTestDatabase();
  // Half of the deliveries come to it; the last process lives on.
  const starts = Math.max(1, Math.floor((events * copies) / 2 / (kills + 1)));
  const script = await bundleScript(join(__dirname, 'events-server.ts'));
  const servers = [new EventServer(script, database.url)];
  const random = new Random(seed);
  const facts: EventFacts = {
    ...{ events, accepted: 0, conflicts: 0, kills: 0, redelivered: 0, runs: 0, succeeded: 0 },
    violations: [],
  };
  try {
    const baseUrl = `${await servers[0]?.origin}/api/workflows`;
    const flow = definition(
      [node('trigger', 'test.started'), effect('a_1', 'idempotent', { quote: '{{trigger.payload.word}}' })],
      ['trigger -> a_1'],
    );
    await publishWorkflow(createWorkflowClient({ baseUrl }), flow);
    const mortal = new EventServer(script, database.url, kills, starts);
    servers.push(mortal);
    await mortal.origin;

    const deliver = async (event: number, word: string, server: EventServer): Promise<Answer> => {
      const body = JSON.stringify({ type: 'test.started', companyId: 'rossi', data: { event, word } });
      const headers = signEvent(EVENT_SECRET, `evt_${event}`, body);
      const { status, text, tries } = await server.deliver('/api/workflows/events', {
        ...{ method: 'POST', headers, body },
      });
      facts.redelivered += tries - 1;
      const answer = JSON.parse(text) as { runs?: { id: string }[]; error?: { code: string } };
      if (status === 202) {
        facts.accepted += 1;
        return { word, runs: answer.runs?.map(({ id }) => id).join() ?? '' };
      }
      if (status === 409 && answer.error?.code === 'idempotency_conflict') {
        facts.conflicts += 1;
        return { word, runs: null };
      }
      facts.violations.push(`evt_${event} was answered with ${status}: ${text}`);
      return { word, runs: '' };
    };
    const answers = new Map<number, Answer[]>();
    const inTurn = (event: number, words: readonly string[]) =>
      Promise.all(
        words.map((word, index) =>
          deliver(event, word, servers[(event + index) % servers.length] as EventServer),
        ),
      );
    let next = 0;
    const lane = async () => {
      for (let event = next++; event < events; event = next++) {
        const rivals = event % CONTESTED === 0 ? RIVALS : 0;
        const words = Array.from({ length: copies + rivals }, (_, index) =>
          index < copies ? 'so' : 'not so',
        );
        answers.set(event, await inTurn(event, random.shuffle(words)));
      }
    };
    await Promise.all(Array.from({ length: 4 }, lane));
    // Long after the event, to both servers: the first word is kept, whoever asks.
    for (let event = 0; event < events; event += CONTESTED)
      answers.get(event)?.push(...(await inTurn(event, ['neither', 'neither', 'so', 'not so'])));
    facts.kills = mortal.kills;
    await judge(database.url, answers, facts);
    return facts;
  } finally {
    for (const server of servers) server.close();
    await database.drop();
  }
}

interface Row {
  id: string;
  key: string;
  status: string;
  word: string;
  /** Steps that succeeded. */
  steps: number;
}

/** Compares the runs in the database with what was answered, once all of them have ended. */
async function judge(url: string, answers: ReadonlyMap<number, Answer[]>, facts: EventFacts): Promise<void> {
  const rows = await readRuns(url);
  facts.runs = rows.length;
  facts.succeeded = rows.filter(({ status, steps }) => status === 'succeeded' && steps === 1).length;
  const byKey = new Map(rows.map((row) => [row.key, row]));
  if (byKey.size !== rows.length) facts.violations.push('an event has started more than one run');
  for (const [event, given] of answers) {
    const row = byKey.get(`event:evt_${event}`);
    if (row?.status !== 'succeeded' || row.steps !== 1)
      facts.violations.push(`the run of evt_${event} did not come to its end once: ${JSON.stringify(row)}`);
    for (const { word, runs } of given)
      if (runs !== (word === row?.word ? row.id : null))
        facts.violations.push(
          `evt_${event}, told as "${word}", was answered with ${runs}; stored is ${JSON.stringify(row)}`,
        );
  }
}

async function readRuns(url: string): Promise<Row[]> {
  const client = new Client(url);
  await client.connect();
  try {
    const isBusy = `select from workflow_run where status not in ('succeeded', 'failed') limit 1`;
    // A minute is far more than the queue and the leases of the dead need; a run that is stuck is told by its row.
    for (const end = Date.now() + 60_000; (await client.query(isBusy)).rowCount && Date.now() < end; );
    const { rows } = await client.query<Row>(
      `select r.id, r.trigger_key as key, r.status, d.payload ->> 'word' as word, count(s.*)::int as steps
       from workflow_run r join workflow_run_data d on d.company_id = r.company_id and d.run_id = r.id
       left join workflow_run_step s on s.run_id = r.id and s.status = 'succeeded' group by r.company_id, r.id, d.payload`,
    );
    return rows;
  } finally {
    await client.end();
  }
}
