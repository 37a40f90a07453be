import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Express } from 'express';
import { createWorkflowServer, optionsFromEnv } from 'trama/server';
import { readSession } from '../session.js';

/** Signed calls are checked on the bytes as they came: nobody may read the body before Trama does. */
export const config = { api: { bodyParser: false } };

/** One per instance of the function, made by its first request. */
let started: Promise<Express> | undefined;

export default async function handler(request: IncomingMessage, response: ServerResponse): Promise<void> {
  started ??= start().catch((error) => {
    // The next request tries again: the database may have been away for a moment.
    started = undefined;
    throw error;
  });
  (await started)(request, response);
}

async function start(): Promise<Express> {
  const server = await createWorkflowServer({
    ...optionsFromEnv(),
    authenticate: readSession,
    baseUrl:
      process.env.TRAMA_BASE_URL ?? `https://${process.env.VERCEL_PROJECT_PRODUCTION_URL}/api/workflows`,
    databaseUrl: process.env.DATABASE_URL,
    // Vercel's cron jobs send it along as their bearer token.
    cronSecret: process.env.CRON_SECRET,
    // Instances come and go by the dozen; the pooler in front of the database has the connections.
    poolSize: 3,
    // Migrations belong to the deploy, not to whichever request comes first.
    autoMigrate: false,
    runner: 'trigger',
  });
  const app = express();
  app.disable('x-powered-by');
  app.use('/api/workflows', server.router);
  return app;
}
