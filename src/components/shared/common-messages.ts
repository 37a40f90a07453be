const en = {
  'common.cancel': 'Cancel',
  'common.close': 'Close',
  'common.save': 'Save',
  'common.retry': 'Try again',
  'common.loading': 'Loading…',
  'common.optional': 'optional',
  'common.yes': 'Yes',
  'common.no': 'No',
  'common.copy': 'Copy',
  'common.copied': 'Copied',

  'reference.run': 'This run',
  'reference.workflow': 'Workflow',
  'reference.item': 'Item',
  'reference.index': 'Position',
};

export type CommonMessageKey = keyof typeof en;

const it: Record<CommonMessageKey, string> = {
  'common.cancel': 'Annulla',
  'common.close': 'Chiudi',
  'common.save': 'Salva',
  'common.retry': 'Riprova',
  'common.loading': 'Caricamento…',
  'common.optional': 'facoltativo',
  'common.yes': 'Sì',
  'common.no': 'No',
  'common.copy': 'Copia',
  'common.copied': 'Copiato',

  'reference.run': 'Questa esecuzione',
  'reference.workflow': 'Flusso',
  'reference.item': 'Elemento',
  'reference.index': 'Posizione',
};

/** Words every part of the kit may use. */
export const commonMessages = { en, it };
