import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** Whether the tests run at full scale: `npm run test:reliability`. */
export const isFull = process.env.TRAMA_RELIABILITY === 'full';

/** The scale of a scenario: a small one with every `npm test`, the full one on demand. */
export const scale = <T>(quick: T, full: T): T => (isFull ? full : quick);

/** Milliseconds a scenario may take on a slow machine: more means that it is stuck. */
export const patience = scale(300_000, 900_000);

export const seed = Number(process.env.TRAMA_TEST_SEED) || Date.now() % 2_147_483_647;

/** Keeps the figures of a full run for the report. */
export async function keep(scenario: string, facts: object): Promise<void> {
  if (!isFull) return;
  const folder = resolve('reports/reliability');
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/${scenario}.json`, `${JSON.stringify({ ...facts, seed }, null, 2)}\n`);
}
