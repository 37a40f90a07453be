import { randomBytes } from 'node:crypto';
import { Client, type QueryResult } from 'pg';

export interface TestDatabase {
  url: string;
  /** Removes the database, closing whatever is still connected to it. */
  drop: () => Promise<void>;
}

/** A database of its own, empty, on the PostgreSQL that the tests share. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(`CREATE DATABASE ${name} TEMPLATE template0`);
  const url = new URL(adminUrl());
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

const administer = async (statement: string): Promise<void> =>
  void (await askDatabase({ url: adminUrl() }, statement));

/** Asks a database something on a connection of its own. */
export async function askDatabase(
  { url }: Pick<TestDatabase, 'url'>,
  text: string,
  values: readonly unknown[] = [],
): Promise<QueryResult> {
  const client = new Client(url);
  await client.connect();
  return client.query(text, [...values]).finally(() => client.end());
}

function adminUrl(): string {
  const url = process.env.TRAMA_TEST_DATABASE_URL;
  if (!url)
    throw new Error(
      'No test database: this suite must run in the Jest project "node", whose setup starts PostgreSQL.',
    );
  return url;
}
