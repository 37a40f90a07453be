import { BlockError } from '../errors';
import { formatPath, getOwn, type Json } from '../json';
import { type EscapePlan, escapeText, escapeValue, planAt } from './escape';
import { applyFilter, defaultFormatting, FilterError, type Formatting, kindOf, toText } from './filters';
import { formatReference, parseTemplate, type Reference, soleReference } from './parse';

/** What references read from. Values are JSON; only own properties are ever reached. */
export interface Scope {
  trigger: { payload: Json };
  /** Output of a step by node id; `undefined` when it has not run or was skipped. */
  stepOutput: (nodeId: string) => Json | undefined;
  /** Innermost loop first. */
  loops: readonly { nodeId: string; item: Json; index: number }[];
  run: { id: string };
  workflow: { id: string; name: string };
}

/** The value of one template: the referenced value with its type when it is exactly one reference, text otherwise. */
export function resolveTemplate(
  template: string,
  scope: Scope,
  formatting: Formatting = defaultFormatting,
  at: readonly PropertyKey[] = [],
  plan?: EscapePlan,
): Json {
  if (!template.includes('{{')) return template;
  const parts = parseTemplate(template);
  const sole = soleReference(parts);
  if (sole) return escapeValue(resolveReference(sole, scope, formatting, at), plan);
  const escaping = typeof plan === 'string' ? plan : undefined;
  return parts
    .map((part) => {
      switch (part.kind) {
        case 'text':
          return part.text;
        case 'foreign':
          return part.source;
        case 'reference': {
          const text = toText(resolveReference(part.reference, scope, formatting, at));
          return escaping ? escapeText(text, escaping) : text;
        }
        case 'invalid':
          throw templateError('template_invalid', `${part.source} cannot be read: ${part.message}.`, at);
        default:
          return part satisfies never;
      }
    })
    .join('');
}

/** A copy of a configuration value with every template in it resolved. */
export function resolveConfig(
  value: Json,
  scope: Scope,
  formatting: Formatting = defaultFormatting,
  at: readonly PropertyKey[] = [],
  plan?: EscapePlan,
): Json {
  const below = (child: Json, key: string | number): Json =>
    resolveConfig(child, scope, formatting, [...at, key], planAt(plan, key));
  if (typeof value === 'string') return resolveTemplate(value, scope, formatting, at, plan);
  if (Array.isArray(value)) return value.map(below);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, below(child, key)]));
}

function resolveReference(
  reference: Reference,
  scope: Scope,
  formatting: Formatting,
  at: readonly PropertyKey[],
): Json {
  const isForgiving = reference.optional || reference.filters[0]?.name === 'default';
  let value = lookUp(reference, scope, isForgiving, at);
  for (const filter of reference.filters) {
    try {
      value = applyFilter(filter, value, formatting);
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      const name = formatReference(reference.root, reference.path);
      throw templateError(
        'filter_failed',
        `The filter "${filter.name}" cannot be applied to {{${name}}}: ${error.message}.`,
        at,
      );
    }
  }
  return value;
}

function lookUp(reference: Reference, scope: Scope, isForgiving: boolean, at: readonly PropertyKey[]): Json {
  const start = startOf(reference, scope);
  let value: unknown = start.value;
  let reached = start.used;
  for (const key of reference.path.slice(start.used)) {
    const next = getOwn(value, key);
    if (next === undefined) break;
    value = next;
    reached += 1;
  }
  if (value !== undefined && reached === reference.path.length) return copyOf(value as Json);
  if (isForgiving) return null;
  const wanted = formatReference(reference.root, reference.path);
  const found = formatReference(reference.root, reference.path.slice(0, reached));
  const there = value === undefined ? start.absence : `${found} is ${kindOf(value)}`;
  throw templateError(
    'reference_missing',
    `{{${wanted}}} has no value: ${there}. Choose another value, or write {{${wanted}?}} to leave it empty.`,
    at,
  );
}

/** What an executor does to its input must not change what later steps read. */
const copyOf = (value: Json): Json =>
  value !== null && typeof value === 'object' ? structuredClone(value) : value;

/** Where a reference starts reading and how much of its path that took. */
function startOf({ root, path }: Reference, scope: Scope): { value: unknown; used: number; absence: string } {
  switch (root) {
    case 'trigger':
      return { value: scope.trigger, used: 0, absence: 'there is no payload' };
    case 'run':
      return { value: scope.run, used: 0, absence: '' };
    case 'workflow':
      return { value: scope.workflow, used: 0, absence: '' };
    case 'step': {
      const nodeId = String(path[0] ?? '');
      const isOutput = path[1] === 'output';
      return {
        value: isOutput ? scope.stepOutput(nodeId) : undefined,
        used: Math.min(2, path.length),
        absence: isOutput
          ? `step ${nodeId} has no output in this run`
          : `of a step only the output can be read, as step.${nodeId}.output`,
      };
    }
    case 'loop': {
      const named = scope.loops.find((loop) => loop.nodeId === path[0]);
      const loop = named ?? scope.loops[0];
      return { value: loop, used: named ? 1 : 0, absence: 'this step is not inside a loop' };
    }
    default:
      return root satisfies never;
  }
}

function templateError(code: string, message: string, at: readonly PropertyKey[]): BlockError {
  return new BlockError({ kind: 'terminal', code, message, actor: 'customer', path: formatPath(at) });
}
