/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** Own property of a JSON object or array, `undefined` when absent. Never walks a prototype. */
export function getOwn(value: unknown, key: string | number): unknown {
  if (value === null || typeof value !== 'object') return undefined;
  return Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined;
}

/** Bytes of `value` as UTF-8 JSON; a bigint counts as the text `cleanJson` makes of it. */
export function jsonBytes(value: unknown): number {
  const text = stringify(value) ?? '';
  const fits = text.length * MAX_BYTES_OF_A_UNIT <= scratch.length;
  return fits ? encoder.encodeInto(text, scratch).written : encoder.encode(text).length;
}

/** Bytes one UTF-16 unit takes up in UTF-8 at most. */
const MAX_BYTES_OF_A_UNIT = 3;
const encoder = new TextEncoder();
/** Only ever written to. Every step is measured, and each would leave a buffer of its size behind. */
const scratch = new Uint8Array(16 * 1024);

function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // A replacer costs several times as much, so only what holds a bigint pays for it.
    return JSON.stringify(value, (_, child: unknown) =>
      typeof child === 'bigint' ? child.toString() : child,
    );
  }
}

/** True when `value` nests arrays and objects deeper than `max`. Iterative: hostile depth cannot exhaust the stack. */
export function isDeeperThan(value: unknown, max: number): boolean {
  // Sets, so that a value that holds itself twice does not double at every level.
  let level = new Set(isContainer(value) ? [value] : []);
  for (let depth = 1; level.size > 0; depth += 1) {
    if (depth > max) return true;
    const next = new Set<object>();
    for (const item of level) {
      for (const child of Object.values(item)) if (isContainer(child)) next.add(child);
    }
    level = next;
  }
  return false;
}

const isContainer = (value: unknown): value is object => value !== null && typeof value === 'object';

/**
 * A copy that PostgreSQL's jsonb can store: NUL removed, lone surrogates replaced, `undefined` and functions dropped, non-finite
 * numbers and impossible dates null, bigints as text, dates as ISO text, keys that touch prototypes dropped. The input must not be
 * deeper than the caps allow (`isDeeperThan`).
 */
export function cleanJson(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) return Array.from(value, cleanJson);
  if (typeof value === 'object') {
    const out: Record<string, Json> = {};
    for (const [key, child] of Object.entries(value)) {
      // Cleaned before it is looked at: `__proto__` with a NUL in it must not become `__proto__`.
      const name = cleanText(key);
      if (child === undefined || typeof child === 'function' || forbiddenKeys.has(name)) continue;
      out[name] = cleanJson(child);
    }
    return out;
  }
  return null;
}

function cleanText(text: string): string {
  if (isClean(text)) return text;
  const withoutNul = text.includes('\u0000') ? text.replaceAll('\u0000', '') : text;
  return withoutNul.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '\ufffd',
  );
}

/** Where the runtime can tell quickly (Node 20 and current browsers can), most texts need no look at each character. */
function isClean(text: string): boolean {
  const { isWellFormed } = text as { isWellFormed?: () => boolean };
  return isWellFormed?.call(text) === true && !text.includes('\u0000');
}

/** `conditions[0].left` from `['conditions', 0, 'left']`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

/** JSON with sorted keys: equal values give equal text, whatever order PostgreSQL or a caller gave their keys. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_, child: unknown) =>
    child !== null && typeof child === 'object' && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).sort(([x], [y]) => (x < y ? -1 : 1)))
      : child,
  );
}
