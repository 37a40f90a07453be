import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events that have served a run before in those it retries. */
export class UsedEvents1764900000000 implements MigrationInterface {
  name = 'UsedEvents1764900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table workflow_run_data add column used_events text[]');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table workflow_run_data drop column used_events');
  }
}
