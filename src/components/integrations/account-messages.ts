import { problemMessages } from '../shared/problem-messages';

const en = {
  'integrations.chooseAccount': '{account}: which one shall the workflows use?',
  'integrations.chooseAccountText': 'The consent to {provider} opens several.',
  'integrations.useAccount': 'Use “{account}”',
  'integrations.choosing': 'Saving…',
  'integrations.account': 'Account',
  'integrations.connected': '{provider} is connected.',
  ...problemMessages.en,
};

const it: Record<keyof typeof en, string> = {
  'integrations.chooseAccount': '{account}: quale devono usare i flussi?',
  'integrations.chooseAccountText': 'Il consenso dato in {provider} ne comprende più di una.',
  'integrations.useAccount': 'Usa «{account}»',
  'integrations.choosing': 'Salvo…',
  'integrations.account': 'Account',
  'integrations.connected': '{provider} è collegato.',
  ...problemMessages.it,
};

/** Choosing one of the accounts a connection opens. */
export const accountMessages = { en, it };
