import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Logger } from '../log';
import { entities } from './entities';
import { FirstLight1764000000000 } from './migrations/0001-first-light';
import { TrustedRuns1764100000000 } from './migrations/0002-trusted-runs';
import { Connections1764200000000 } from './migrations/0003-connections';
import { Engine1764300000000 } from './migrations/0004-engine';
import { Triggers1764400000000 } from './migrations/0005-triggers';
import { Approvals1764500000000 } from './migrations/0006-approvals';
import { InboundEmail1764600000000 } from './migrations/0007-inbound-email';
import { CarriedSteps1764800000000 } from './migrations/0008-carried-steps';
import { UsedEvents1764900000000 } from './migrations/0009-used-events';
import { Admin1765000000000 } from './migrations/0010-admin';

export const migrations = [
  FirstLight1764000000000,
  TrustedRuns1764100000000,
  Connections1764200000000,
  Engine1764300000000,
  Triggers1764400000000,
  Approvals1764500000000,
  InboundEmail1764600000000,
  CarriedSteps1764800000000,
  UsedEvents1764900000000,
  Admin1765000000000,
];

/** Any fixed number, the same for every version of Trama: one process migrates at a time. */
const MIGRATION_LOCK = 7_264_620_001;

const CONNECT_MS = 5_000;

export interface Database {
  source: DataSource;
  /** The pool TypeORM's driver holds; the engine's statements go straight to it. */
  pool: pg.Pool;
}

/**
 * PostgreSQL may end a connection at any moment, in the very packet that opens it too. Pool and borrower hear of it by what they ask next; an
 * `error` nobody listens to in between would end the process. So every connection has a listener from its beginning.
 */
class SturdyPool extends pg.Pool {
  constructor(options: pg.PoolConfig) {
    super(options);
    this.on('connect', (client) => client.on('error', () => {}));
  }
}

/** Connects, with every time-out set: a silent database must not hang a request. */
export async function openDatabase(
  url: string,
  poolSize: number,
  log: Logger,
  idleMs = 30_000,
): Promise<Database> {
  const source = new DataSource({
    type: 'postgres',
    driver: { ...pg, Pool: SturdyPool },
    url,
    entities,
    migrations,
    synchronize: false,
    migrationsTransactionMode: 'none',
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
    poolSize,
    poolErrorHandler: (error: Error) =>
      log.warn('database connection lost', { code: (error as { code?: string }).code }),
    extra: {
      connectionTimeoutMillis: CONNECT_MS,
      idleTimeoutMillis: idleMs,
      query_timeout: 15_000,
      statement_timeout: 15_000,
      lock_timeout: 5_000,
      idle_in_transaction_session_timeout: 15_000,
    },
  });
  await source.initialize();
  const pool = (source.driver as unknown as { master: pg.Pool }).master;
  return { source, pool };
}

/**
 * Runs what is pending in one transaction under a lock, so that several processes may start at once. On a connection of its own, which is
 * given all the time it needs: an index over a long history takes minutes, and whoever starts meanwhile waits for it.
 */
export async function migrate({ source }: Database): Promise<void> {
  const patient = new DataSource({
    ...(source.options as Extract<DataSourceOptions, { type: 'postgres' }>),
    ...{ entities: [], migrations: [], poolSize: 1 },
    extra: { connectionTimeoutMillis: CONNECT_MS, keepAlive: true },
  });
  await patient.initialize();
  const runner = patient.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await runner.query(
      `create table if not exists trama_migration (name text primary key, applied_at timestamptz not null default now())`,
    );
    const applied = new Set(
      ((await runner.query('select name from trama_migration')) as { name: string }[]).map((row) => row.name),
    );
    for (const Migration of migrations) {
      const migration = new Migration();
      if (applied.has(migration.name)) continue;
      await migration.up(runner);
      await runner.query('insert into trama_migration (name) values ($1)', [migration.name]);
    }
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
    await patient.destroy();
  }
}

/** Whether every migration this build knows has been applied. */
export async function isMigrated({ pool }: Database): Promise<boolean> {
  const { rows } = await pool.query<{ name: string }>('select name from trama_migration');
  const applied = new Set(rows.map((row) => row.name));
  return migrations.every((Migration) => applied.has(new Migration().name));
}
