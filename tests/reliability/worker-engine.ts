import { providers } from '../../src/blocks';
import type { Json } from '../../src/core';
import { createContext, type ServerContext, type SharedContext } from '../../src/server/context';
import type { CrashPoints } from '../../src/server/crashpoint';
import { claimNextRun } from '../../src/server/db/claim';
import type { Database } from '../../src/server/db/data-source';
import { saveConnection } from '../../src/server/integrations/connections';
import { createVault } from '../../src/server/integrations/vault';
import type { Logger } from '../../src/server/log';
import { queueOnly } from '../../src/server/runner/port';
import { settleStep } from '../../src/server/runs/act-on-run';
import { decideApproval } from '../../src/server/runs/approvals';
import { emitEvent } from '../../src/server/runs/emit';
import { runJob } from '../../src/server/runs/run-job';
import { sweep } from '../../src/server/runs/sweep';
import { blocks, createExecutors, type World } from './world-blocks';
import { outsideServer, tokenSet } from './world-provider';

export const silent = { info: () => {}, warn: () => {}, error: () => {} };
const ENCRYPTION_KEYS = `k1:${Buffer.alloc(32, 7).toString('base64')}`;

/** Legs in a row after which a run is taken to wake itself for ever. */
const MAX_LEGS = 100;

export const PERSON = { userId: 'anna', role: 'admin' } as const;

/** What can be asked of an engine, in this process or in a worker. */
export interface Commands {
  /** Tells of an event, as the host does; the ids of the runs it started. */
  emit: (event: { companyId: string; type: string; id: string; data: Json }) => Promise<string[]>;
  /** Approves what waits for a decision. */
  decide: (approval: { companyId: string; id: string }) => Promise<void>;
  /** Connects the provider of the world outside, as when a person comes back from its consent page. */
  connect: (connection: { companyId: string; token: string }) => Promise<void>;
  settle: (settled: {
    companyId: string;
    runId: string;
    stepKey: string;
    happened: boolean;
    output?: Json;
  }) => Promise<void>;
  sweep: (nothing: null) => Promise<number>;
  /** Carries out what is due, leg after leg, until nothing is. What the engine had to warn of. */
  work: (nothing: null) => Promise<string[]>;
}

export interface EngineOptions {
  database: Database;
  world: World;
  clock: { now: () => number };
  startsAtOnce: boolean;
  crash?: CrashPoints;
}

/** The engine's context, with the test's blocks and the world behind them. */
export function createContextOn(
  { database, world, clock }: Pick<EngineOptions, 'database' | 'world' | 'clock'>,
  warn: Logger['warn'] = () => {},
): SharedContext {
  return createContext(
    {
      ...{ authenticate: () => null, baseUrl: 'http://localhost', leaseMs: 600_000 },
      ...{ blocks, executors: createExecutors(world), clock },
      ...{
        providerDefinitions: [...providers, outsideServer.provider],
        providerImplementations: [outsideServer],
      },
      providers: { outside: { clientId: 'c', clientSecret: 'the client secret of the tests' } },
    },
    database,
    createVault(ENCRYPTION_KEYS),
    { info: () => {}, warn, error: warn },
  );
}

/**
 * The engine as `createWorkflowServer` puts it together, without HTTP and without timers: a leg begins when it is asked for, so that the
 * same workflow passes the same instants each time.
 */
export function createEngine({ crash, startsAtOnce, ...options }: EngineOptions): Commands {
  const warnings: string[] = [];
  const shared = createContextOn(
    options,
    (message, facts = {}) => void warnings.push(`${message} ${JSON.stringify(facts)}`),
  );
  const legs: Promise<unknown>[] = [];
  const context: ServerContext = {
    ...shared,
    ...(crash ? { crash } : {}),
    runner: {
      ...queueOnly,
      reserve: () =>
        startsAtOnce
          ? {
              use: (run, data) => void legs.push(runJob(context, run, () => false, data)),
              giveBack: () => {},
            }
          : null,
    },
  };
  return {
    emit: async (event) => (await emitEvent(context, event)).map(({ id }) => id),
    decide: async ({ companyId, id }) => {
      await decideApproval(context, { companyId, ...PERSON }, id, { decision: 'approved' });
    },
    connect: ({ companyId, token }) =>
      saveConnection(context, { companyId, userId: PERSON.userId, provider: 'outside' }, tokenSet(token), [
        { accountId: 'account', label: 'Rossi' },
      ]),
    settle: async ({ companyId, runId, ...request }) => {
      await settleStep(context, { companyId, ...PERSON }, runId, request);
    },
    sweep: () => sweep(context, async () => {}),
    work: async () => {
      await Promise.all(legs.splice(0));
      for (let left = MAX_LEGS; ; left -= 1) {
        const run = await claimNextRun(context);
        if (!run) break;
        if (left === 0) throw new Error(`The run was taken up ${MAX_LEGS} times and does not come to rest.`);
        await runJob(context, run, () => false);
      }
      return warnings.splice(0);
    },
  };
}
