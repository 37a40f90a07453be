const en = {
  'problem.unavailable':
    'The server could not be reached, so nothing was changed. Check the connection and try again.',
  'problem.unauthenticated': 'You are no longer signed in. Sign in again, then repeat.',
  'problem.forbidden': 'Your role does not allow this. Ask an administrator.',
  'problem.not_found': 'It does not exist any more.',
  'problem.rate_limited': 'Too many requests in a short time. Wait a moment and try again.',
  'problem.internal':
    'The server has a fault. Try again; if it happens again, tell the developer of this application.',
  'problem.provider_error': 'The provider did not answer as it should. Try again later.',
  'problem.provider_not_configured': 'The developer of this application has not set this provider up yet.',
  'problem.payload_too_large': 'There is more data than the server takes.',
};

export type ProblemMessageKey = keyof typeof en;

const it: Record<ProblemMessageKey, string> = {
  'problem.unavailable':
    'Il server non è raggiungibile, quindi non è cambiato nulla. Controlla la connessione e riprova.',
  'problem.unauthenticated': 'La sessione è scaduta. Accedi di nuovo, poi ripeti.',
  'problem.forbidden': 'Il tuo ruolo non lo consente. Chiedi a un amministratore.',
  'problem.not_found': 'Non esiste più.',
  'problem.rate_limited': 'Troppe richieste in poco tempo. Attendi un momento e riprova.',
  'problem.internal':
    'Il server ha un guasto. Riprova; se succede ancora, avvisa lo sviluppatore di questa applicazione.',
  'problem.provider_error': 'Il servizio collegato non ha risposto come dovrebbe. Riprova più tardi.',
  'problem.provider_not_configured':
    'Lo sviluppatore di questa applicazione non ha ancora predisposto questo servizio.',
  'problem.payload_too_large': 'I dati sono più di quanti il server ne accetti.',
};

/** What a failed call means to the person who made it, by error code. Codes that need particulars are told by their message. */
export const problemMessages = { en, it };
