import * as z from 'zod';
import { field } from '../../core/block/define';

/** A document as the host's events and answers describe it; what the host adds beyond this is kept. */
export const documentSchema = z.looseObject({
  id: z
    .string()
    .min(1)
    .meta(field({ label: { en: 'Document id', it: 'Id documento' } })),
  title: z
    .string()
    .optional()
    .meta(field({ label: { en: 'Title', it: 'Titolo' } })),
  status: z
    .string()
    .optional()
    .meta(field({ label: { en: 'Status', it: 'Stato' } })),
  url: z
    .string()
    .nullish()
    .meta(field({ label: { en: 'Link', it: 'Link' } })),
  externalId: z
    .string()
    .nullish()
    .meta(field({ label: { en: 'External id', it: 'Id esterno' } })),
  tags: z
    .array(z.string())
    .optional()
    .meta(field({ label: { en: 'Tags', it: 'Etichette' } })),
  customFields: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .optional()
    .meta(field({ label: { en: 'Custom fields', it: 'Campi personalizzati' } })),
});

export const documentStatuses = {
  draft: { en: 'Draft', it: 'Bozza' },
  sent: { en: 'Sent for signature', it: 'Inviato alla firma' },
  partially_signed: { en: 'Partly signed', it: 'Firmato in parte' },
  completed: { en: 'Completed', it: 'Completato' },
  declined: { en: 'Declined', it: 'Rifiutato' },
  expired: { en: 'Expired', it: 'Scaduto' },
  archived: { en: 'Archived', it: 'Archiviato' },
};
