import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bundleScript } from '../support/bundle-script';
import { definition, node } from '../support/definitions';
import { blocks, executors, type PoisonClass } from './poison-blocks';
import { openTrack, publishIn, type RaceTrack, start } from './races-world';
import { effect } from './world-blocks';

export interface DeathFacts {
  kind: PoisonClass;
  /** Processes the run took down before it was set aside. */
  deaths: number;
  status: string;
  code: string;
  /** Runs beside it that came to their end. */
  neighbours: number;
  violations: string[];
}

/** More than any run should survive. */
const MAX_PROCESSES = 10;
const COMPANY = 'rossi';
const neighbour = definition(
  [
    node('loop_1', 'flow.loop', { config: { items: [1, 2, 3, 4, 5] } }),
    effect('a_1', 'idempotent'),
    effect('b_1', 'reconcilable'),
  ],
  ['trigger -> loop_1', 'loop_1:each -> a_1', 'a_1 -> b_1'],
);

/** A block ends its process each time it is carried out. The run is set aside after a few, and the runs beside it come to their end. */
export async function diesEachTime(kind: PoisonClass, neighbours: number): Promise<DeathFacts> {
  const track = await openTrack(1, { blocks, executors });
  const processes: ChildProcess[] = [];
  try {
    const { url } = track.next().database.source.options as { url: string };
    const script = await bundleScript(join(__dirname, 'poison-server.ts'));
    const spawnNext = () => processes.push(spawnRunner(script, url));
    // The next one boots while this one works.
    spawnNext();
    const beside = await publishIn(track.next(), COMPANY, neighbour);
    const deadly = await publishIn(
      track.next(),
      COMPANY,
      definition(
        [node('poison_1', `test.poison-${kind}`, { config: { how: 'exit' } })],
        ['trigger -> poison_1'],
      ),
    );
    for (let index = 0; index < neighbours / 2; index += 1) await start(track.next(), COMPANY, beside, {});
    const id = await start(track.next(), COMPANY, deadly, {});
    for (let index = 0; index < neighbours / 2; index += 1) await start(track.next(), COMPANY, beside, {});
    let deaths = 0;
    for (let turn = 0; turn < MAX_PROCESSES && (await countUnderWay(track)) > 0; turn += 1) {
      spawnNext();
      if (await dies(processes[turn] as ChildProcess, track)) deaths += 1;
      await track.query(
        `update workflow_run set lease_until = now() - interval '1 s' where status = 'running'`,
      );
    }
    return await judge(track, kind, id, deaths, neighbours);
  } finally {
    for (const child of processes) child.kill('SIGKILL');
    await track.close();
  }
}

/** Lets a process work until it is dead or nothing is left to do. */
async function dies(child: ChildProcess, track: RaceTrack): Promise<boolean> {
  const ended = once(child, 'exit').then(() => true);
  child.stdin?.write('go\n');
  for (;;) {
    if (await Promise.race([ended, delay(20, false)])) return true;
    if ((await countUnderWay(track)) === 0) return false;
  }
}

async function countUnderWay(track: RaceTrack): Promise<number> {
  const [row] = await track.query<{ count: number }>(
    `select count(*)::int as count from workflow_run where status in ('queued', 'running', 'waiting')`,
  );
  return row?.count ?? 0;
}

async function judge(
  track: RaceTrack,
  kind: PoisonClass,
  id: string,
  deaths: number,
  neighbours: number,
): Promise<DeathFacts> {
  const rows = await track.query<{ id: string; status: string; code: string | null; deaths: number }>(
    `select id, status, error ->> 'code' as code, deaths from workflow_run`,
  );
  const own = rows.find((row) => row.id === id);
  const others = rows.filter((row) => row.id !== id);
  const finished = others.filter(({ status }) => status === 'succeeded').length;
  const violations = others
    .filter(({ status }) => status !== 'succeeded')
    .map(
      (row) =>
        `run ${row.id}, beside a block with ${kind} that ends its process, is ${row.status} (${row.code})`,
    );
  if (own?.status !== 'failed' && own?.status !== 'needs_attention')
    violations.push(
      `run ${id}, whose block with ${kind} ends its process, is ${own?.status} after ${deaths} deaths`,
    );
  if (others.length !== neighbours)
    violations.push(`there are ${others.length} runs beside it, not ${neighbours}`);
  return { kind, deaths, status: own?.status ?? '', code: own?.code ?? '', neighbours: finished, violations };
}

function spawnRunner(script: string, url: string): ChildProcess {
  return spawn(process.execPath, [script], {
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}
