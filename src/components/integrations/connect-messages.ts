const en = {
  'integrations.connecting': 'Connecting…',
  'connect.popup_blocked.title': 'The browser blocked the window',
  'connect.popup_blocked.text': 'Allow pop-ups for this site, then try again.',
  'connect.window_closed.title': 'The window was closed too early',
  'connect.window_closed.text': 'Nothing was changed. Try again and finish in the window.',
  'connect.access_denied.title': 'Access was refused',
  'connect.access_denied.text':
    '{provider} was not allowed to connect. Try again and choose “Allow”, or ask an administrator of {provider}.',
  'connect.state_invalid.title': 'The consent came too late',
  'connect.state_invalid.text':
    'A window to connect works once, for ten minutes, for whoever opened it. Nothing was changed: try again.',
  'connect.account_missing.title': 'There is nothing to connect',
  'connect.account_missing.text':
    'Whoever gave the consent has no company or workspace at {provider}. Sign in there as somebody who has one, then try again.',
  'connect.account_refused.title': 'This account cannot be used',
  'connect.account_refused.text': '{reason} Nothing was changed.',
  'connect.reason.enterprise_install':
    'The app was installed for a whole Slack organization: try again and choose a single workspace.',
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
  'connect.state_invalid.title': 'Il consenso è arrivato troppo tardi',
  'connect.state_invalid.text':
    'Una finestra di collegamento vale una volta, per dieci minuti, per chi l’ha aperta. Non è cambiato nulla: riprova.',
  'connect.account_missing.title': 'Non c’è nulla da collegare',
  'connect.account_missing.text':
    'Chi ha dato il consenso non ha nessuna azienda o spazio di lavoro su {provider}. Accedi là con chi ne ha, poi riprova.',
  'connect.account_refused.title': 'Questo account non si può usare',
  'connect.account_refused.text': '{reason} Non è cambiato nulla.',
  'connect.reason.enterprise_install':
    'L’app è stata installata per un’intera organizzazione Slack: riprova e scegli un solo spazio di lavoro.',
  'connect.failed.title': 'Il collegamento non è riuscito',
  'connect.failed.text':
    'Non è cambiato nulla. Riprova; se succede ancora, avvisa lo sviluppatore di questa applicazione.',
};

/** Connecting a provider: under way, and by code why it came to nothing. */
export const connectMessages = { en, it };
