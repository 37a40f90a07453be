import { overviewMessages } from '../admin/messages';
import { approvalsMessages } from '../approvals/messages';
import { dialogMessages } from '../builder/dialog-messages';
import { trialMessages } from '../config/trial/messages';
import { integrationsMessages } from '../integrations/messages';
import { runsMessages } from '../runs/messages';
import { commonMessages } from './common-messages';
import type { Locale } from './translate';

/**
 * Every text of the kit, flat, by key: for hosts that look texts up or replace some. The kit itself takes the catalogue of each part
 * where it is shown (`useTexts`), or every page would carry the texts of all.
 */
export const messages = {
  en: {
    ...commonMessages.en,
    ...dialogMessages.en,
    ...trialMessages.en,
    ...runsMessages.en,
    ...integrationsMessages.en,
    ...approvalsMessages.en,
    ...overviewMessages.en,
  },
  it: {
    ...commonMessages.it,
    ...dialogMessages.it,
    ...trialMessages.it,
    ...runsMessages.it,
    ...integrationsMessages.it,
    ...approvalsMessages.it,
    ...overviewMessages.it,
  },
} satisfies Record<Locale, Record<string, string>>;

export type MessageKey = keyof typeof messages.en;
export type Messages = Record<MessageKey, string>;
