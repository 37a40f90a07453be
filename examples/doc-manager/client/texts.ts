import { en } from './texts.en';
import { it } from './texts.it';

export type Locale = 'it' | 'en';
export type Texts = typeof it;

export const texts: Record<Locale, Texts> = { it, en };
