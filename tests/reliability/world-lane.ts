import { readFile } from 'node:fs/promises';
import { Client } from 'pg';
import type { StepRecord } from '../../src/core';
import type { RunStatus } from '../../src/core/run/status';
import { type Database, migrate, openDatabase } from '../../src/server/db/data-source';
import { createTestDatabase } from '../support/database';
import { silent } from './worker-engine';
import { WorkerPool, type WorkerScript } from './worker-pool';
import type { Graph } from './world-blocks';

export interface RunRow {
  id: string;
  status: RunStatus;
  epoch: number;
  deaths: number;
  wakeAt: number | null;
  /** Key of the step whose effect is under way. */
  intent: string | null;
  leaseUntil: Date | null;
  isCancelRequested: boolean;
}

export type StepFacts = Pick<StepRecord, 'key' | 'status' | 'branch'> & { row: Record<string, unknown> };

export interface OpenWait {
  id: string;
  kind: 'event' | 'decision' | 'connection';
  stepKey: string;
}

/** Times in a row a frozen worker's connections must be found quiet. */
const QUIET_LOOKS = 10;

/** A database of its own with workers on it: one run at a time goes through a lane, so that whoever claims claims this one. */
export class Lane {
  private constructor(
    readonly database: Database,
    readonly workers: WorkerPool,
    private readonly admin: Client,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(script: WorkerScript, ahead: number): Promise<Lane> {
    const { url, drop } = await createTestDatabase();
    const database = await openDatabase(url, 6, silent);
    await migrate(database);
    const admin = new Client({ connectionString: url });
    await admin.connect();
    return new Lane(database, new WorkerPool(script, url, ahead), admin, drop);
  }

  async close(): Promise<void> {
    await this.workers.close();
    await this.admin.end();
    await this.database.source.destroy();
    await this.drop();
  }

  /** A company of its own with the graph as its only, published workflow. */
  async publish(companyId: string, { name, definition }: Graph, workflowId: string): Promise<void> {
    await this.admin.query(
      `insert into workflow (company_id, id, name, enabled, draft, revision, published_version, trigger_type, created_at, updated_at)
       values ($1, $2, $3, true, $4, 1, 1, 'test.started', now(), now())`,
      [companyId, workflowId, name, JSON.stringify(definition)],
    );
    await this.admin.query(
      `insert into workflow_version (company_id, workflow_id, version, definition, created_by, created_at)
       values ($1, $2, 1, $3, 'anna', now())`,
      [companyId, workflowId, JSON.stringify(definition)],
    );
  }

  /** All runs of a company; there should be one. */
  async runs(companyId: string): Promise<RunRow[]> {
    const { rows } = await this.admin.query(
      `select id, status, epoch, deaths, wake_at, intent ->> 'key' as intent, lease_until, cancel_requested_at
       from workflow_run where company_id = $1`,
      [companyId],
    );
    return rows.map((row) => ({
      ...{ id: row.id, status: row.status, epoch: row.epoch, deaths: row.deaths, intent: row.intent },
      wakeAt: row.wake_at?.getTime() ?? null,
      leaseUntil: row.lease_until,
      isCancelRequested: row.cancel_requested_at !== null,
    }));
  }

  async steps(companyId: string): Promise<StepFacts[]> {
    const { rows } = await this.admin.query(
      'select * from workflow_run_step where company_id = $1 order by seq, step_key',
      [companyId],
    );
    return rows.map((row) => ({ key: row.step_key, status: row.status, branch: row.branch, row }));
  }

  async openWait(companyId: string): Promise<OpenWait | undefined> {
    const { rows } = await this.admin.query(
      `select id, kind, step_key from workflow_wait where company_id = $1 and state = 'open'`,
      [companyId],
    );
    return rows[0] && { id: rows[0].id, kind: rows[0].kind, stepKey: rows[0].step_key };
  }

  /** The company's connection. Another one has another id. */
  async connection(companyId: string): Promise<{ id: string; state: string } | undefined> {
    const { rows } = await this.admin.query(
      'select id, state from workflow_connection where company_id = $1',
      [companyId],
    );
    return rows[0];
  }

  async hasEvent(companyId: string, id: string): Promise<boolean> {
    const { rowCount } = await this.admin.query(
      'select from workflow_event where company_id = $1 and id = $2',
      [companyId, id],
    );
    return rowCount === 1;
  }

  /** Everything the database holds of a company, to see whether any of it changes. */
  async snapshot(companyId: string): Promise<string> {
    const tables = ['run', 'run_data', 'run_step', 'wait', 'event', 'audit'];
    const parts = tables.map(
      (table) =>
        `select '${table}' as of_table, coalesce(jsonb_agg(t order by t::text), '[]') as rows from workflow_${table} t where company_id = $1`,
    );
    const { rows } = await this.admin.query(parts.join(' union all '), [companyId]);
    return JSON.stringify(rows);
  }

  /** Until PostgreSQL has done what a worker that is gone had asked of it. */
  async outlive(worker: string): Promise<void> {
    for (;;) {
      const { rowCount } = await this.admin.query(
        'select from pg_stat_activity where datname = current_database() and application_name = $1',
        [worker],
      );
      if (rowCount === 0) return;
    }
  }

  /** The same for a worker that is frozen. A transaction it left open is ended, as its time-out would. */
  async settleDown(worker: string): Promise<void> {
    for (let quiet = 0; quiet < QUIET_LOOKS; quiet += 1) {
      const unread = await portsWithUnread();
      // What has been read may not be under way yet, so one look at a quiet connection is not enough.
      const { rows } = await this.admin.query(
        `select count(*) filter (where state = 'active' or wait_event is distinct from 'ClientRead' or client_port = any($2))::int as active,
           count(case when state like 'idle in transaction%' then pg_terminate_backend(pid) end)::int as ended
         from pg_stat_activity where datname = current_database() and application_name = $1`,
        [worker, unread],
      );
      if (rows[0].active > 0 || rows[0].ended > 0) quiet = -1;
    }
  }

  /** As if the time of every lease were over. */
  async expireLeases(): Promise<void> {
    await this.admin.query(
      `update workflow_run set lease_until = now() - interval '1 second' where status = 'running'`,
    );
  }
}

/** Ports of clients who have sent what the other side has not read: on a busy machine PostgreSQL may take its time. Linux alone tells. */
async function portsWithUnread(): Promise<number[]> {
  const table = await readFile('/proc/net/tcp', 'utf8').catch(() => '');
  const sockets = table.trim().split('\n').slice(1);
  return sockets.flatMap((socket) => {
    const [, , client = '', , queues = ''] = socket.trim().split(/\s+/);
    const hasUnread = Number.parseInt(queues.split(':')[1] ?? '0', 16) > 0;
    return hasUnread ? [Number.parseInt(client.split(':')[1] ?? '0', 16)] : [];
  });
}
