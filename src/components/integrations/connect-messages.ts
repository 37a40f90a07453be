const en = {
  'integrations.connecting': 'Connecting…',
  'connect.popup_blocked.title': 'The browser blocked the window',
  'connect.popup_blocked.text': 'Allow pop-ups for this site, then try again.',
  'connect.window_closed.title': 'The window was closed too early',
  'connect.window_closed.text': 'Nothing was changed. Try again and finish in the window.',
  'connect.access_denied.title': 'Access was refused',
  'connect.access_denied.text':
    '{provider} was not allowed to connect. Try again and choose “Allow”, or ask an administrator of {provider}.',
  'connect.failed.title': 'The connection did not succeed',
  'connect.failed.text':
    'Nothing was changed. Try again; if it happens again, tell the developer of this application.',
};

export type ConnectMessageKey = keyof typeof en;

const it: Record<ConnectMessageKey, string> = {
  'integrations.connecting': 'Collegamento…',
  'connect.popup_blocked.title': 'Il browser ha bloccato la finestra',
  'connect.popup_blocked.text': 'Consenti le finestre a comparsa per questo sito, poi riprova.',
  'connect.window_closed.title': 'La finestra è stata chiusa prima della fine',
  'connect.window_closed.text': 'Non è cambiato nulla. Riprova e completa nella finestra.',
  'connect.access_denied.title': 'Accesso negato',
  'connect.access_denied.text':
    'Il collegamento a {provider} non è stato consentito. Riprova e scegli «Consenti», o chiedi a un amministratore di {provider}.',
  'connect.failed.title': 'Il collegamento non è riuscito',
  'connect.failed.text':
    'Non è cambiato nulla. Riprova; se succede ancora, avvisa lo sviluppatore di questa applicazione.',
};

/** Connecting a provider: under way, and by code why it came to nothing. */
export const connectMessages = { en, it };
