/**
 * Puts the first key of the ring in the place of older ones. Each credential has a key of its own, and only that is wrapped anew: the
 * credential's ciphertext is not touched. Servers go on meanwhile; a credential that was written since it was read is read again.
 */
import pg from 'pg';
import { createVault, type SealedCredential, type Vault } from './integrations/vault';

export interface RotateKeysOptions {
  databaseUrl: string;
  /** The ring: the new key first, the old ones after it. */
  encryptionKeys: string;
  /** Looks and counts, changes nothing. @default false */
  dryRun?: boolean;
  /** Credentials read at a time. @default 100 */
  batchSize?: number;
}

export interface RotatedKeys {
  /** Id of the first key of the ring. */
  key: string;
  /** Credentials that were wrapped anew; in a dry run, those that would be. */
  rewrapped: number;
  /** Credentials that still need an older key, by the id of that key. Empty: the older keys may go. */
  remaining: Record<string, number>;
  /** Credentials that cannot be opened: altered, or of a key that is not in the ring. They are left as they are. */
  unreadable: { companyId: string; provider: string; key: string }[];
}

/** Passes over the table: what servers write with an older ring during one is met by the next. */
const MOST_PASSES = 5;

export async function rotateKeys(options: RotateKeysOptions): Promise<RotatedKeys> {
  const vault = createVault(options.encryptionKeys);
  const client = new pg.Client({
    connectionString: options.databaseUrl,
    connectionTimeoutMillis: 5_000,
    query_timeout: 30_000,
    // A refresh of tokens keeps its row for as long as the provider takes to answer.
    lock_timeout: 15_000,
  });
  await client.connect();
  try {
    return await rotate(client, vault, options);
  } finally {
    await client.end();
  }
}

async function rotate(client: pg.Client, vault: Vault, options: RotateKeysOptions): Promise<RotatedKeys> {
  let rewrapped = 0;
  for (let pass = 1; ; pass += 1) {
    const done = await passOver(client, vault, options);
    rewrapped += done.rewrapped;
    const remaining = await countOlder(client, vault);
    const isOver = options.dryRun || done.rewrapped === 0 || Object.keys(remaining).length === 0;
    if (isOver || pass === MOST_PASSES)
      return { key: vault.keyId, rewrapped, remaining, unreadable: done.unreadable };
  }
}

interface Row {
  company_id: string;
  provider: string;
  id: string;
  credential: SealedCredential;
}

async function passOver(
  client: pg.Client,
  vault: Vault,
  { dryRun = false, batchSize = 100 }: RotateKeysOptions,
): Promise<Pick<RotatedKeys, 'rewrapped' | 'unreadable'>> {
  const unreadable: RotatedKeys['unreadable'] = [];
  let rewrapped = 0;
  let after = ['', ''];
  for (;;) {
    const rows = await readBatch(client, vault, after, batchSize);
    for (const row of rows) {
      const renewed = rewrapRow(vault, row);
      if (!renewed)
        unreadable.push({ companyId: row.company_id, provider: row.provider, key: row.credential.kid });
      else if (dryRun || (await replace(client, row, renewed))) rewrapped += 1;
    }
    const last = rows.at(-1);
    if (!last) return { rewrapped, unreadable };
    after = [last.company_id, last.provider];
  }
}

async function readBatch(
  client: pg.Client,
  vault: Vault,
  after: readonly string[],
  limit: number,
): Promise<Row[]> {
  const { rows } = await client.query<Row>(
    `select company_id, provider, id, credential from workflow_connection
     where credential->>'kid' <> $1 and (company_id, provider) > ($2, $3)
     order by company_id, provider limit $4`,
    [vault.keyId, ...after, limit],
  );
  return rows;
}

function rewrapRow(vault: Vault, row: Row): SealedCredential | null {
  const owner = { companyId: row.company_id, provider: row.provider, connectionId: row.id };
  try {
    return vault.rewrap(owner, row.credential);
  } catch {
    return null;
  }
}

/** Only in the place of what was read: tokens renewed since then must not be lost. */
async function replace(client: pg.Client, row: Row, renewed: SealedCredential): Promise<boolean> {
  const { rowCount } = await client.query(
    'update workflow_connection set credential = $3 where company_id = $1 and provider = $2 and credential = $4::jsonb',
    [row.company_id, row.provider, renewed, JSON.stringify(row.credential)],
  );
  return rowCount === 1;
}

async function countOlder(client: pg.Client, vault: Vault): Promise<Record<string, number>> {
  const { rows } = await client.query<{ key: string; count: number }>(
    `select credential->>'kid' as key, count(*)::int as count from workflow_connection
     where credential->>'kid' <> $1 group by 1 order by 1`,
    [vault.keyId],
  );
  return Object.fromEntries(rows.map(({ key, count }) => [key, count]));
}
