const en = {
  'run.status.queued': 'Queued',
  'run.status.running': 'Running',
  'run.status.waiting': 'Waiting',
  'run.status.succeeded': 'Succeeded',
  'run.status.failed': 'Failed',
  'run.status.canceled': 'Canceled',
  'run.status.needs_attention': 'To be checked',
  'step.status.pending': 'Not reached',
  'step.status.running': 'Running',
  'step.status.waiting': 'Waiting',
  'step.status.succeeded': 'Done',
  'step.status.failed': 'Failed',
  'step.status.skipped': 'Skipped',
  'step.status.canceled': 'Canceled',
  'step.status.in_doubt': 'In doubt',
};

export type StatusMessageKey = keyof typeof en;

const it: Record<StatusMessageKey, string> = {
  'run.status.queued': 'In coda',
  'run.status.running': 'In corso',
  'run.status.waiting': 'In attesa',
  'run.status.succeeded': 'Riuscita',
  'run.status.failed': 'Non riuscita',
  'run.status.canceled': 'Annullata',
  'run.status.needs_attention': 'Da verificare',
  'step.status.pending': 'Non raggiunto',
  'step.status.running': 'In corso',
  'step.status.waiting': 'In attesa',
  'step.status.succeeded': 'Riuscito',
  'step.status.failed': 'Non riuscito',
  'step.status.skipped': 'Saltato',
  'step.status.canceled': 'Annullato',
  'step.status.in_doubt': 'In dubbio',
};

/** What the statuses of runs and steps are called. */
export const statusMessages = { en, it };
