import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a retry goes on with where the run before left an effect open. */
export class CarriedSteps1764800000000 implements MigrationInterface {
  name = 'CarriedSteps1764800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table workflow_run_data add column carried jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table workflow_run_data drop column carried');
  }
}
