/**
 * Amounts. They come as JSON numbers or as text in the ways offices write them, and are computed as decimals, never as floats. A text
 * that can be read in two ways is refused: an invoice of 1.20 euro in place of 1,200 is worse than none.
 */
import Big from 'big.js';
import * as z from 'zod';
import { field, type LocalText } from '../../core/block/define';

/** Beyond it, and beyond 15 digits, a JSON number is no longer exact. */
const LARGEST = 999_999_999.99;
const DECIMALS = 6;

interface AmountOptions {
  label: LocalText;
  hint?: LocalText;
  /** @default the smallest amount there is */
  min?: number;
  /** @default true */
  isMoney?: boolean;
}

/** A schema of an amount: a number, or a text such as `1200.50`, `1.200,50`, `€ 1.200`. Six decimals are kept, as prices may have. */
export function amount({ label, hint, min = -LARGEST, isMoney = true }: AmountOptions) {
  return z
    .preprocess((value, context) => {
      const read = readAmount(value);
      if ('amount' in read) return read.amount;
      context.addIssue({ code: 'custom', message: read.problem });
      return z.NEVER;
    }, z.number().min(min).max(LARGEST))
    .meta(field({ label, ...(hint ? { hint } : {}), ...(isMoney ? { widget: 'money' } : {}) }));
}

export type ReadAmount = { amount: unknown } | { problem: string };

/** What is no text is left to the schema. */
export function readAmount(value: unknown): ReadAmount {
  if (typeof value === 'number')
    return { amount: Number.isFinite(value) ? Big(value).round(DECIMALS).toNumber() : value };
  if (typeof value !== 'string') return { amount: value };
  const plain = toPlain(withoutSpaces(value.replace(/^\s*(?:€|EUR)|(?:€|EUR)\s*$/gi, '').trim()));
  if (plain === 'ambiguous')
    return {
      problem: `"${shown(value)}" can be read in two ways, as thousands or as decimals. Write it with decimals, e.g. 1.200,00 or 1200.00`,
    };
  if (plain === null)
    return { problem: `"${shown(value)}" is not an amount. Write it as 1200.50 or 1.200,50` };
  return { amount: Big(plain).round(DECIMALS).toNumber() };
}

const shown = (value: string): string => value.trim().slice(0, 40);

/** Spaces, no-break and narrow ones too, as they part groups of three digits: `1 200,50`. */
const spaced = /^([+-]?[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f]\d{3})+)([.,]\d*)?$/;

/** `1 200,50` as `1200,50`. Other spaces stay and make it no amount: `1200 50` may be two of them. */
function withoutSpaces(text: string): string {
  const [, groups = '', decimals = ''] = spaced.exec(text) ?? [];
  return groups === '' ? text : groups.replace(/\s/g, '') + decimals;
}

/** The text as `-1200.50`; `null` when it is no number. */
function toPlain(text: string): string | 'ambiguous' | null {
  const match = /^([+-]?)(\d[\d.,]{0,30})$/.exec(text);
  if (!match) return null;
  const sign = match[1] === '-' ? '-' : '';
  const body = match[2] ?? '';
  const separators = body.replace(/\d/g, '');
  if (separators === '') return sign + body;
  const last = separators.at(-1) as string;
  const isOneKind = [...separators].every((separator) => separator === last);
  if (isOneKind && separators.length > 1)
    return isGrouped(body, last) ? sign + body.replaceAll(last, '') : null;
  const [whole = '', decimals = ''] = splitAtLast(body, last);
  if (decimals === '') return null;
  if (separators.length === 1)
    return isDoubtful(whole, decimals) ? 'ambiguous' : `${sign}${whole}.${decimals}`;
  const other = last === ',' ? '.' : ',';
  return isGrouped(whole, other) ? `${sign}${whole.replaceAll(other, '')}.${decimals}` : null;
}

/** `1.200`: one thousand two hundred, or one and a fifth. `0.125` and `1200.505` can only be decimals. */
const isDoubtful = (whole: string, decimals: string): boolean =>
  decimals.length === 3 && whole.length <= 3 && !whole.startsWith('0');

const isGrouped = (body: string, separator: string): boolean =>
  new RegExp(`^[1-9]\\d{0,2}(\\${separator}\\d{3})+$`).test(body);

const splitAtLast = (body: string, separator: string): string[] => {
  const at = body.lastIndexOf(separator);
  return [body.slice(0, at), body.slice(at + 1)];
};

/** Each line is rounded to cents before the sum, as Fatture in Cloud does. */
export function sumOfLines(lines: readonly { quantity: number; netPrice: number }[]): Big {
  return lines.reduce(
    (sum, { quantity, netPrice }) => sum.plus(toCents(Big(quantity).times(netPrice))),
    Big(0),
  );
}

export const toCents = (value: Big.BigSource): Big => Big(value).round(2, Big.roundHalfUp);

/** `€ 1.200,50` in Italian, `€ 1,200.50` in English. */
export function formatEuro(value: Big.BigSource, locale: 'en' | 'it'): string {
  const [whole = '', cents = ''] = toCents(value).toFixed(2).split('.');
  const [thousands, decimal] = locale === 'it' ? ['.', ','] : [',', '.'];
  return `€ ${whole.replace(/\B(?=(\d{3})+$)/g, thousands as string)}${decimal}${cents}`;
}
