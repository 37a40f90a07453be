import * as z from 'zod';
import { defineBlock, field } from '../../core/block/define';
import { documentSchema, documentStatuses } from './document';

export const updateStatus = defineBlock({
  type: 'doc-manager.update-status',
  provider: 'doc-manager',
  label: { en: 'Update status', it: 'Aggiorna stato' },
  description: { en: 'Sets a document’s status', it: 'Imposta lo stato di un documento' },
  icon: '⚑',
  sideEffect: 'idempotent',
  input: z.strictObject({
    documentId: z
      .string()
      .min(1)
      .max(200)
      .meta(field({ label: { en: 'Document', it: 'Documento' }, widget: 'reference' })),
    status: z
      .string()
      .min(1)
      .max(60)
      .meta(
        field({
          label: { en: 'New status', it: 'Nuovo stato' },
          widget: 'remote-select',
          options: 'statuses',
          values: documentStatuses,
        }),
      ),
    note: z
      .string()
      .max(2000)
      .optional()
      .meta(field({ label: { en: 'Note', it: 'Nota' }, widget: 'long-text' })),
  }),
  output: z.object({ document: documentSchema.meta(field({ label: { en: 'Document', it: 'Documento' } })) }),
  sample: { document: { id: 'doc_9', title: 'Contratto Rossi', status: 'archived' } },
  summary: (config, locale) => {
    const status = String(config.status ?? '');
    const label = Object.hasOwn(documentStatuses, status)
      ? documentStatuses[status as keyof typeof documentStatuses][locale]
      : status;
    return label || (locale === 'it' ? 'Stato da scegliere' : 'Choose a status');
  },
});
