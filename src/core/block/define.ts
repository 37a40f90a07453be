import type * as z from 'zod';
import type { Json } from '../json';
import type { Escaping } from '../template/escape';
import type { Given } from './payload';

/** A text in the languages the kit ships. */
export interface LocalText {
  en: string;
  it: string;
}

/**
 * What may be repeated when nobody knows whether a step's effect happened (a crash, a lost answer):
 * `none` and `idempotent` are run again, `reconcilable` asks the provider through `recover()`,
 * `at-most-once` becomes `in_doubt` and waits for a person.
 */
export type SideEffect = 'none' | 'idempotent' | 'reconcilable' | 'at-most-once';

export type Widget =
  | 'text'
  | 'long-text'
  | 'date'
  | 'date-time'
  | 'money'
  | 'remote-select'
  | 'condition-operator'
  | 'event-type'
  | 'schedule'
  | 'reference';

/** Shown only while a field beside it has one of these values. That field holds a literal, never a reference. */
export interface ShownWhen {
  field: string;
  in: readonly string[];
}

/** What a zod schema's `.meta()` may say about its field. Checked by `field()`. */
export interface FieldMeta {
  label: LocalText;
  hint?: LocalText;
  placeholder?: LocalText;
  widget?: Widget;
  /** With `remote-select`: name of the provider's option loader. */
  options?: string;
  /** Labels of an enum's values, or of a discriminated union's variants. */
  values?: Record<string, LocalText>;
  /** Kept out of stored inputs and outputs, logs and the run viewer. Only the executor has the value: a reference to it gives its mask. */
  sensitive?: boolean;
  /** How what references put into this field (texts in lists and objects too) is escaped. What the author wrote stays as it is. @default not at all */
  escape?: Escaping;
  /** Stored as written and resolved later by the engine (a loop's `collect`). */
  deferred?: boolean;
  /**
   * What is hidden is not asked for. Where it stands in the input itself, not in an object inside it, it is neither checked nor resolved either.
   */
  when?: ShownWhen;
  /** An optional field that must be filled in all the same while it is shown. */
  requiredWhenShown?: boolean;
}

/**
 * What a refinement says of a value it refuses, in the reader's language: `z.string().refine(isTimeZone, because({ en, it }))`. Begins in
 * lower case, as it stands behind `"Time zone" is not valid: `.
 */
export function because(text: LocalText): { message: string; params: { text: LocalText } } {
  return { message: text.en, params: { text } };
}

/** Types the argument of zod's `.meta()`: `z.string().meta(field({ label: { en: 'Channel', it: 'Canale' } }))`. */
export function field(meta: FieldMeta): FieldMeta & Record<string, unknown> {
  return { ...meta };
}

interface Described<T extends string = string> {
  /** `provider.verb-object`, stable for ever: saved definitions hold it. */
  type: T;
  /** Raised when the meaning of the configuration changes. */
  version: number;
  /** Id of the provider in the provider list (`flow` for control flow). */
  provider: string;
  label: LocalText;
  description: LocalText;
  /** One character shown in the block's tile. */
  icon: string;
  /** Brings a configuration saved by the version before `version` to this one; called version by version. Pure. */
  migrate?: (config: Config, fromVersion: number) => Record<string, Json>;
  /** Looks at a configuration as written, templates included. @default none */
  warnings?: (config: Config) => ConfigWarning[];
}

export type InputSchema = z.ZodObject;

type Config = Readonly<Record<string, Json>>;

/** Something doubtful about a configuration that is valid; shown at `path`, never blocks publishing. */
export interface ConfigWarning {
  /** Inside the configuration, e.g. `items[0].vat`. */
  path: string;
  text: LocalText;
}

export interface BlockDefinition<
  I extends InputSchema = InputSchema,
  O extends z.ZodType = z.ZodType,
  T extends string = string,
