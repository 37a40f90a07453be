import { resolve } from 'node:path';
import type { Router } from 'express';
import { createContext, type ServerContext, type SharedContext } from './context';
import { type Database, migrate, openDatabase } from './db/data-source';
import { startEmbeddedPostgres } from './db/embedded-postgres';
import { createRouter } from './http/router';
import { createVault, readOrCreateKeys } from './integrations/vault';
import { describeError, harmless, jsonLogger, type Logger } from './log';
import { checkOptions, type WorkflowServerOptions } from './options';
import { createLocalRunner } from './runner/local';
import type { Runner } from './runner/port';
import { openTriggerRunner } from './runner/trigger';
import { emitEvent, type HostEvent, type StartedRun } from './runs/emit';

export interface WorkflowServer {
  /** Mount it where `baseUrl` says: `app.use('/api/workflows', server.router)`. */
  router: Router;
  /** Tells of something that happened in the host; resolves once the runs it starts are stored. */
  emit: (event: HostEvent) => Promise<StartedRun[]>;
  /** Finishes the steps in flight, gives up the leases, closes the database. Runs go on at the next start. */
  close: () => Promise<void>;
}

/** Starts the backend: database, migrations, runner, router. */
export async function createWorkflowServer(options: WorkflowServerOptions): Promise<WorkflowServer> {
  checkOptions(options);
  const log = harmless(options.logger ?? jsonLogger);
  const dataDir = resolve(options.dataDir ?? '.trama');
  const embedded = options.databaseUrl ? null : await startEmbeddedPostgres(dataDir);
  if (embedded) log.info('embedded PostgreSQL is up', { folder: embedded.folder });
  const closers: (() => Promise<void>)[] = embedded ? [embedded.stop] : [];
  let closing: Promise<void> | undefined;
  const closeAll = () => {
    closing ??= closeInTurn(closers.reverse(), log);
    return closing;
  };
  try {
    const database = await openDatabase(
      options.databaseUrl ?? embedded?.url ?? '',
      options.poolSize ?? 10,
      log,
      // Where runs are handed over nothing stays awake: a process that is frozen cannot close what it left open.
      options.runner === 'trigger' ? 5_000 : 30_000,
    );
    closers.push(() => database.source.destroy());
    options.onPool?.(database.pool);
    const context = await prepare(options, database, dataDir, log);
    closers.push(() => context.runner.close());
    closers.push(async () => void context.changes.emit('close'));
    return {
      router: createRouter(context, options.authenticate),
      emit: (event) => emitEvent(context, event),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Each is closed whatever became of the one before: a database left running would outlive the process. */
async function closeInTurn(closers: readonly (() => Promise<void>)[], log: Logger): Promise<void> {
  for (const close of closers) {
    await close().catch((error) =>
      log.error('a part of the server could not be closed', describeError(error)),
    );
  }
}

async function prepare(
  options: WorkflowServerOptions,
  database: Database,
  dataDir: string,
  log: Logger,
): Promise<ServerContext> {
  if (options.autoMigrate ?? true) await migrate(database);
  const encryptionKeys = options.encryptionKeys ?? (await embeddedKeys(dataDir, log));
  const shared = createContext({ ...options, encryptionKeys }, database, createVault(encryptionKeys), log);
  return { ...shared, runner: await openRunner(options, shared) };
}

async function openRunner(options: WorkflowServerOptions, context: SharedContext): Promise<Runner> {
  if (options.runner === 'trigger') return openTriggerRunner(context, options.trigger ?? {});
  return createLocalRunner(context, {
    concurrency: options.concurrency ?? 8,
    pollMs: options.pollMs ?? 1000,
    sweepMs: 30_000,
  });
}

async function embeddedKeys(dataDir: string, log: Logger): Promise<string> {
  const { keys, isNew, file } = await readOrCreateKeys(dataDir);
  if (isNew)
    log.warn('made an encryption key for the embedded database; in production hand in encryptionKeys', {
      file,
    });
  return keys;
}
