import type * as z from 'zod';
import type { StepFailure } from '../errors';
import type { Json } from '../json';
import type { WakeUp } from '../run/wait';
import type { BlockDefinition, InputSchema, LocalText, TriggerDefinition } from './define';
import type { FileContent, FileInput } from './file';
import type { Outcome } from './outcome';
import type { ProviderDefinition } from './provider';

/** Facts of the run and the step, the same for every attempt but `attempt`. */
export interface StepContext {
  companyId: string;
  runId: string;
  workflowId: string;
  stepKey: string;
  nodeId: string;
  attempt: number;
  /** When the first attempt began, milliseconds since 1970: providers remember an idempotency key for a time only. */
  firstAttemptAt: number;
  /** Stable over attempts and recoveries of this step: hand it to the provider as its idempotency key. */
  effectKey: string;
  /** IANA name of the company's time zone, for calendar days and local times. */
  timeZone: string;
  /** The engine's clock, milliseconds since 1970. */
  now: () => number;
  /** Aborted when the step must stop (time-out, lost lease). */
  signal: AbortSignal;
}

/** An account a connection gives access to: a Slack workspace, a company in Fatture in Cloud. */
export interface AccountIdentity {
  accountId: string;
  label: string;
}

export interface RemoteOption {
  value: string;
  label: string;
  /** The label by language, where it is not the provider's own name for something. @default `label` */
  labels?: LocalText | undefined;
}

export interface OptionsPage {
  items: RemoteOption[];
  nextCursor: string | null;
}

/** Loads the choices of a `remote-select` field. Answers are kept for some minutes per connection. */
export interface OptionLoader<Client = unknown> {
  /** One page; `q` is what the person typed, `''` at first. */
  list: (client: Client, query: { q: string; cursor: string | null }) => Promise<OptionsPage>;
  /** The choice with this value, `null` when there is none: names a stored value, and tells a wrong one before a run does. */
  find?: (client: Client, value: string) => Promise<RemoteOption | null>;
}

/** What a provider's client is made from. */
export interface ClientContext {
  /** Origin of the provider, or of what stands for it; no slash at its end. */
  baseUrl: string;
  /** The access token of the company's connection. Ask for it per call: it is refreshed when it is about to expire. */
  accessToken: () => Promise<string>;
  /** The deployment's key, for providers with `auth: api-key`; else `null`. */
  apiKey: string | null;
  /** The sender the host chose for the company's emails. */
  from?: string | undefined;
  /** The connected account; `null` where there is none (yet). */
  accountId: string | null;
  /**
   * The only way out. Reaches the provider's hosts and no others, follows no redirect, ends after a time-out, reads no more than its cap, and
   * repeats a call once with a fresh token when the provider answers 401. Hand it to the SDK.
   * @throws BlockError when it refuses a call; what `fetch` throws otherwise
   */
  fetch: typeof fetch;
  /**
   * Resolves when `key` may be used again, `intervalMs` after its last turn; turns of one company queue up.
   * @throws BlockError `retry` when the queue is longer than a step may wait; it is then put off, which is no attempt. Nothing that lasts may
   * have been done before
   */
  pace: (key: string, intervalMs: number) => Promise<void>;
  /**
   * Whether the email with this id has started a run of the step's workflow: asked before it is opened with a key that all companies share.
   * @default none has
   */
  hasReceived?: (emailId: string) => Promise<boolean>;
  companyId: string;
  /** `null` outside a run: options, tests of a connection. */
  step: StepContext | null;
  /** The host's port, for providers with `auth: host`. */
  host: unknown;
}

export interface ProviderImplementation<Client = unknown> {
  provider: ProviderDefinition;
  /** Import a large SDK in here rather than at the top of the file: then only processes that use the provider load it. */
  client: (context: ClientContext) => Client | Promise<Client>;
  /** Turns anything the SDK throws into what the engine does next. Never copies raw errors: they hold tokens. */
  mapError: (error: unknown) => StepFailure;
  /** The accounts a fresh connection gives access to. One is taken; of several a person chooses. Asked after connecting. */
  identify?: (client: Client) => Promise<AccountIdentity[]>;
  /** Throws when the connection does not work. */
  test?: (client: Client) => Promise<void>;
  /** Called on disconnect when no other connection shares the account. */
  revoke?: (client: Client) => Promise<void>;
  /** Loaders of remote options, by the name a field gives in `options`. */
  options?: Record<string, OptionLoader<Client>>;
  /** Opens a file that one of the provider's blocks or triggers referred to (`FileRef.id`). */
  openFile?: (client: Client, id: string) => Promise<FileContent>;
}

