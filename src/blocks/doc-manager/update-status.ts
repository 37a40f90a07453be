import * as z from 'zod';
import { defineBlock, field } from '../../core/block/define';
import { documentStatuses } from './document';
import { documentIdField, documentOutput } from './fields';

export const updateStatus = defineBlock({
  type: 'doc-manager.update-status',
  provider: 'doc-manager',
  label: { en: 'Update status', it: 'Aggiorna stato' },
  description: { en: 'Sets a document’s status', it: 'Imposta lo stato di un documento' },
  icon: '⚑',
  sideEffect: 'idempotent',
  input: z.strictObject({
    documentId: documentIdField,
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
  output: z.object({ document: documentOutput }),
  sample: { document: { id: 'doc_9', title: 'Contratto Rossi', status: 'archived' } },
  preview: ({ documentId, status }) => ({
    en: `Would set the document ${documentId} to “${labelOf(status, 'en')}”.`,
    it: `Metterebbe il documento ${documentId} nello stato «${labelOf(status, 'it')}».`,
  }),
  summary: (config, locale) => {
    const label = labelOf(String(config.status ?? ''), locale);
    return label || (locale === 'it' ? 'Stato da scegliere' : 'Choose a status');
  },
});

/** What people call a status; one of the host's own is shown as it is. */
function labelOf(status: string, locale: 'en' | 'it'): string {
  return Object.hasOwn(documentStatuses, status)
    ? documentStatuses[status as keyof typeof documentStatuses][locale]
    : status;
}