> extends Described<T> {
  kind: 'action';
  /** The configuration after templates are resolved; form, validation and the executor's argument come from it. */
  input: I;
  output: O;
  /** A realistic output, for the variable picker and previews before the first run. */
  sample: z.input<O>;
  sideEffect: SideEffect;
  /** Permissions the connection must have been granted. @default none */
  scopes?: readonly string[];
  /** One sentence on what it would do with this input, for a dry run: "Would send … to #fatture". */
  preview?: (input: z.output<I>) => LocalText;
  /** Outgoing handles in the order they are drawn. @default ['next'] */
  handles: readonly string[];
  /** Those of `handles` a node has, where that depends on how it is configured. @default all of them */
  handlesFor?: (config: Config) => readonly string[];
  /** Labels of handles other than `next`. */
  handleLabels?: Readonly<Record<string, LocalText>>;
  /** The handle whose target region is run once per item; only loops have one. */
  bodyHandle?: string;
  /** Handle taken when the node is disabled or its failure is passed over. @default the first one */
  passHandle: string;
  /** One line for the card, from the raw configuration. Templates in it are shown as chips. */
  summary?: (config: Config, locale: 'en' | 'it') => string;
}

/** Local times at which something happens again and again. */
export interface Schedule {
  /** Five fields: minute, hour, day of the month, month, day of the week. */
  cron: string;
  /** IANA name. @default the company's */
  timeZone?: string | undefined;
}

export interface TriggerDefinition<
  C extends InputSchema = InputSchema,
  O extends z.ZodType = z.ZodType,
  A extends z.ZodObject = z.ZodObject,
> extends Described {
  kind: 'trigger';
  input: C;
  /** The payload, `{{trigger.payload…}}`. */
  output: O;
  sample: z.input<O>;
  /**
   * The payload of a workflow configured so, and an example of it, where they depend on the configuration as written, which may be unfinished;
   * `null` for `output` and `sample`. A run is started with what the schema makes of the payload. @default always `output` and `sample`
   */
  payloadFor?: (config: Config) => Given | null;
  /** Type of the host event that starts it; absent for triggers started by a person or a schedule. */
  event?: string;
  /** Whether emails to an address of the workflow's own start it. @default false */
  hasAddress?: boolean;
  /**
   * What is known when it happens, where that is less than `output`: the trigger then has an executor (`implementTrigger`), which makes it whole
   * in the run's first step. Holds all that `matches`, `title` and `businessKeys` read.
   * @default all of `output` is known
   */
  announced?: A;
  /**
   * When it starts by itself; its payload is `{ scheduledAt, localTime, timeZone }`. Absent for triggers started by a person or an event.
   */
  schedule?: (config: z.output<C>) => Schedule;
  /** Whether an event with this payload starts a workflow configured so. @default always */
  matches?: (config: z.output<C>, payload: z.output<O>) => boolean;
  /** Ids a person would search the run by (document, invoice, customer). @default none */
  businessKeys?: (payload: z.output<O>) => string[];
  /** What a run is called in lists, from its payload. */
  title?: (payload: z.output<O>) => string | undefined;
  handles: readonly string[];
  handleLabels?: Readonly<Record<string, LocalText>>;
  passHandle: string;
  summary?: (config: Config, locale: 'en' | 'it') => string;
}

// biome-ignore lint/suspicious/noExplicitAny: a list holds blocks of every input and output; function members make them invariant
export type AnyBlock = BlockDefinition<any, any> | TriggerDefinition<any, any, any>;

type Defaulted<T extends { handles: readonly string[]; passHandle: string; version: number }> = Omit<
  T,
  'kind' | 'handles' | 'passHandle' | 'version'
> &
  Partial<Pick<T, 'handles' | 'passHandle' | 'version'>>;

/** Declares an action or control-flow block. Everything else (types, form, picker, viewer) is derived from `input` and `output`. */
export function defineBlock<I extends InputSchema, O extends z.ZodType, const T extends string>(
  definition: Defaulted<BlockDefinition<I, O, T>>,
): BlockDefinition<I, O, T> {
  const handles = definition.handles ?? ['next'];
  return { version: 1, passHandle: handles[0] ?? 'next', ...definition, handles, kind: 'action' };
}

/** Declares a trigger: how a run starts and what its payload looks like. */
export function defineTrigger<
  C extends InputSchema,
  O extends z.ZodType,
  A extends z.ZodObject = z.ZodObject,
>(definition: Defaulted<TriggerDefinition<C, O, A>>): TriggerDefinition<C, O, A> {
  return { version: 1, handles: ['next'], passHandle: 'next', ...definition, kind: 'trigger' };
}

export type BlockLookup = ReadonlyMap<string, AnyBlock>;

export function indexBlocks(blocks: readonly AnyBlock[]): BlockLookup {
  return new Map(blocks.map((block) => [block.type, block]));
}
