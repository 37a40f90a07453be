/**
 * A server in a process of its own, for tests that kill it. Its host is the test's ledger, reached over HTTP. Prints
 * `ready <origin>` on standard output.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createWorkflowServer, type DocManagerHost } from '../../src/server';
import { createFakeHost } from '../../src/testing';
import { notesOptions } from './notes';
import { ENCRYPTION_KEYS, readTestPrincipal } from './server';

const {
  DATABASE_URL: databaseUrl,
  LEDGER_URL: ledgerUrl,
  DATA_DIR: dataDir,
  NOTES_URL: notesUrl,
  PROVIDERS: providers,
  AHEAD_MS: aheadMs = '0',
  LEASE_MS: leaseMs = '1000',
} = process.env;

async function tell(path: string, idempotencyKey: string, input: object) {
  const response = await fetch(`${ledgerUrl}${path}`, {
    method: 'POST',
    body: JSON.stringify({ idempotencyKey, ...input }),
  });
  return response.json();
}

const host: DocManagerHost = {
  ...createFakeHost(),
  updateStatus: async (call, input) => tell('/update-status', call.idempotencyKey, input),
};

const app = express();
const http = createServer(app);
http.listen(0, '127.0.0.1', async () => {
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const server = await createWorkflowServer({
    ...(databaseUrl ? { databaseUrl, encryptionKeys: ENCRYPTION_KEYS } : { dataDir }),
    authenticate: (request) =>
      readTestPrincipal(request.get('authorization')) ?? {
        companyId: 'rossi',
        userId: 'anna',
        role: 'admin',
      },
    clock: { now: () => Date.now() + Number(aheadMs) },
    baseUrl: `${origin}/api/workflows`,
    host,
    ...(notesUrl ? notesOptions(notesUrl) : {}),
    ...(providers ? { providers: JSON.parse(providers) } : {}),
    leaseMs: Number(leaseMs),
    pollMs: 100,
  });
  app.use('/api/workflows', server.router);
  process.on('SIGTERM', async () => {
    http.closeAllConnections();
    http.close();
    await server.close();
    process.exit(0);
  });
  process.stdout.write(`ready ${origin}\n`);
});
