import { randomUUID } from 'node:crypto';
import { createContext, type ServerContext } from '../../src/server/context';
import { type Database, openDatabase } from '../../src/server/db/data-source';
import type { RunKey } from '../../src/server/db/engine';
import { receiveEmail } from '../../src/server/inbound/receive';
import { onConnected } from '../../src/server/integrations/on-connected';
import { createVault } from '../../src/server/integrations/vault';
import { queueOnly } from '../../src/server/runner/port';
import { emitEvent } from '../../src/server/runs/emit';
import { completedDocument, definition, node } from '../support/definitions';
import {
  ENCRYPTION_KEYS,
  follow,
  publishWorkflow,
  startTestServer,
  type TestServer,
} from '../support/server';

const providers = {
  resend: {
    apiKey: 're_x',
    webhookSecret: `whsec_${Buffer.alloc(32, 3).toString('base64')}`,
    inboundDomain: 'in.studio.example',
  },
};
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const starts = definition(
  [node('trigger', 'doc-manager.document-completed'), node('stop_1', 'flow.stop')],
  ['trigger -> stop_1'],
);
const posts = definition(
  [node('post_1', 'slack.send-message', { config: { channel: '#fatture', text: 'Pagata' } })],
  ['trigger -> post_1'],
);
const waits = definition(
  [
    node('wait_1', 'flow.wait', {
      config: {
        for: 'event',
        event: 'document.completed',
        timeoutAmount: 2,
        timeoutUnit: 'hours',
        where: [{ path: 'document.id', equals: 'doc_1' }],
      },
    }),
    node('stop_1', 'flow.stop'),
  ],
  ['trigger -> wait_1', 'wait_1:resumed -> stop_1'],
);

describe('runs that become due together', () => {
  let test: TestServer;
  let database: Database;
  beforeAll(async () => {
    test = await startTestServer({ providers });
    database = await openDatabase(test.database.url, 2, silent);
  });
  afterAll(async () => {
    await database.source.destroy();
    await test.close();
  });

  /** A server whose platform answers nothing before it has been told of `count` runs. */
  const serverOf = (count: number) => {
    const told: RunKey[] = [];
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const enqueue = (run: RunKey) => {
      if (told.push(run) === count) answer();
      return answered;
    };
    const options = { authenticate: () => null, baseUrl: test.baseUrl, providers };
    const shared = createContext(options, database, createVault(ENCRYPTION_KEYS), silent);
    const context: ServerContext = { ...shared, runner: { ...queueOnly, enqueue } };
    return { context, told };
  };

  it('are handed over without one waiting for the answer about another: those an event starts and wakes', async () => {
    const client = test.clientOf();
    for (let count = 0; count < 3; count += 1) await publishWorkflow(client, starts);
    const waiting: string[] = [];
    for (let count = 0; count < 2; count += 1) {
      const { id } = await publishWorkflow(client, waits);
      const { run } = await client.startRun({ params: { id }, body: {} });
      await follow(client, run.id, (status) => status === 'waiting');
      waiting.push(run.id);
    }
    const { context, told } = serverOf(5);
    const data = completedDocument(1, 'doc_1');
    const event = { id: 'evt_1', type: 'document.completed', companyId: 'rossi', data };
    const runs = await emitEvent(context, event);
    expect(runs).toHaveLength(3);
    expect(new Set(told.map(({ id }) => id))).toEqual(new Set([...runs.map(({ id }) => id), ...waiting]));
  });

  it('are handed over so when an email starts them', async () => {
    const client = test.clientOf();
    const recipients: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const { id } = await publishWorkflow(client, definition([node('trigger', 'resend.inbound-email')], []));
      recipients.push(String((await client.getInboundAddress({ params: { id } })).address));
    }
    const { context, told } = serverOf(3);
    const announced = {
      ...{ from: 'laura@rossi.example', fromName: '', to: recipients, cc: [], subject: 'Fattura' },
      ...{ date: '2026-11-24T09:12:00.000Z', messageId: '', emailId: 'em_1' },
    };
    await receiveEmail(context, { emailId: 'em_1', sender: announced.from, recipients, announced }, 'msg_1');
    expect(told).toHaveLength(3);
  });

  it('are handed over so when a connection wakes them', async () => {
    const client = test.clientOf();
    const { id } = await publishWorkflow(client, posts);
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const { run } = await client.startRun({ params: { id }, body: {} });
      await follow(client, run.id, (status) => status === 'waiting');
      ids.push(run.id);
    }
    // A run that has just parked looks for its connection itself; this is about whoever connects.
    await test.server.close();
    await database.pool.query(
      `insert into workflow_connection (company_id, provider, id, state, account_id, account_label, scopes, credential, connected_by, connected_at)
       values ('rossi', 'slack', $1, 'active', 'T1', 'Rossi', '{}', '{}', 'anna', now())`,
      [randomUUID()],
    );
    const { context, told } = serverOf(3);
    await onConnected(context, 'rossi', 'slack');
    expect(new Set(told.map((run) => run.id))).toEqual(new Set(ids));
  });
});
