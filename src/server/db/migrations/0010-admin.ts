import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What administrators ask for: the runs that retried one, what failed lately, what is in doubt, what people did with a run. No step adds to any. */
export class Admin1765000000000 implements MigrationInterface {
  name = 'Admin1765000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
create index workflow_run_retries on workflow_run (company_id, retry_of) where retry_of is not null;
create index workflow_run_failed on workflow_run (company_id, finished_at) where status = 'failed';
create index workflow_run_in_doubt on workflow_run (company_id) where status = 'needs_attention';
create index workflow_audit_of_run on workflow_audit (company_id, target_id) where target_type = 'run' and action <> 'run.start';`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop index workflow_run_retries, workflow_run_failed, workflow_run_in_doubt, workflow_audit_of_run',
    );
  }
}
