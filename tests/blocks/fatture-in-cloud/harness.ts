import type { WorkflowClient } from '../../../src/core';
import type { RetryPolicy } from '../../../src/core/definition/schema';
import type { Json } from '../../../src/core/json';
import type { WorkflowServerOptions } from '../../../src/server';
import {
  createFakeFattureInCloud,
  type FakeFattureInCloud,
  type FakeFattureInCloudOptions,
} from '../../../src/testing';
import { definition, node } from '../../support/definitions';
import { follow, publishWorkflow, startTestServer, type TestServer } from '../../support/server';

export interface FicTest extends TestServer {
  fic: FakeFattureInCloud;
  ficOrigin: string;
}

export const ficApp = { clientId: 'fic-client', clientSecret: 'the FIC secret of the tests' };

/** A server whose Fatture in Cloud is the fake. */
export async function startFic(
  options: FakeFattureInCloudOptions = {},
  serverOptions: Partial<WorkflowServerOptions> = {},
): Promise<FicTest> {
  const fic = createFakeFattureInCloud({ ...ficApp, ...options });
  const origin = await fic.listen();
  const test = await startTestServer({
    providers: { 'fatture-in-cloud': { ...ficApp, baseUrl: origin } },
    ...serverOptions,
  });
  const started: FicTest = {
    ...test,
    fic,
    ficOrigin: origin,
    close: async () => {
      await test.close();
      await fic.close();
    },
  };
  return started;
}

/** Consent page, redirect, callback with the browser's cookie. */
export async function connectFic(
  fic: FakeFattureInCloud,
  baseUrl: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const started = await fetch(`${baseUrl}/integrations/fatture-in-cloud/connect`, {
    method: 'POST',
    headers,
  });
  const { authorizeUrl } = (await started.json()) as { authorizeUrl: string };
  const cookie = (started.headers.get('set-cookie') ?? '').split(';')[0] as string;
  const finished = await fetch(fic.consent(authorizeUrl, 'allow'), { headers: { cookie } });
  if (finished.status !== 200) throw new Error(`Fatture in Cloud was not connected: ${finished.status}`);
}

/** The signed-in client of a company of the host that has connected Fatture in Cloud. Each has a pace of its own. */
export async function connectCompany(test: FicTest, companyId: string): Promise<WorkflowClient> {
  await connectFic(test.fic, test.baseUrl, test.headersOf({ companyId }));
  return test.clientOf({ companyId });
}

/** Runs one block as the only step of a workflow, and follows the run to its end (or until `until` holds). */
export async function runStep(
  client: WorkflowClient,
  type: string,
  config: Record<string, Json>,
  {
    payload,
    until,
    retry,
  }: { payload?: Json; until?: (status: string) => boolean; retry?: Partial<RetryPolicy> } = {},
) {
  const step = node('step_1', `fatture-in-cloud.${type}`, {
    config,
    retry: { maxAttempts: 3, backoff: 'fixed', delayMs: 100, maxDelayMs: 1000, ...retry },
  });
  const { id } = await publishWorkflow(client, definition([step], ['trigger -> step_1']));
  const { run } = await client.startRun({ params: { id }, body: { payload } });
  const detail = await follow(client, run.id, until);
  return { run: detail.run, step: detail.steps.find(({ key }) => key === 'step_1') };
}

export const inline = (name = 'Neri S.r.l.') => ({ kind: 'inline', name, vatNumber: 'IT00112233445' });

/** One line of a hundred euro, 22 % VAT. */
export const simpleInvoice = (overrides: Record<string, Json> = {}): Record<string, Json> => ({
  client: inline(),
  items: [{ name: 'Consulenza', netPrice: 100 }],
  ...overrides,
});

export const callsOf = (test: FicTest, operation: string) =>
  test.fic.calls.filter((call) => call.operation === operation);

/** Every row of every table, as text. */
export async function everythingStored({ database }: FicTest): Promise<string> {
  const { Client } = await import('pg');
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows: tables } = await client.query(
      `select table_schema || '."' || table_name || '"' as name from information_schema.tables
       where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`,
    );
    const dumps: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query(`select row_to_json(t)::text as row from ${name} t`);
      dumps.push(...rows.map(({ row }: { row: string }) => row));
    }
    return dumps.join('\n');
  } finally {
    await client.end();
  }
}
