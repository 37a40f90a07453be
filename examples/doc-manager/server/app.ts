import { join } from 'node:path';
import express, { type Express } from 'express';
import { createWorkflowServer } from 'trama/server';
import type { SandboxName } from '../shared/types';
import type { Config } from './config';
import { createDocuments } from './documents';
import { createFiles } from './files';
import { createHost } from './host';
import { answerError, HttpError, refuseOtherSites } from './http-error';
import { createApprovalNotices } from './notices';
import { createOutbox } from './outbox';
import { pages } from './pages';
import { createSessions, senderOf } from './people';
import { documentRoutes } from './routes/documents';
import { sandboxRoutes } from './routes/sandboxes';
import { sessionRoutes } from './routes/session';
import { signingRoutes } from './routes/signing';
import { createSandboxes, sandboxApp, sandboxInbound, sandboxKey } from './sandboxes';
import { readOrCreateKey } from './secrets';
import { seed } from './seed';
import { Store } from './store';

export interface DocManager {
  app: Express;
  /** What waits for the app to be reachable: examples on a first start, events a crash left behind. */
  ready: () => Promise<void>;
  close: () => Promise<void>;
}

/** The whole application: our documents on one side, Trama's workflows on the other, joined by `authenticate`, `host` and `emit`. */
export async function createDocManager(config: Config): Promise<DocManager> {
  const { dataDir, publicUrl } = config;
  const store = new Store(join(dataDir, 'host.json'));
  const files = createFiles(join(dataDir, 'files'));
  const sessions = createSessions(join(dataDir, 'session.key'));
  const sandboxes = createSandboxes(config, sessions);
  const sandboxUrl = (name: SandboxName) => `${publicUrl}/sandbox/${name}`;
  const resend = config.resend ?? {
    ...{ apiKey: sandboxKey, from: senderOf, baseUrl: sandboxUrl('resend') },
    ...sandboxInbound,
  };

  const workflows = await createWorkflowServer({
    baseUrl: `${publicUrl}/api/workflows`,
    dataDir: join(dataDir, 'trama'),
    databaseUrl: config.databaseUrl,
    encryptionKeys: config.encryptionKeys ?? (config.databaseUrl ? ownEncryptionKey(dataDir) : undefined),
    authenticate: (req) => {
      const user = sessions.userOf(req);
      return user && { companyId: user.companyId, userId: user.id, role: user.role };
    },
    host: createHost(store, files, publicUrl),
    providers: {
      slack: config.slack ?? { ...sandboxApp, baseUrl: sandboxUrl('slack') },
      'fatture-in-cloud': config.fattureInCloud ?? { ...sandboxApp, baseUrl: sandboxUrl('fatture-in-cloud') },
      resend,
    },
    // Our people's addresses are made up: a real Resend would only refuse them.
    notifyApproval: sandboxes.resend && createApprovalNotices(resend),
  });
  const outbox = createOutbox(store, (event) => workflows.emit(event));
  const documents = createDocuments(store, files, publicUrl, () => void outbox.send());

  const app = express().disable('x-powered-by');
  app.use('/api/workflows', workflows.router);
  for (const [name, { handler }] of Object.entries(sandboxes)) app.use(`/sandbox/${name}`, handler);
  app.use('/api', refuseOtherSites, sessionRoutes(sessions, Object.keys(sandboxes) as SandboxName[]));
  app.use('/api', documentRoutes(documents, files, sessions), signingRoutes(documents, files));
  app.use('/api', sandboxRoutes(sandboxes, sessions, `${publicUrl}/api/workflows/hooks/resend`));
  app.use('/api', () => {
    throw new HttpError(404, 'not_found');
  });
  app.use(answerError);
  app.use(pages(config.pagesDir));

  return {
    app,
    ready: async () => {
      await seed({
        store,
        documents,
        sessions,
        workflowsUrl: `http://localhost:${config.port}/api/workflows`,
      });
      await documents.resume();
      await outbox.send();
    },
    close: async () => {
      outbox.close();
      await workflows.close();
    },
  };
}

/** With a database of one's own, Trama wants to be told its key; this demo keeps one beside its data. */
const ownEncryptionKey = (dataDir: string): string =>
  `k1:${readOrCreateKey(join(dataDir, 'encryption.key')).toString('base64')}`;
