import { fillText } from '../../../core';
import { approvalsMessages } from '../../approvals/messages';
import { scheduleMessages } from '../../config/schedule-messages';
import { integrationsMessages } from '../../integrations/messages';
import { runsMessages } from '../../runs/messages';
import { en } from './en';
import { it } from './it';

export type Locale = 'en' | 'it';

/** Every text of the kit, flat, by key. */
export const messages = {
  en: {
    ...en,
    ...runsMessages.en,
    ...integrationsMessages.en,
    ...scheduleMessages.en,
    ...approvalsMessages.en,
  },
  it: {
    ...it,
    ...runsMessages.it,
    ...integrationsMessages.it,
    ...scheduleMessages.it,
    ...approvalsMessages.it,
  },
} satisfies Record<Locale, Record<string, string>>;

export type MessageKey = keyof typeof messages.en;
export type Messages = Record<MessageKey, string>;

/** Looks up a text and fills its `{placeholders}`. */
export type Translate = (key: MessageKey, params?: Readonly<Record<string, string | number>>) => string;

/** A translator of one language; `overrides` replace single texts. */
export function createTranslate(locale: Locale, overrides: Partial<Messages> = {}): Translate {
  const texts: Messages = { ...messages[locale], ...overrides };
  return (key, params) => (params ? fillText(texts[key], stringify(params)) : texts[key]);
}

const stringify = (params: Readonly<Record<string, string | number>>): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)]));

/** `one` for 1, `many` otherwise: the kit's languages need no more. */
export const plural = (count: number): 'one' | 'many' => (count === 1 ? 'one' : 'many');
