import * as z from 'zod';
import { defineBlock, field } from '../../core/block/define';
import { documentIdField, documentOutput, isText } from './fields';

export const archiveDocument = defineBlock({
  type: 'doc-manager.archive-document',
  provider: 'doc-manager',
  label: { en: 'Archive document', it: 'Archivia documento' },
  description: { en: 'Files a document away', it: 'Ripone un documento in archivio' },
  icon: '▤',
  sideEffect: 'idempotent',
  input: z.strictObject({
    documentId: documentIdField,
    reason: z
      .string()
      .max(2000)
      .optional()
      .meta(field({ label: { en: 'Reason', it: 'Motivo' }, widget: 'long-text' })),
  }),
  output: z.object({ document: documentOutput }),
  sample: { document: { id: 'doc_9', title: 'Contratto Rossi', status: 'archived' } },
  preview: ({ documentId }) => ({
    en: `Would archive the document ${documentId}.`,
    it: `Archivierebbe il documento ${documentId}.`,
  }),
  summary: ({ documentId, reason }, locale) => {
    if (isText(reason)) return reason;
    if (isText(documentId)) return documentId;
    return locale === 'it' ? 'Documento da scegliere' : 'Choose a document';
  },
});
