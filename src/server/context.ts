import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { blocks as builtInBlocks, providers as builtInProviders } from '../blocks';
import type { DocManagerHost } from '../blocks/doc-manager/host';
import {
  executors as builtInExecutors,
  providerImplementations as builtInImplementations,
} from '../blocks/server';
import { type BlockLookup, indexBlocks } from '../core/block/define';
import type { AnyExecutor, AnyProvider } from '../core/block/implement';
import type { ProviderDefinition } from '../core/block/provider';
import { type Caps, defaultCaps } from '../core/definition/schema';
import { defaultFormatting, type Formatting } from '../core/template/filters';
import { type CrashPoints, createCrashPoints } from './crashpoint';
import type { Database } from './db/data-source';
import { createGroupCommit, type GroupCommit } from './db/group-commit';
import { createIds } from './ids';
import { createOptionCache, type OptionCache } from './integrations/option-cache';
import { createPacer, type Pacer } from './integrations/pacer';
import { createRedactor, type Redactor, withoutSecrets } from './integrations/redactor';
import { createRefreshes, type Refreshes } from './integrations/refreshes';
import type { Vault } from './integrations/vault';
import type { Logger } from './log';
import { type ProviderOptions, secretsOf, type WorkflowServerOptions } from './options';
import type { Runner } from './runner/port';
import { createVersionCache, type VersionCache } from './workflows/version-cache';

/** What the parts of one server share. Made once per `createWorkflowServer`; nothing lives in module state. */
export interface ServerContext extends SharedContext {
  runner: Runner;
}

/** What a runner itself works with. */
export interface SharedContext {
  database: Database;
  commits: GroupCommit;
  versions: VersionCache;
  blocks: BlockLookup;
  executors: Readonly<Record<string, AnyExecutor>>;
  providers: ReadonlyMap<string, ProviderDefinition>;
  implementations: ReadonlyMap<string, AnyProvider>;
  providerOptions: Readonly<Record<string, ProviderOptions | undefined>>;
  host: DocManagerHost | undefined;
  vault: Vault;
  pacer: Pacer;
  optionCache: OptionCache;
  refreshes: Refreshes;
  secrets: Redactor;
  baseUrl: string;
  eventSecret: string | undefined;
  caps: Caps;
  formatting: Formatting;
  leaseMs: number;
  cronSecret: string | undefined;
  notifyApproval: WorkflowServerOptions['notifyApproval'];
  crash: CrashPoints;
  log: Logger;
  clock: { now: () => number };
  newId: () => string;
  /**
   * Emits a run's id whenever this process committed something about it: a hint for those who watch, never the truth. And `close`, when
   * the server does.
   */
  changes: EventEmitter;
}

export function createContext(
  options: WorkflowServerOptions,
  database: Database,
  vault: Vault,
  log: Logger,
): SharedContext {
  const clock = options.clock ?? Date;
  const secrets = createRedactor(secretsOf(options));
  const implementations = options.providerImplementations ?? builtInImplementations;
  const providers = options.providerDefinitions ?? builtInProviders;
  return {
    database,
    commits: createGroupCommit(database.pool),
    versions: createVersionCache(database),
    blocks: indexBlocks(options.blocks ?? builtInBlocks),
    executors: options.executors ?? builtInExecutors,
    providers: new Map(providers.map((provider) => [provider.id, provider])),
    implementations: new Map(implementations.map((entry) => [entry.provider.id, entry])),
    providerOptions: options.providers ?? {},
    host: options.host,
    vault,
    pacer: createPacer(),
    optionCache: createOptionCache(() => clock.now()),
    secrets,
    refreshes: createRefreshes(database.pool.options.max ?? 10),
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    eventSecret: options.eventSecret,
    caps: { ...defaultCaps, ...options.caps },
    formatting: { ...defaultFormatting, ...options.formatting },
    leaseMs: options.leaseMs ?? 15_000,
    cronSecret: options.cronSecret,
    notifyApproval: options.notifyApproval,
    crash: createCrashPoints(),
    log: withoutSecrets(log, secrets),
    clock,
    newId: createIds(clock),
    changes: new EventEmitter().setMaxListeners(0),
  };
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text from a URL can be an id at all; PostgreSQL refuses others with an error. */
export const isUuid = (text: string): boolean => uuidPattern.test(text);
