/** `npx trama …`: what an operator does from a shell. */
import { migrate, openDatabase } from './db/data-source';
import { jsonLogger } from './log';
import { type RotatedKeys, rotateKeys } from './rotate-keys';

const USAGE = `Usage: trama migrate
       trama rotate-keys [--dry-run]

migrate brings the database to this version of Trama. For deployments whose servers do not (autoMigrate: false); safe to repeat.

rotate-keys wraps every stored credential with the first key of TRAMA_ENCRYPTION_KEYS, so that older keys can be taken out of it.
Servers may run meanwhile, once all of them have the new key in their ring.

  TRAMA_DATABASE_URL      the database
  TRAMA_ENCRYPTION_KEYS   the ring: "<id>:<base64 of 32 bytes>", the new key first, the old ones after it, separated by commas
  --dry-run               counts, and changes nothing
`;

const flagsOf: Record<string, readonly string[]> = { migrate: [], 'rotate-keys': ['--dry-run'] };

/** @returns the exit code: 0 when all is done, 1 when something is left or failed, 2 when the call is wrong */
async function main([command = '', ...flags]: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (command === '--help' || command === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  const known = Object.hasOwn(flagsOf, command) ? flagsOf[command] : undefined;
  const unknown = flags.find((flag) => !known?.includes(flag));
  if (!known || unknown) return refuse(`${known ? unknown : command || 'Nothing'} is no command of trama.`);
  const { TRAMA_DATABASE_URL: databaseUrl, TRAMA_ENCRYPTION_KEYS: encryptionKeys } = env;
  if (!databaseUrl) return refuse('TRAMA_DATABASE_URL is not set, so that nothing was changed.');
  if (command === 'migrate') return migrateOnce(databaseUrl);
  if (!encryptionKeys) return refuse('TRAMA_ENCRYPTION_KEYS is not set, so that nothing was changed.');
  const dryRun = flags.includes('--dry-run');
  return report(await rotateKeys({ databaseUrl, encryptionKeys, dryRun }), dryRun);
}

function refuse(problem: string): number {
  process.stderr.write(`${problem}\n\n${USAGE}`);
  return 2;
}

async function migrateOnce(databaseUrl: string): Promise<number> {
  const database = await openDatabase(databaseUrl, 1, jsonLogger);
  try {
    await migrate(database);
  } finally {
    await database.source.destroy();
  }
  process.stdout.write('The database is at this version of Trama.\n');
  return 0;
}

function report({ key, rewrapped, remaining, unreadable }: RotatedKeys, dryRun: boolean): number {
  const left = Object.entries(remaining);
  const say = (line: string) => process.stdout.write(`${line}\n`);
  say(`${rewrapped} ${dryRun ? 'would be wrapped' : 'were wrapped'} with "${key}".`);
  if (left.length === 0) say('0 still need an older key: older keys may be taken out of the ring.');
  for (const [older, count] of left) say(`${count} still need "${older}".`);
  for (const { companyId, provider, key: of } of unreadable)
    say(
      `Cannot be opened: ${provider} of company ${companyId} (key "${of}"). Add its key to the ring, or reconnect.`,
    );
  return left.length > 0 && !dryRun ? 1 : 0;
}

main(process.argv.slice(2), process.env).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`It was not done: ${error.message}\n`);
    process.exitCode = 1;
  },
);