// biome-ignore lint/suspicious/noExplicitAny: a list holds providers of every client
export type AnyProvider = ProviderImplementation<any>;

export function implementProvider<Client>(
  provider: ProviderDefinition,
  implementation: Omit<ProviderImplementation<Client>, 'provider'>,
): ProviderImplementation<Client> {
  return { provider, ...implementation };
}

export interface RunArgument<Input, Client> {
  input: Input;
  client: Client;
  step: StepContext;
  /** Opens a file an earlier step or the trigger referred to, through the company's own connection. @throws BlockError */
  openFile: (file: FileInput) => Promise<FileContent>;
}

export interface ResumeArgument<Input, Client> extends RunArgument<Input, Client> {
  wakeUp: WakeUp;
  /** The `output` the wait was begun with; `null` without one. */
  soFar: Json;
}

/** Whether the effect of an interrupted step happened, as told by the provider. */
export type Recovery = { happened: true; outcome: Outcome } | { happened: false } | { happened: 'unknown' };

export interface Executor<Input = unknown, Client = unknown> {
  type: string;
  provider: ProviderImplementation<Client> | null;
  /** Milliseconds after which the step is stopped. @default 30000 */
  timeoutMs: number;
  run: (argument: RunArgument<Input, Client>) => Outcome | Promise<Outcome>;
  recover?: (argument: RunArgument<Input, Client>) => Promise<Recovery>;
  /**
   * What comes of a wait that ended. It must be repeatable: it is called again after a crash, and after a failure that may pass.
   * @default the way things go on after a success, with what woke it as output
   */
  resume?: (argument: ResumeArgument<Input, Client>) => Outcome | Promise<Outcome>;
}

// biome-ignore lint/suspicious/noExplicitAny: a record of executors of every input and client
export type AnyExecutor = Executor<any, any>;

/** Gives a block its behaviour. `run` receives the configuration resolved, parsed and typed by the block's `input`. */
export function implementBlock<I extends InputSchema, O extends z.ZodType, Client = null>(
  definition: BlockDefinition<I, O>,
  implementation: {
    provider?: ProviderImplementation<Client>;
    timeoutMs?: number;
    run: (argument: RunArgument<z.output<I>, Client>) => Outcome | Promise<Outcome>;
    recover?: (argument: RunArgument<z.output<I>, Client>) => Promise<Recovery>;
    resume?: (argument: ResumeArgument<z.output<I>, Client>) => Outcome | Promise<Outcome>;
  },
): Executor<z.output<I>, Client> {
  return {
    type: definition.type,
    provider: implementation.provider ?? null,
    timeoutMs: implementation.timeoutMs ?? 30_000,
    run: implementation.run,
    ...(implementation.recover ? { recover: implementation.recover } : {}),
    ...(implementation.resume ? { resume: implementation.resume } : {}),
  };
}

/** What the first step of a run is given: what was announced, and how the trigger is set up. */
export interface Announcement<Announced, Config> {
  announced: Announced;
  config: Config;
}

/** Gives a trigger with `announced` its behaviour: `complete` answers with the payload (`done`), or ends the run (`stop`). It must be repeatable. */
export function implementTrigger<C extends InputSchema, O extends z.ZodType, A extends z.ZodObject, Client>(
  definition: TriggerDefinition<C, O, A>,
  implementation: {
    provider: ProviderImplementation<Client>;
    timeoutMs?: number;
    complete: (
      argument: RunArgument<Announcement<z.output<A>, z.output<C>>, Client>,
    ) => Outcome | Promise<Outcome>;
  },
): Executor<Announcement<unknown, unknown>, Client> {
  return {
    type: definition.type,
    provider: implementation.provider,
    timeoutMs: implementation.timeoutMs ?? 30_000,
    run: ({ input, ...rest }) => {
      const announced = definition.announced?.parse(input.announced) as z.output<A>;
      const config = definition.input.parse(input.config);
      return implementation.complete({ input: { announced, config }, ...rest });
    },
  };
}
