import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
create table workflow (
  company_id text not null,
  id uuid not null,
  name text not null,
  enabled boolean not null,
  draft jsonb not null,
  revision integer not null,
  published_version integer,
  trigger_type text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  primary key (company_id, id)
);
create index workflow_by_change on workflow (company_id, updated_at desc, id desc) where deleted_at is null;
create index workflow_by_trigger on workflow (company_id, trigger_type) where deleted_at is null and enabled;

create table workflow_version (
  company_id text not null,
  workflow_id uuid not null,
  version integer not null,
  definition jsonb not null,
  created_by text not null,
  created_at timestamptz not null,
  primary key (company_id, workflow_id, version),
  foreign key (company_id, workflow_id) references workflow (company_id, id)
);

create table workflow_run (
  company_id text not null,
  id uuid not null,
  workflow_id uuid not null,
  workflow_name text not null,
  version integer,
  status text not null,
  trigger text not null,
  trigger_key text not null,
  trigger_hash text not null,
  title text,
  business_keys text[] not null,
  epoch integer not null default 0,
  lease_until timestamptz,
  wake_at timestamptz,
  retry_of uuid,
  cause_depth integer not null default 0,
  error jsonb,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (company_id, id),
  foreign key (company_id, workflow_id) references workflow (company_id, id),
  unique (company_id, workflow_id, trigger_key)
) with (fillfactor = 80);
create index workflow_run_queued on workflow_run (company_id, created_at) where status = 'queued';
create index workflow_run_waiting on workflow_run (wake_at) where status = 'waiting';
create index workflow_run_running on workflow_run (company_id) where status = 'running';
create index workflow_run_history on workflow_run (company_id, created_at desc, id desc);
create index workflow_run_of_workflow on workflow_run (company_id, workflow_id, created_at desc, id desc);
create index workflow_run_by_key on workflow_run using gin (business_keys);

create table workflow_run_data (
  company_id text not null,
  run_id uuid not null,
  payload jsonb not null,
  definition jsonb,
  primary key (company_id, run_id),
  foreign key (company_id, run_id) references workflow_run (company_id, id) on delete cascade
);

create table workflow_run_step (
  company_id text not null,
  run_id uuid not null,
  step_key text not null,
  node_id text not null,
  type text not null,
  seq integer not null,
  status text not null,
  attempt integer not null,
  input jsonb,
  output jsonb,
  error jsonb,
  branch text,
  skipped_because jsonb,
  attempts jsonb,
  wake_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (company_id, run_id, step_key),
  foreign key (company_id, run_id) references workflow_run (company_id, id) on delete cascade
);

create table workflow_connection (
  company_id text not null,
  provider text not null,
  id uuid not null,
  state text not null,
  account_id text not null,
  account_label text not null,
  scopes text[] not null,
  credential jsonb not null,
  connected_by text not null,
  connected_at timestamptz not null,
  last_used_at timestamptz,
  last_error_code text,
  primary key (company_id, provider)
);
create index workflow_connection_by_account on workflow_connection (provider, account_id);

create table workflow_oauth_flow (
  state_hash text primary key,
  company_id text not null,
  user_id text not null,
  provider text not null,
  browser_hash text not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table workflow_audit (
  company_id text not null,
  id uuid not null,
  at timestamptz not null,
  user_id text,
  action text not null,
  target_type text not null,
  target_id text not null,
  primary key (company_id, id)
);
create index workflow_audit_history on workflow_audit (company_id, at desc, id desc);
`;

export class FirstLight1764000000000 implements MigrationInterface {
  name = 'FirstLight1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table workflow_audit, workflow_oauth_flow, workflow_connection,
        workflow_run_step, workflow_run_data, workflow_run, workflow_version, workflow`);
  }
}
