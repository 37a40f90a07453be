/** Texts of the page behind a link to decide by. */
export interface PageText {
  askTitle: string;
  workflow: string;
  about: string;
  deadline: string;
  approvals: string;
  someOf: (given: number, needed: number) => string;
  comment: string;
  approve: string;
  reject: string;
  choose: string;
  thanks: Record<'approved' | 'rejected', string>;
  goesOn: string;
  othersMissing: string;
  overTitle: string;
  tooLateTitle: string;
  decided: Record<'approved' | 'rejected', (by: string, at: string) => string>;
  expired: (at: string) => string;
  canceled: string;
  yours: (at: string) => string;
  unknown: { title: string; text: string };
  foreign: { title: string; text: string };
  away: { title: string; text: string };
}

const en: PageText = {
  askTitle: 'Your decision is needed',
  workflow: 'Workflow',
  about: 'About',
  deadline: 'Until',
  approvals: 'Approvals',
  someOf: (given, needed) => `${given} of ${needed} so far`,
  comment: 'Comment (optional)',
  approve: 'Approve',
  reject: 'Reject',
  choose: 'Choose whether to approve or to reject.',
  thanks: { approved: 'You have approved it', rejected: 'You have rejected it' },
  goesOn: 'The workflow goes on. You can close this page.',
  othersMissing:
    'Your approval is recorded; it goes on when the others have approved too. You can close this page.',
  overTitle: 'There is nothing left to decide',
  tooLateTitle: 'Your decision came too late',
  decided: {
    approved: (by, at) => `${by} approved it on ${at}.`,
    rejected: (by, at) => `${by} rejected it on ${at}.`,
  },
  expired: (at) => `The time to decide ended on ${at}.`,
  canceled: 'The workflow was stopped before a decision was made.',
  yours: (at) => `You approved it on ${at}. It goes on when the others have approved too.`,
  unknown: {
    title: 'This link leads nowhere',
    text: 'It may be incomplete or no longer valid. Open it from the message again, or decide in the application.',
  },
  foreign: {
    title: 'Nothing was decided',
    text: 'The request came from another site. Open the link from the message and decide there.',
  },
  away: { title: 'Not available at the moment', text: 'Nothing was decided. Try again in a few minutes.' },
};

const it: PageText = {
  askTitle: 'Serve la tua decisione',
  workflow: 'Flusso',
  about: 'Riguarda',
  deadline: 'Entro il',
  approvals: 'Approvazioni',
  someOf: (given, needed) => `${given} su ${needed} finora`,
  comment: 'Commento (facoltativo)',
  approve: 'Approva',
  reject: 'Rifiuta',
  choose: 'Scegli se approvare o rifiutare.',
  thanks: { approved: 'Hai approvato', rejected: 'Hai rifiutato' },
  goesOn: 'Il flusso prosegue. Puoi chiudere questa pagina.',
  othersMissing:
    'La tua approvazione è registrata; si prosegue quando avranno approvato anche gli altri. Puoi chiudere questa pagina.',
  overTitle: 'Non c’è più niente da decidere',
  tooLateTitle: 'La tua decisione è arrivata tardi',
  decided: {
    approved: (by, at) => `${by} ha approvato il ${at}.`,
    rejected: (by, at) => `${by} ha rifiutato il ${at}.`,
  },
  expired: (at) => `Il tempo per decidere è finito il ${at}.`,
  canceled: 'Il flusso è stato fermato prima di una decisione.',
  yours: (at) => `Hai approvato il ${at}. Si prosegue quando avranno approvato anche gli altri.`,
  unknown: {
    title: 'Questo collegamento non porta a niente',
    text: 'Forse è incompleto o non più valido. Riaprilo dal messaggio, oppure decidi nell’applicazione.',
  },
  foreign: {
    title: 'Non è stato deciso niente',
    text: 'La richiesta veniva da un altro sito. Apri il collegamento dal messaggio e decidi lì.',
  },
  away: {
    title: 'Al momento non disponibile',
    text: 'Non è stato deciso niente. Riprova tra qualche minuto.',
  },
};

export const approvePageTexts: Record<'en' | 'it', PageText> = { en, it };
