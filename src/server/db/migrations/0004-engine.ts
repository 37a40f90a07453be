import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who carries a run out where it is not this server: the platform's run, to be asked about, woken and shown. */
export class Engine1764300000000 implements MigrationInterface {
  name = 'Engine1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table workflow_run add column engine jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table workflow_run drop column engine');
  }
}
