/**
 * Escaping of what references put into a text. What the author wrote keeps its markup; a value from outside never becomes markup, so that a
 * document called `<!channel>` calls nobody.
 */
import type { Json } from '../json';

const escapers = {
  /** Slack's markup: mentions, channels and links are all written between angle brackets. */
  mrkdwn: (text: string) => text.replace(/[&<>]/g, (char) => entities[char] ?? char),
  html: (text: string) => text.replace(/[&<>"']/g, (char) => entities[char] ?? char),
} as const;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export type Escaping = keyof typeof escapers;

/** Where in a configuration value escaping applies: all of it, or what is below these keys (`each`: below every key and position). */
export type EscapePlan =
  | Escaping
  | { fields: ReadonlyMap<string, EscapePlan>; each?: EscapePlan | undefined };

export const escapeText = (text: string, escaping: Escaping): string => escapers[escaping](text);

/** A text as content or attribute of a page. */
export const escapeHtml = escapers.html;

/** The part of a plan for what is at a key or position. */
export function planAt(plan: EscapePlan | undefined, key: string | number): EscapePlan | undefined {
  if (plan === undefined || typeof plan === 'string') return plan;
  return plan.fields.get(String(key)) ?? plan.each;
}

/** A copy of a value from outside with its texts escaped where the plan says. */
export function escapeValue(value: Json, plan: EscapePlan | undefined): Json {
  if (plan === undefined) return value;
  if (typeof value === 'string') return typeof plan === 'string' ? escapeText(value, plan) : value;
  if (Array.isArray(value)) return value.map((item, index) => escapeValue(item, planAt(plan, index)));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, escapeValue(child, planAt(plan, key))]),
  );
}
