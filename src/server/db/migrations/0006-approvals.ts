import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Approvals of several people, links to decide by, and who started a run. */
const up = `
alter table workflow_wait
  add column decisions jsonb not null default '[]',
  add column notify_at timestamptz;
create index workflow_wait_to_notify on workflow_wait (notify_at) where state = 'open' and notify_at is not null;

alter table workflow_run_data add column started_by text;

create table workflow_approval_link (
  token_hash text primary key,
  company_id text not null,
  wait_id uuid not null,
  user_id text not null,
  created_at timestamptz not null,
  foreign key (company_id, wait_id) references workflow_wait (company_id, id) on delete cascade
);
create index workflow_approval_link_of_wait on workflow_approval_link (company_id, wait_id);
`;

export class Approvals1764500000000 implements MigrationInterface {
  name = 'Approvals1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table workflow_approval_link;
      alter table workflow_run_data drop column started_by;
      alter table workflow_wait drop column decisions, drop column notify_at`);
  }
}
