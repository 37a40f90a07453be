import { executeRun } from '../../core/run/execute-run';
import { type JournalWrite, LeaseLostError, type LegEnd, type RunStore } from '../../core/run/ports';
import { type SharedContext, sha256 } from '../context';
import { type ClaimedRun, renewLease } from '../db/claim';
import { isDatabaseAway } from '../db/database-error';
import { loadRunData, PostgresRunStore, type RunData } from '../db/run-store';
import { type ConnectionUse, connectProvider, openFile } from '../integrations/clients';
import { markForReconnect } from '../integrations/connections';
import { describeError } from '../log';
import { notifyApprovals } from './notify-approvals';

/**
 * Carries out one leg of a claimed run: loads it, walks it, stores how it ended. Never throws: a lost lease ends it in silence (another
 * runner has the run), a database that is away leaves the run to be taken over when its lease runs out.
 *
 * @param data what the run runs, where that is known already
 * @returns how the leg ended, `null` when it was broken off
 */
export async function runJob(
  context: SharedContext,
  run: ClaimedRun,
  shouldStop: () => boolean,
  data?: RunData,
): Promise<LegEnd | null> {
  const lost = new AbortController();
  const renewal = keepLease(context, run, lost);
  const facts = { companyId: run.companyId, runId: run.id };
  const announce = () => context.changes.emit(run.id);
  const store = new PostgresRunStore(context, run, announce);
  const use: ConnectionUse = { hasSecrets: false, connections: new Map() };
  const guarded = new GuardedStore(store, (write) => prepareWrite(context, run, use, write));
  try {
    const known = data ?? (await guarded.watch(loadRunData(context, run)));
    const end = await walk(context, run, known, guarded, use, lost.signal, shouldStop);
    context.log.info('leg ended', { ...facts, status: end.status });
    // Nothing of the run hangs on it any more: should it fail, the sweeper tells the host later.
    if (end.status === 'waiting')
      await notifyApprovals(context, run).catch((error) =>
        context.log.warn('notices wait', describeError(error)),
      );
    return end;
  } catch (error) {
    if (error instanceof LeaseLostError)
      context.log.warn('lease lost; the run is carried on elsewhere', facts);
    else if (guarded.hasFailed && isDatabaseAway(error))
      context.log.warn('the database is away; the run is taken up again later', {
        ...facts,
        ...describeError(error),
      });
    else await failRun(context, run, store, error);
  } finally {
    clearInterval(renewal);
  }
  return null;
}

async function walk(
  context: SharedContext,
  run: ClaimedRun,
  { payload, definition, effectOrigins, carried }: RunData,
  store: GuardedStore,
  use: ConnectionUse,
  signal: AbortSignal,
  shouldStop: () => boolean,
): Promise<LegEnd> {
  return executeRun({
    run: {
      id: run.id,
      companyId: run.companyId,
      payload,
      workflow: { id: run.workflowId, name: run.workflowName },
      createdAt: run.createdAt.toISOString(),
      deaths: run.deaths,
    },
    definition,
    blocks: context.blocks,
    executors: context.executors,
    store,
    connect: (executor, step) => connectProvider(context, executor.provider, step, use),
    openFile: (file, step) => openFile(context, file, step, use),
    effectKey: (stepKey) => sha256(`${run.companyId}:${effectOrigins?.[stepKey] ?? run.id}:${stepKey}`),
    carried,
    clock: context.clock,
    formatting: context.formatting,
    caps: context.caps,
    shouldStop,
    signal,
    crashpoint: (point) => context.crash.reach(point),
  });
}

/** What is stored of a leg in which blocks had secrets in their hands is free of them, whatever a provider echoed. */
async function prepareWrite(
  context: SharedContext,
  run: ClaimedRun,
  use: ConnectionUse,
  write: JournalWrite,
): Promise<JournalWrite> {
  if (!use.hasSecrets) return write;
  await noteRefusedConnections(context, run, use, write);
  return context.secrets.json(write);
}

/**
 * A connection the provider no longer accepts is shown as such, whatever the workflow makes of the failure; and before the run parks for it,
 * so that only a new one wakes it.
 */
async function noteRefusedConnections(
  context: SharedContext,
  run: ClaimedRun,
  { connections }: ConnectionUse,
  { steps }: JournalWrite,
): Promise<void> {
  for (const { type, error, status, wait } of steps) {
    const isParked = status === 'waiting' && wait?.kind === 'connection';
    if (!error || !(isParked || error.kind === 'reconnect')) continue;
    const provider = error.provider ?? context.blocks.get(type)?.provider ?? '';
    const id = connections.get(provider);
    if (id) await markForReconnect(context, run.companyId, { provider, id }, error.code);
  }
}

/** Renews at a third of the lease; aborts the leg when the run was taken over. */
function keepLease(
  context: SharedContext,
  run: ClaimedRun,
  lost: AbortController,
): ReturnType<typeof setInterval> {
  return setInterval(() => {
    renewLease(context.database.pool, run, context.leaseMs).then(
      (isHeld) => isHeld || lost.abort(new LeaseLostError()),
      (error) => context.log.warn('a lease could not be renewed', { runId: run.id, ...describeError(error) }),
    );
  }, context.leaseMs / 3);
}

/** An error nobody foresaw must not leave the run to be taken up for ever. */
async function failRun(
  context: SharedContext,
  run: ClaimedRun,
  store: RunStore,
  error: unknown,
): Promise<void> {
  context.log.error('a run stopped with an unexpected error', { runId: run.id, ...describeError(error) });
  const message =
    'The run stopped with an unexpected error inside the engine. The server log names it under this run’s id.';
  const failure = {
    kind: 'terminal',
    code: 'engine_failed',
    message,
    actor: 'developer',
    nodeId: null,
    stepKey: null,
  } as const;
  await store
    .commit({ steps: [], end: { status: 'failed', error: failure } })
    .catch((cause) =>
      context.log.warn('the failure could not be stored', { runId: run.id, ...describeError(cause) }),
    );
}

/** Tells errors of the database from errors of the walk. */
class GuardedStore implements RunStore {
  hasFailed = false;
  constructor(
    private readonly store: RunStore,
    private readonly prepare: (write: JournalWrite) => Promise<JournalWrite>,
  ) {}

  load(now: number) {
    return this.watch(this.store.load(now));
  }

  commit(write: JournalWrite) {
    return this.watch(this.prepare(write).then((prepared) => this.store.commit(prepared)));
  }

  watch<T>(work: Promise<T>): Promise<T> {
    return work.catch((error) => {
      this.hasFailed = true;
      throw error;
    });
  }
}
