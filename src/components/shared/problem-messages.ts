const en = {
  'problem.unavailable':
    'The server could not be reached, so nothing was changed. Check the connection and try again.',
  'problem.unauthenticated': 'You are no longer signed in. Sign in again, then repeat.',
  'problem.forbidden': 'Your role does not allow this. Ask an administrator.',
  'problem.forbidden_decision':
    'This decision is for others to make, or your role does not allow it. Ask one of them.',
  'problem.not_found': 'It does not exist any more.',
  'problem.rate_limited': 'Too many requests in a short time. Wait a moment and try again.',
  'problem.internal':
    'The server has a fault. Try again; if it happens again, tell the developer of this application.',
  'problem.provider_error': 'The provider did not answer as it should. Try again later.',
  'problem.provider_not_configured': 'The developer of this application has not set this provider up yet.',
  'problem.payload_too_large': 'There is more data than the server takes.',
  'problem.run_finished':
    'The run has ended in the meantime, so nothing was changed. Its present state is shown.',
  'problem.run_active': 'The run is still under way. Wait for its end or cancel it, then retry.',
  'problem.retry_impossible':
    'The run cannot go on from there with this version of the workflow. Retry it from the start.',
  'problem.step_not_in_doubt':
    'Somebody has answered already, or the run went on. Nothing was changed; its present state is shown.',
  'problem.already_decided': 'Somebody else has decided already, so yours changed nothing.',
  'problem.already_decided_by': '{who} decided already, {time}: {decision}. Yours changed nothing.',
  'problem.not_published': 'The workflow has no published version. Publish it first.',
  'detail.decision.approved': 'Approved',
  'detail.decision.rejected': 'Rejected',
};

export type ProblemMessageKey = keyof typeof en;

const it: Record<ProblemMessageKey, string> = {
  'problem.unavailable':
    'Il server non è raggiungibile, quindi non è cambiato nulla. Controlla la connessione e riprova.',
  'problem.unauthenticated': 'La sessione è scaduta. Accedi di nuovo, poi ripeti.',
  'problem.forbidden': 'Il tuo ruolo non lo consente. Chiedi a un amministratore.',
  'problem.forbidden_decision':
    'Questa decisione spetta ad altri, o il tuo ruolo non la consente. Chiedi a uno di loro.',
  'problem.not_found': 'Non esiste più.',
  'problem.rate_limited': 'Troppe richieste in poco tempo. Attendi un momento e riprova.',
  'problem.internal':
    'Il server ha un guasto. Riprova; se succede ancora, avvisa lo sviluppatore di questa applicazione.',
  'problem.provider_error': 'Il servizio collegato non ha risposto come dovrebbe. Riprova più tardi.',
  'problem.provider_not_configured':
    'Lo sviluppatore di questa applicazione non ha ancora predisposto questo servizio.',
  'problem.payload_too_large': 'I dati sono più di quanti il server ne accetti.',
  'problem.run_finished':
    'Nel frattempo l’esecuzione è finita, quindi non è cambiato nulla. Ora ne vedi lo stato attuale.',
  'problem.run_active': 'L’esecuzione è ancora in corso. Attendi che finisca o annullala, poi riprova.',
  'problem.retry_impossible':
    'Da quel punto non si può riprendere con questa versione del flusso. Riprova dall’inizio.',
  'problem.step_not_in_doubt':
    'Qualcuno ha già risposto, o l’esecuzione è andata avanti. Non è cambiato nulla; ora ne vedi lo stato attuale.',
  'problem.already_decided': 'Qualcun altro ha già deciso, quindi la tua decisione non ha cambiato nulla.',
  'problem.already_decided_by':
    'Ha già deciso {who}, {time}: {decision}. La tua decisione non ha cambiato nulla.',
  'problem.not_published': 'Il flusso non ha una versione pubblicata. Prima pubblicalo.',
  'detail.decision.approved': 'Approvato',
  'detail.decision.rejected': 'Rifiutato',
};

/** What a failed call means to the person who made it, by error code. Codes that need particulars are told by their message. */
export const problemMessages = { en, it };
