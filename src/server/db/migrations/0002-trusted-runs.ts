import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What waits, cancel, settle and retry need, and a narrower hot path: the effect about to begin is noted in the run's own row (`intent`),
 * so that a step is written once, when its result is known. A step is written by a statement that has just updated its run; the foreign key
 * would look the same row up a second time. And no index may look fit for "this company's run with this id, if it is running" but the
 * primary key: the planner preferred the partial one, and the lists' ones on a table it has no statistics of yet, and read whole companies.
 */
const up = `
alter table workflow_run
  add column intent jsonb,
  add column deaths integer not null default 0,
  add column cancel_requested_at timestamptz;

drop index workflow_run_running, workflow_run_history, workflow_run_of_workflow, workflow_run_by_key, workflow_audit_history;
create index workflow_run_running on workflow_run (company_id) where status = 'running' and started_at is not null;
create index workflow_run_of_workflow on workflow_run (company_id, workflow_id, created_at desc);
create index workflow_run_by_key on workflow_run using gin (business_keys) where business_keys <> '{}';
create index workflow_run_to_look_at on workflow_run (company_id, created_at desc) where status in ('failed', 'canceled', 'needs_attention');

alter table workflow_run_step drop constraint workflow_run_step_company_id_run_id_fkey;
alter table workflow_run_step
  add column wait jsonb,
  add column reused_from uuid;

alter table workflow_run_data add column effect_origins jsonb;

create table workflow_wait (
  company_id text not null,
  id uuid not null,
  run_id uuid not null,
  step_key text not null,
  kind text not null,
  event_type text,
  wait jsonb not null,
  state text not null,
  created_at timestamptz not null,
  until timestamptz not null,
  looked_at timestamptz not null,
  wake_up jsonb,
  ended_at timestamptz,
  primary key (company_id, id),
  unique (company_id, run_id, step_key),
  foreign key (company_id, run_id) references workflow_run (company_id, id) on delete cascade
);
create index workflow_wait_for_event on workflow_wait (company_id, event_type) where state = 'open' and kind = 'event';
create index workflow_wait_unlooked on workflow_wait (looked_at) where state = 'open' and kind = 'event';
create index workflow_wait_decisions on workflow_wait (company_id, created_at desc, id desc) where kind = 'decision';

create table workflow_event (
  company_id text not null,
  id text not null,
  type text not null,
  at timestamptz not null,
  hash text not null,
  data jsonb not null,
  primary key (company_id, id)
);
create index workflow_event_by_type on workflow_event (company_id, type, at);
create index workflow_event_by_age on workflow_event using brin (at);
`;

export class TrustedRuns1764100000000 implements MigrationInterface {
  name = 'TrustedRuns1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index workflow_run_running, workflow_run_of_workflow, workflow_run_by_key, workflow_run_to_look_at;
      create index workflow_run_running on workflow_run (company_id) where status = 'running';
      create index workflow_run_history on workflow_run (company_id, created_at desc, id desc);
      create index workflow_run_of_workflow on workflow_run (company_id, workflow_id, created_at desc, id desc);
      create index workflow_run_by_key on workflow_run using gin (business_keys);
      create index workflow_audit_history on workflow_audit (company_id, at desc, id desc);
      alter table workflow_run_step add foreign key (company_id, run_id) references workflow_run (company_id, id) on delete cascade;
      drop table workflow_event, workflow_wait;
      alter table workflow_run_data drop column effect_origins;
      alter table workflow_run_step drop column wait, drop column reused_from;
      alter table workflow_run drop column intent, drop column deaths, drop column cancel_requested_at`);
  }
}
