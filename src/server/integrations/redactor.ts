/**
 * Keeps secrets out of what is stored, logged and answered, by their exact values: whatever a provider echoes or a block gives out, a secret
 * this server has had in its hands is struck out of it. The value itself, and the forms it takes inside other texts: URL-encoded, in base64,
 * and with its slashes escaped as some providers' JSON has them.
 */
import { MASK } from '../../core/block/sensitive';
import type { Logger } from '../log';

/** A shorter one would strike out words that merely look alike. */
const SHORTEST = 8;
/** Values kept besides the permanent ones; those learned longest ago go first. A token in use is learned again at every use. */
const MOST_VALUES = 20_000;

export interface Redactor {
  /** Values that must not be seen. Short and absent ones are passed over. */
  learn: (...secrets: readonly (string | null | undefined)[]) => void;
  /** The same text, or one with every secret struck out. */
  text: (text: string) => string;
  /** The same value where it holds no secret, else a copy without. Plain JSON. */
  json: <T>(value: T) => T;
}

/** @param permanent the server's own secrets, which are never forgotten */
export function createRedactor(permanent: readonly string[] = []): Redactor {
  const values = new Set<string>();
  const kept = new Set<string>();
  /** Values by their beginnings, so that a text costs the same however many there are. */
  const byStart = new Map<string, string[]>();
  /** Marks where a value may begin; nearly all of a text is passed over by it alone. */
  const mayStart = new Uint8Array(0x10000);
  const index = (value: string) => {
    const start = value.slice(0, SHORTEST);
    mayStart[hashAt(value, 0)] = 1;
    // Longest first: one value may begin another.
    byStart.set(
      start,
      [...(byStart.get(start) ?? []), value].sort((a, b) => b.length - a.length),
    );
  };
  const add = (value: string) => {
    if (kept.has(value)) return;
    if (!values.delete(value)) index(value);
    values.add(value);
  };
  const forgetOldest = () => {
    const [oldest] = values;
    if (values.size <= MOST_VALUES || oldest === undefined) return;
    values.delete(oldest);
    const start = oldest.slice(0, SHORTEST);
    const rest = (byStart.get(start) ?? []).filter((value) => value !== oldest);
    if (rest.length === 0) byStart.delete(start);
    else byStart.set(start, rest);
  };
  const text = (source: string) => strike(source, mayStart, byStart);
  for (const form of permanent.flatMap(formsOf)) {
    if (!kept.has(form)) index(form);
    kept.add(form);
  }
  return {
    learn: (...secrets) => {
      for (const form of secrets.flatMap((secret) => formsOf(secret ?? ''))) {
        add(form);
        forgetOldest();
      }
    },
    text,
    json: (value) => mapTexts(value, text) as typeof value,
  };
}

const formsOf = (secret: string): string[] =>
  secret.length < SHORTEST
    ? []
    : [
        secret,
        encodeURIComponent(secret),
        secret.replaceAll('/', '\\/'),
        Buffer.from(secret).toString('base64').replace(/=+$/, ''),
        Buffer.from(secret).toString('base64url'),
      ];

/** Of the first four characters. */
const hashAt = (text: string, at: number): number =>
  (text.charCodeAt(at) +
    text.charCodeAt(at + 1) * 31 +
    text.charCodeAt(at + 2) * 961 +
    text.charCodeAt(at + 3) * 29_791) &
  0xffff;

function strike(
  source: string,
  mayStart: Uint8Array,
  byStart: ReadonlyMap<string, readonly string[]>,
): string {
  let result = '';
  let kept = 0;
  for (let at = 0; at + SHORTEST <= source.length; at += 1) {
    if (mayStart[hashAt(source, at)] === 0) continue;
    const found = byStart.get(source.slice(at, at + SHORTEST))?.find((value) => source.startsWith(value, at));
    if (!found) continue;
    result += source.slice(kept, at) + MASK;
    kept = at + found.length;
    at = kept - 1;
  }
  return kept === 0 ? source : result + source.slice(kept);
}

/** Copies only what has changed. */
function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => mapTexts(item, map));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, item]) => [map(name), mapTexts(item, map)] as const);
  const isSame = entries.every(([name, item]) => (value as Record<string, unknown>)[name] === item);
  return isSame ? value : Object.fromEntries(entries);
}

/** A logger that is never told a secret. */
export function withoutSecrets(logger: Logger, { text, json }: Redactor): Logger {
  return {
    info: (message, facts) => logger.info(text(message), json(facts)),
    warn: (message, facts) => logger.warn(text(message), json(facts)),
    error: (message, facts) => logger.error(text(message), json(facts)),
  };
}
