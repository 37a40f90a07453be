import { problemMessages } from '../shared/problem-messages';
import { accountMessages } from './account-messages';
import { connectMessages } from './connect-messages';

const en = {
  'integrations.title': 'Integrations',
  'integrations.loading': 'Loading integrations',
  'integrations.errorTitle': 'The integrations could not be loaded',
  'integrations.tryAgain': 'Try again',
  'integrations.emptyTitle': 'Nothing to connect',
  'integrations.emptyText': 'None of the blocks of this application needs a connection.',

  'integrations.state.active': 'Connected',
  'integrations.state.not_connected': 'Not connected',
  'integrations.state.needs_account': '{account} to be chosen',
  'integrations.askManager': 'Only an administrator can connect it. Ask one.',
  'integrations.state.needs_reauth': 'To be reconnected',
  'integrations.state.error': 'Error',
  'integrations.state.host': 'Managed by {host}',
  'integrations.state.unconfigured': 'Not set up',

  'integrations.connectedBy': 'connected by {person} on {date}',
  'integrations.connectedOn': 'connected on {date}',
  'integrations.lastUsed': 'used {when}',
  'integrations.neverUsed': 'not used yet',
  'integrations.usedIn.one': 'Used in {count} workflow:',
  'integrations.usedIn.many': 'Used in {count} workflows:',
  'integrations.usedNowhere': 'No workflow uses it yet.',
  'integrations.moreWorkflows.one': 'and one more',
  'integrations.moreWorkflows.many': 'and {count} more',
  'integrations.hostText': 'Part of this application: there is nothing to connect.',
  'integrations.notConnectedText': 'Connect it once and every workflow of the company can use it.',
  'integrations.needsReauthText':
    '{provider} no longer accepts the connection. Runs that need it wait, and go on by themselves once it is reconnected.',
  'integrations.stateErrorText':
    '{provider} could not be reached at the last attempt. Verify the connection.',
  'integrations.unconfiguredText':
    'Who must act: the developer of this application. {provider} has no client id and secret yet, so it cannot be connected.',
  'integrations.noKeyText':
    'Who must act: the developer of this application. {provider} has no key yet, so steps that need it cannot run.',
  'integrations.sharedText': 'Set up by this application for everybody: there is nothing to connect.',

  'integrations.connect': 'Connect',
  'integrations.connectingText': 'Finish in the window that has opened.',
  'integrations.reconnect': 'Reconnect',
  'integrations.verify': 'Verify',
  'integrations.verifying': 'Verifying…',
  'integrations.verified': 'The connection works.',
  'integrations.verifyFailed': 'The connection does not work: {reason}',
  'integrations.reason.active': 'the answer was not clear.',
  'integrations.reason.not_connected': '{provider} is not connected.',
  'integrations.reason.needs_account': 'an account has yet to be chosen.',
  'integrations.reason.needs_reauth': '{provider} no longer accepts it.',
  'integrations.reason.error': '{provider} could not be reached.',
  'integrations.disconnect': 'Disconnect',
  'integrations.disconnecting': 'Disconnecting…',
  'integrations.cancel': 'Cancel',
  'integrations.disconnectTitle': 'Disconnect {provider}?',
  'integrations.disconnectText': 'Runs that use {provider} will wait until someone connects it again.',
  'integrations.disconnectAffected.one': '{count} workflow uses it:',
  'integrations.disconnectAffected.many': '{count} workflows use it:',
  'integrations.disconnectNone': 'No workflow uses it, so nothing stops.',
  'integrations.disconnectFailed': 'It could not be disconnected, so it is still connected: {reason}',
  ...accountMessages.en,
  ...connectMessages.en,
  ...problemMessages.en,
};

export type IntegrationsMessageKey = keyof typeof en;

