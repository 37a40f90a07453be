import { fillText } from '../../core';
import { type CommonMessageKey, commonMessages } from './common-messages';

export type Locale = 'en' | 'it';

/** The texts of one part of the kit, by key, in every language. */
export type Catalogue<Key extends string> = Record<Locale, Record<Key, string>>;

/** Looks up a text, of the named keys or a common one, and fills its `{placeholders}`. */
export type Translate<Key extends string = never> = (
  key: Key | CommonMessageKey,
  params?: Readonly<Record<string, string | number>>,
) => string;

/** The translator of a catalogue. The same catalogue gives the same function. */
export type Translator = <Key extends string>(catalogue: Catalogue<Key>) => Translate<Key>;

/** Translators of one language; `overrides` replace single texts, whatever catalogue they are in. */
export function createTranslator(
  locale: Locale,
  overrides: Readonly<Partial<Record<string, string>>> = {},
): Translator {
  const made = new Map<object, Translate>();
  return <Key extends string>(catalogue: Catalogue<Key>) => {
    const known =
      made.get(catalogue) ??
      translateWith<Key>({ ...commonMessages[locale], ...catalogue[locale], ...overrides });
    made.set(catalogue, known);
    return known as Translate<Key>;
  };
}

function translateWith<Key extends string>(texts: Record<Key | CommonMessageKey, string>): Translate<Key> {
  return (key, params) => (params ? fillText(texts[key], stringify(params)) : texts[key]);
}

const stringify = (params: Readonly<Record<string, string | number>>): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)]));

/** `one` for 1, `many` otherwise: the kit's languages need no more. */
export const plural = (count: number): 'one' | 'many' => (count === 1 ? 'one' : 'many');
