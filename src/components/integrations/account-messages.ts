import { problemMessages } from '../shared/problem-messages';

const en = {
  'integrations.chooseAccount': '{account}: which one shall the workflows use?',
  'integrations.chooseAccountText': 'The consent to {provider} opens several.',
  'integrations.otherAccount': '{account}: not the one used so far.',
  'integrations.otherAccountText':
    'The consent to {provider} opens only this one. Once chosen, every workflow uses it, runs that wait too. To go on with the one before, reconnect {provider} as somebody who may use that.',
  'integrations.useAccount': 'Use “{account}”',
  'integrations.choosing': 'Saving…',
  'integrations.account': 'Account',
  'integrations.connected': '{provider} is connected.',
  ...problemMessages.en,
};

const it: Record<keyof typeof en, string> = {
  'integrations.chooseAccount': '{account}: quale devono usare i flussi?',
  'integrations.chooseAccountText': 'Il consenso dato in {provider} ne comprende più di una.',
  'integrations.otherAccount': '{account}: cambia rispetto a prima.',
  'integrations.otherAccountText':
    'Il consenso dato in {provider} comprende solo quanto segue. Dopo la scelta vale per tutti i flussi, comprese le esecuzioni in attesa. Per proseguire come prima, ricollega {provider} con un accesso che lo consenta.',
  'integrations.useAccount': 'Usa «{account}»',
  'integrations.choosing': 'Salvo…',
  'integrations.account': 'Account',
  'integrations.connected': '{provider} è collegato.',
  ...problemMessages.it,
};

/** Choosing one of the accounts a connection opens. */
export const accountMessages = { en, it };