const it: Record<IntegrationsMessageKey, string> = {
  'integrations.title': 'Integrazioni',
  'integrations.loading': 'Caricamento delle integrazioni',
  'integrations.errorTitle': 'Non è stato possibile caricare le integrazioni',
  'integrations.tryAgain': 'Riprova',
  'integrations.emptyTitle': 'Niente da collegare',
  'integrations.emptyText': 'Nessun blocco di questa applicazione richiede un collegamento.',

  'integrations.state.active': 'Collegato',
  'integrations.state.not_connected': 'Non collegato',
  'integrations.state.needs_account': '{account} da scegliere',
  'integrations.askManager': 'Solo un amministratore può collegarlo: chiedi a lui.',
  'integrations.state.needs_reauth': 'Da ricollegare',
  'integrations.state.error': 'Errore',
  'integrations.state.host': 'Gestito da {host}',
  'integrations.state.unconfigured': 'Non predisposto',

  'integrations.connectedBy': 'da {person} il {date}',
  'integrations.connectedOn': 'collegato il {date}',
  'integrations.lastUsed': 'usato {when}',
  'integrations.neverUsed': 'non ancora usato',
  'integrations.usedIn.one': 'Usato in {count} flusso:',
  'integrations.usedIn.many': 'Usato in {count} flussi:',
  'integrations.usedNowhere': 'Nessun flusso lo usa ancora.',
  'integrations.moreWorkflows.one': 'e un altro',
  'integrations.moreWorkflows.many': 'e altri {count}',
  'integrations.hostText': 'Fa parte di questa applicazione: non c’è nulla da collegare.',
  'integrations.notConnectedText': 'Si collega una volta sola, poi lo usano tutti i flussi dell’azienda.',
  'integrations.needsReauthText':
    '{provider} non accetta più il collegamento. Le esecuzioni che lo usano attendono, e proseguono da sole appena è ricollegato.',
  'integrations.stateErrorText':
    '{provider} non era raggiungibile all’ultimo tentativo. Verifica il collegamento.',
  'integrations.unconfiguredText':
    'Chi deve agire: lo sviluppatore di questa applicazione. {provider} non ha ancora client id e secret, quindi non si può collegare.',
  'integrations.noKeyText':
    'Chi deve agire: lo sviluppatore di questa applicazione. {provider} non ha ancora una chiave, quindi i passaggi che la richiedono non possono essere eseguiti.',
  'integrations.sharedText': 'Predisposto da questa applicazione per tutti: non c’è niente da collegare.',

  'integrations.connect': 'Collega',
  'integrations.connectingText': 'Completa nella finestra che si è aperta.',
  'integrations.reconnect': 'Ricollega',
  'integrations.verify': 'Verifica',
  'integrations.verifying': 'Verifica in corso…',
  'integrations.verified': 'Il collegamento funziona.',
  'integrations.verifyFailed': 'Il collegamento non funziona: {reason}',
  'integrations.reason.active': 'la risposta non era chiara.',
  'integrations.reason.not_connected': '{provider} non è collegato.',
  'integrations.reason.needs_account': 'l’account è ancora da scegliere.',
  'integrations.reason.needs_reauth': '{provider} non lo accetta più.',
  'integrations.reason.error': '{provider} non è raggiungibile.',
  'integrations.disconnect': 'Scollega',
  'integrations.disconnecting': 'Scollegamento…',
  'integrations.cancel': 'Annulla',
  'integrations.disconnectTitle': 'Scollegare {provider}?',
  'integrations.disconnectText':
    'Le esecuzioni che usano {provider} attenderanno finché qualcuno non lo ricollega.',
  'integrations.disconnectAffected.one': 'Lo usa {count} flusso:',
  'integrations.disconnectAffected.many': 'Lo usano {count} flussi:',
  'integrations.disconnectNone': 'Nessun flusso lo usa, quindi non si ferma nulla.',
  'integrations.disconnectFailed': 'Non è stato possibile scollegarlo, quindi è ancora collegato: {reason}',
  ...accountMessages.it,
  ...connectMessages.it,
  ...problemMessages.it,
};

/** Words of the integrations page and of connecting a provider. */
export const integrationsMessages = { en, it };
