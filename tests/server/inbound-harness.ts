import { Client } from 'pg';
import type { WorkflowDefinition } from '../../src/core';
import type { Json } from '../../src/core/json';
import type { ProviderOptions, WorkflowServerOptions } from '../../src/server';
import {
  createFakeResend,
  createFakeSlack,
  type FakeInboundEmail,
  type FakeResend,
  type NewInboundEmail,
  type NoticeOptions,
} from '../../src/testing';
import { API_KEY, FROM } from '../blocks/resend/harness';
import type { TestDatabase } from '../support/database';
import { definition, node } from '../support/definitions';
import { publishWorkflow, startTestServer, type TestServer } from '../support/server';

const secretOf = (text: string) => `whsec_${Buffer.from(text.padEnd(32, '.')).toString('base64')}`;
export const SECRET = secretOf('the secret of the notices');
export const OLD_SECRET = secretOf('the secret before');
export const DOMAIN = 'in.studio.example';

export interface InboundTest extends TestServer {
  resend: FakeResend;
  hook: string;
  /** A published workflow that an email starts, and its address. */
  workflow: (options?: WorkflowOptions) => Promise<{ id: string; address: string }>;
  /** An email comes in, and Resend tells of it. */
  send: (email: Partial<NewInboundEmail>, notice?: Partial<NoticeOptions>) => Promise<Sent>;
  notify: (email: FakeInboundEmail, notice?: Partial<NoticeOptions>) => Promise<Response>;
  runsOf: (workflowId: string, companyId?: string) => Promise<{ id: string; title: string | null }[]>;
  query: (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  logged: { level: string; message: string; facts?: Record<string, unknown> | undefined }[];
}

export interface Sent {
  email: FakeInboundEmail;
  status: number;
}

export interface WorkflowOptions {
  config?: Record<string, Json>;
  companyId?: string;
  steps?: WorkflowDefinition;
}

/** One step that shows in its output what the trigger gave. */
export const echo = (config: Record<string, Json> = {}): WorkflowDefinition =>
  definition(
    [
      node('trigger', 'resend.inbound-email', {
        config,
        retry: { maxAttempts: 3, backoff: 'fixed', delayMs: 100, maxDelayMs: 1000 },
      }),
      node('stop_1', 'flow.stop', {
        config: { status: 'succeeded', message: '{{trigger.payload.subject}}: {{trigger.payload.text}}' },
      }),
    ],
    ['trigger -> stop_1'],
  );

/** A server whose Resend and Slack are fakes, ready to be written to. */
export async function startInbound(
  options: Partial<WorkflowServerOptions> = {},
  provider: ProviderOptions = {},
  existing?: TestDatabase,
): Promise<InboundTest> {
  const resend = createFakeResend({ apiKey: API_KEY });
  const slackApp = { clientId: '1234.5678', clientSecret: 'the client secret of the tests' };
  const slack = createFakeSlack(slackApp);
  const logged: InboundTest['logged'] = [];
  const log =
    (level: string) =>
    (message: string, facts?: Record<string, unknown>): void =>
      void logged.push({ level, message, facts });
  const own = {
    apiKey: API_KEY,
    from: FROM,
    webhookSecret: `${SECRET},${OLD_SECRET}`,
    inboundDomain: DOMAIN,
  };
  const started = await startTestServer(
    {
      providers: {
        resend: { ...own, baseUrl: await resend.listen(), ...provider },
        slack: { ...slackApp, baseUrl: await slack.listen() },
      },
      logger: { info: log('info'), warn: log('warn'), error: log('error') },
      ...options,
    },
    existing,
  );
  const test = { ...started, resend, slack };
  const hook = `${test.baseUrl}/hooks/resend`;
  const notify: InboundTest['notify'] = (email, notice) =>
    test.resend.notify(email, { url: hook, secret: SECRET, ...notice });
  return {
    ...test,
    hook,
    logged,
    notify,
    workflow: async ({ config = {}, companyId = 'rossi', steps = echo(config) } = {}) => {
      const client = test.clientOf({ companyId });
      const { id } = await publishWorkflow(client, steps, 'Email in arrivo');
      const { address } = await client.getInboundAddress({ params: { id } });
      if (address === null) throw new Error('The workflow has no address.');
      return { id, address };
    },
    send: async (given, notice) => {
      const email = test.resend.receive({ from: 'Laura <laura@rossi.example>', to: [], ...given });
      return { email, status: (await notify(email, notice)).status };
    },
    runsOf: async (workflowId, companyId = 'rossi') =>
      (await test.clientOf({ companyId }).listRuns({ query: { workflowId } })).items,
    query: async (text, values) => {
      const sql = new Client({ connectionString: test.database.url });
      await sql.connect();
      return (await sql.query(text, values).finally(() => sql.end())).rows;
    },
    close: async () => {
      await started.close();
      await Promise.all([resend.close(), slack.close()]);
    },
  };
}
