/** `npx trama …`: what an operator does from a shell. */
import { type RotatedKeys, rotateKeys } from './rotate-keys';

const USAGE = `Usage: trama rotate-keys [--dry-run]

Wraps every stored credential with the first key of TRAMA_ENCRYPTION_KEYS, so that older keys can be taken out of it.
Servers may run meanwhile, once all of them have the new key in their ring.

  TRAMA_DATABASE_URL      the database
  TRAMA_ENCRYPTION_KEYS   the ring: "<id>:<base64 of 32 bytes>", the new key first, the old ones after it, separated by commas
  --dry-run               counts, and changes nothing
`;

/** @returns the exit code: 0 when all is done, 1 when something is left or failed, 2 when the call is wrong */
async function main([command, ...flags]: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (command === '--help' || command === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  const unknown = flags.find((flag) => flag !== '--dry-run');
  if (command !== 'rotate-keys' || unknown) {
    process.stderr.write(`${unknown ?? command ?? 'Nothing'} is no command of trama.\n\n${USAGE}`);
    return 2;
  }
  const { TRAMA_DATABASE_URL: databaseUrl, TRAMA_ENCRYPTION_KEYS: encryptionKeys } = env;
  if (!databaseUrl || !encryptionKeys) {
    const name = databaseUrl ? 'TRAMA_ENCRYPTION_KEYS' : 'TRAMA_DATABASE_URL';
    process.stderr.write(`${name} is not set, so that nothing was changed.\n\n${USAGE}`);
    return 2;
  }
  const dryRun = flags.includes('--dry-run');
  return report(await rotateKeys({ databaseUrl, encryptionKeys, dryRun }), dryRun);
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
    process.stderr.write(`The keys were not rotated: ${error.message}\n`);
    process.exitCode = 1;
  },
);
