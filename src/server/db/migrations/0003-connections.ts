import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens that end, accounts to choose from, and runs that wait for a connection. */
const up = `
alter table workflow_connection
  add column access_expires_at timestamptz,
  add column accounts jsonb;

create index workflow_wait_for_connection on workflow_wait (company_id) where state = 'open' and kind = 'connection';
`;

export class Connections1764200000000 implements MigrationInterface {
  name = 'Connections1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index workflow_wait_for_connection;
      alter table workflow_connection drop column access_expires_at, drop column accounts`);
  }
}
