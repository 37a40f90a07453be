import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Client } from 'pg';
import { createHostHandler } from '../../src/blocks/doc-manager/host-handler.server';
import { verifyBody } from '../../src/blocks/signature.server';
import { createFakeHost } from '../../src/testing';
import { startInbound } from '../server/inbound-harness';
import { completedDocument } from '../support/definitions';
import { startTestServer } from '../support/server';
import { type Delivery, newSecret } from './signatures-material';

/** A place that believes what is signed. Whoever adds one adds it to `routes`. */
export interface SignedRoute {
  name: string;
  /** Of the headers: `webhook` for `webhook-id`. */
  prefix: string;
  /** In use at once, as while one is being replaced. */
  secrets: readonly string[];
  /** What a request says: told apart by the number, and good enough to be acted on. */
  bodyOf: (number: number) => Buffer;
  /** Whether the signature was believed, whatever came of the rest. */
  deliver: (delivery: Delivery) => Promise<boolean>;
  /** How many requests it has acted on; one id counts once where `isKeyed`. */
  isKeyed: boolean;
  acted: () => Promise<number>;
  close: () => Promise<void>;
}

const pair = (): [string, string] => [newSecret(), newSecret()];
/** Texts that lenient readers change: replaced bytes, slashes, accents, what reads as a number and a dot. */
const awkward = 'è \ufffd / 12.5 "€"';

/** The check itself, given headers as Node's HTTP server gives them. */
export async function openCheck(): Promise<SignedRoute> {
  const secrets = pair();
  let believed = 0;
  return {
    ...{ name: 'the check', prefix: 'webhook', secrets, isKeyed: false },
    bodyOf: (number) => Buffer.from(JSON.stringify({ number, awkward })),
    deliver: async ({ headers, body }) => {
      const isBelieved = verifyBody(secrets, body, asNodeReads(headers)) !== null;
      if (isBelieved) believed += 1;
      return isBelieved;
    },
    acted: async () => believed,
    close: async () => {},
  };
}

function asNodeReads(lines: Delivery['headers']): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of lines) {
    const key = name.toLowerCase();
    const text = value.replace(/^[ \t]+|[ \t]+$/g, '');
    headers[key] = headers[key] === undefined ? text : `${headers[key]}, ${text}`;
  }
  return headers;
}

/** `POST /events`. */
async function openEvents(): Promise<SignedRoute> {
  const secrets = pair();
  const server = await startTestServer({ eventSecret: secrets.join() });
  const { port } = new URL(server.origin);
  return {
    ...{ name: 'POST /events', prefix: 'webhook', secrets, isKeyed: true },
    bodyOf: (number) => {
      const data = { ...completedDocument(number, `doc_${number}`), awkward };
      return Buffer.from(JSON.stringify({ type: 'document.completed', companyId: 'rossi', data }));
    },
    deliver: (delivery) => post(Number(port), '/api/workflows/events', delivery),
    acted: async () => {
      const client = new Client(server.database.url);
      await client.connect();
      try {
        const { rows } = await client.query('select count(*)::int as count from workflow_event');
        return rows[0].count;
      } finally {
        await client.end();
      }
    },
    close: server.close,
  };
}

/** The host's side of `httpHost`. */
async function openHostHandler(): Promise<SignedRoute> {
  const secrets = pair();
  const fake = createFakeHost();
  let calls = 0;
  const host = {
    ...fake,
    list: {
      ...fake.list,
      folders: async () => {
        calls += 1;
        return [];
      },
    },
  };
  const http = createServer(createHostHandler(host, { secret: secrets.join() }));
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const { port } = http.address() as AddressInfo;
  return {
    ...{ name: 'createHostHandler', prefix: 'webhook', secrets, isKeyed: false },
    bodyOf: (number) => {
      const actor = { type: 'workflow', workflowId: 'w', runId: `run_${number}`, stepId: 's' };
      const call = { companyId: 'rossi', actor };
      return Buffer.from(JSON.stringify({ method: 'list.folders', call, input: { q: awkward } }));
    },
    deliver: (delivery) => post(port, '/', delivery),
    acted: async () => calls,
    close: async () => {
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
}

/** `POST /hooks/resend`: emails that came in. What is started finds no such email at the provider, which is none of the signature's business. */
async function openInbound(): Promise<SignedRoute> {
  const secrets = pair();
  const caps = { emailsPerHour: 1_000_000 };
  const server = await startInbound({ caps }, { webhookSecret: secrets.join() });
  const { id: workflowId, address } = await server.workflow();
  return {
    ...{ name: 'POST /hooks/resend', prefix: 'svix', secrets, isKeyed: true },
    bodyOf: (number) => {
      const about = {
        email_id: `email_${number}`,
        from: 'laura@rossi.example',
        created_at: '2026-11-25T09:00:00Z',
        to: [address],
        subject: awkward,
      };
      return Buffer.from(JSON.stringify({ type: 'email.received', data: about }));
    },
    deliver: (delivery) => post(Number(new URL(server.origin).port), '/api/workflows/hooks/resend', delivery),
    acted: async () => {
      const sql = 'select count(*)::int as count from workflow_run where workflow_id = $1';
      const [row] = await server.query(sql, [workflowId]);
      return row?.count as number;
    },
    close: server.close,
  };
}

export const routes: readonly (() => Promise<SignedRoute>)[] = [openEvents, openHostHandler, openInbound];

/** Writes the request by hand: what a client would refuse to send arrives as it is. */
async function post(port: number, path: string, { headers, body }: Delivery): Promise<boolean> {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${lines}\r\n`;
  const answer = await exchange(port, Buffer.concat([Buffer.from(head, 'latin1'), body]));
  const [top = '', text = ''] = answer.split('\r\n\r\n');
  const status = Number(top.split(' ')[1]);
  // Node's own refusal of what is no HTTP has no body.
  const code = /"code":"(\w+)"/.exec(text)?.[1];
  if (status >= 500 || Number.isNaN(status)) throw new Error(`${path} answered: ${answer.slice(0, 400)}`);
  return status < 300 || (code !== undefined && code !== 'signature_invalid');
}

function exchange(port: number, request: Buffer): Promise<string> {
  return new Promise((done, failed) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error) =>
      chunks.length > 0 ? done(Buffer.concat(chunks).toString()) : failed(error),
    );
    socket.on('close', () => done(Buffer.concat(chunks).toString()));
  });
}
