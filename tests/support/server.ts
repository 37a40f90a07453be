import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import {
  createWorkflowClient,
  type Role,
  type RunDetail,
  type WorkflowClient,
  type WorkflowDefinition,
} from '../../src/core';
import { isFinished } from '../../src/core/run/status';
import {
  createWorkflowServer,
  type Principal,
  type WorkflowServer,
  type WorkflowServerOptions,
} from '../../src/server';
import { createFakeHost, createFakeSlack, type FakeHost, type FakeSlack } from '../../src/testing';
import { createTestDatabase, type TestDatabase } from './database';

export interface TestServer {
  server: WorkflowServer;
  origin: string;
  /** Where the router is mounted. */
  baseUrl: string;
  slack: FakeSlack;
  host: FakeHost;
  database: TestDatabase;
  /** A client that is signed in so. */
  clientOf: (principal?: Partial<Principal>) => WorkflowClient;
  /** Headers that sign a plain `fetch` in. */
  headersOf: (principal?: Partial<Principal>) => Record<string, string>;
  close: () => Promise<void>;
}

export const EVENT_SECRET = `whsec_${Buffer.from('an event secret of the tests').toString('base64')}`;
export const ENCRYPTION_KEYS = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** A real server on an ephemeral port, on a database of its own, with fakes only where the network begins. */
export async function startTestServer(
  options: Partial<WorkflowServerOptions> = {},
  existing?: TestDatabase,
): Promise<TestServer> {
  const database = existing ?? (await createTestDatabase());
  const slackApp = { clientId: '1234.5678', clientSecret: 'the client secret of the tests' };
  const slack = createFakeSlack(slackApp);
  const host = createFakeHost();
  const slackOrigin = await slack.listen();
  const app = express();
  const http = await listen(createServer(app));
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const baseUrl = `${origin}/api/workflows`;
  const server = await createWorkflowServer({
    databaseUrl: database.url,
    encryptionKeys: ENCRYPTION_KEYS,
    authenticate: (request) => readTestPrincipal(request.get('authorization')),
    baseUrl,
    host,
    eventSecret: EVENT_SECRET,
    logger: silent,
    pollMs: 50,
    providers: { slack: { ...slackApp, baseUrl: slackOrigin } },
    ...options,
  });
  app.use('/api/workflows', server.router);
  return {
    server,
    origin,
    baseUrl,
    slack,
    host,
    database,
    clientOf: (principal) => createWorkflowClient({ baseUrl, getToken: () => tokenOf(principal) }),
    headersOf: (principal) => ({
      authorization: `Bearer ${tokenOf(principal)}`,
      'content-type': 'application/json',
    }),
    close: async () => {
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
      await server.close();
      await slack.close();
      if (!existing) await database.drop();
    },
  };
}

/** What a client sends to be signed in so. */
export const tokenOf = ({
  companyId = 'rossi',
  userId = 'anna',
  role = 'admin' as Role,
}: Partial<Principal> = {}): string => `${companyId}/${userId}/${role}`;

export function readTestPrincipal(header: string | undefined): Principal | null {
  const [companyId, userId, role] = (header ?? '').replace('Bearer ', '').split('/');
  return companyId && userId && role ? { companyId, userId, role: role as Role } : null;
}

function listen(server: Server): Promise<Server> {
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

/** Creates a workflow with a definition and publishes it. */
export async function publishWorkflow(
  client: WorkflowClient,
  definition: WorkflowDefinition,
  name = 'Contratto firmato',
): Promise<{ id: string; revision: number }> {
  const { id, draft } = await client.createWorkflow({ body: { name, definition } });
  await client.publishWorkflow({ params: { id }, body: { revision: draft.revision } });
  return { id, revision: draft.revision };
}

/** Follows a run until it ends or `until` holds. */
export async function follow(
  client: WorkflowClient,
  runId: string,
  until?: (status: string, detail: RunDetail) => boolean,
) {
  const stop = new AbortController();
  let last: RunDetail | undefined;
  await client
    .watchRun(
      runId,
      (detail) => {
        last = detail;
        if (isFinished(detail.run.status) || until?.(detail.run.status, detail)) stop.abort();
      },
      stop.signal,
    )
    .catch((error) => {
      if (!stop.signal.aborted) throw error;
    });
  if (!last) throw new Error(`Run ${runId} was never seen.`);
  return last;
}

/** Connects the fake Slack as a person would: consent page, redirect, callback with the browser's cookie. */
export function connectSlack(test: TestServer, principal?: Partial<Principal>): Promise<void> {
  return connectAs(test, 'slack', (url) => test.slack.consent(url, 'allow'), principal);
}

/** The same for any provider; `consent` gives the address a person who agrees is sent back to. */
export async function connectAs(
  test: Pick<TestServer, 'baseUrl' | 'headersOf'>,
  provider: string,
  consent: (authorizeUrl: string) => string,
  principal?: Partial<Principal>,
): Promise<void> {
  const started = await fetch(`${test.baseUrl}/integrations/${provider}/connect`, {
    method: 'POST',
    headers: test.headersOf(principal),
  });
  const { authorizeUrl } = (await started.json()) as { authorizeUrl: string };
  const cookie = (started.headers.get('set-cookie') ?? '').split(';')[0] as string;
  const finished = await fetch(consent(authorizeUrl), { headers: { cookie } });
  if (finished.status !== 200) throw new Error(`${provider} was not connected: ${await finished.text()}`);
}
