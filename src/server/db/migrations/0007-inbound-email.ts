import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Addresses of workflows, and the emails that arrived at them. */
const up = `
create table workflow_inbound_address (
  company_id text not null,
  workflow_id uuid not null,
  token text not null,
  created_at timestamptz not null,
  primary key (company_id, workflow_id),
  foreign key (company_id, workflow_id) references workflow (company_id, id) on delete cascade
);
create unique index workflow_inbound_address_token on workflow_inbound_address (token);

create table workflow_inbound_email (
  company_id text not null,
  workflow_id uuid not null,
  email_id text not null,
  delivery_id text not null,
  at timestamptz not null,
  sender text not null,
  outcome text not null,
  run_id uuid,
  primary key (company_id, workflow_id, email_id),
  foreign key (company_id, workflow_id) references workflow (company_id, id) on delete cascade
);
create index workflow_inbound_email_delivery on workflow_inbound_email (company_id, workflow_id, delivery_id);
create index workflow_inbound_email_latest on workflow_inbound_email (company_id, workflow_id, at);
create index workflow_inbound_email_age on workflow_inbound_email (at);
`;

export class InboundEmail1764600000000 implements MigrationInterface {
  name = 'InboundEmail1764600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table workflow_inbound_email; drop table workflow_inbound_address');
  }
}
