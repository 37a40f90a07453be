import { rm } from 'node:fs/promises';

export default async function stopPostgres(): Promise<void> {
  const postgres = globalThis.tramaTestPostgres;
  if (!postgres) return;
  await postgres.stop();
  await rm(postgres.dataDir, { recursive: true, force: true });
}
