/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** Own property of a JSON object or array, `undefined` when absent. Never walks a prototype. */
export function getOwn(value: unknown, key: string | number): unknown {
  if (value === null || typeof value !== 'object') return undefined;
  return Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined;
}

/** Bytes of `value` as UTF-8 JSON. */
export function jsonBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value) ?? '').length;
}

/** True when `value` nests arrays and objects deeper than `max`. Iterative: hostile depth cannot exhaust the stack. */
export function isDeeperThan(value: unknown, max: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > max) return true;
    const next: unknown[] = [];
    for (const item of level) {
      if (item === null || typeof item !== 'object') continue;
      for (const child of Object.values(item)) {
        if (child !== null && typeof child === 'object') next.push(child);
      }
    }
    level = next;
  }
  return false;
}

/**
 * A copy that PostgreSQL's jsonb can store: NUL removed, lone surrogates replaced, `undefined` and functions dropped, non-finite
 * numbers null, bigints as text, dates as ISO text, keys that touch prototypes dropped. The input must not be deeper than the
 * caps allow (`isDeeperThan`).
 */
export function cleanJson(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(cleanJson);
  if (typeof value === 'object') {
    const out: Record<string, Json> = {};
    for (const [key, child] of Object.entries(value)) {
      if (child === undefined || typeof child === 'function' || forbiddenKeys.has(key)) continue;
      out[cleanText(key)] = cleanJson(child);
    }
    return out;
  }
  return null;
}

function cleanText(text: string): string {
  const withoutNul = text.includes('\u0000') ? text.replaceAll('\u0000', '') : text;
  return withoutNul.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '\ufffd',
  );
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
