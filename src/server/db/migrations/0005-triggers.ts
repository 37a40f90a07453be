import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workflows that the clock starts. */
const up = `
create table workflow_schedule (
  company_id text not null,
  workflow_id uuid not null,
  cron text not null,
  time_zone text not null,
  next_at timestamptz not null,
  primary key (company_id, workflow_id),
  foreign key (company_id, workflow_id) references workflow (company_id, id) on delete cascade
);
create index workflow_schedule_due on workflow_schedule (next_at);
`;

export class Triggers1764400000000 implements MigrationInterface {
  name = 'Triggers1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table workflow_schedule');
  }
}
