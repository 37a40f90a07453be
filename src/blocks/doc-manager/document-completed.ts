import * as z from 'zod';
import { defineTrigger, field } from '../../core/block/define';
import { getOwn } from '../../core/json';
import { documentSchema } from './document';
import { signerOutput } from './signer';

export const documentCompleted = defineTrigger({
  type: 'doc-manager.document-completed',
  provider: 'doc-manager',
  event: 'document.completed',
  label: { en: 'Document completed', it: 'Documento completato' },
  description: { en: 'Starts when everyone has signed', it: 'Parte quando tutti hanno firmato' },
  icon: '✓',
  input: z.strictObject({
    filter: z
      .strictObject({
        tag: z
          .string()
          .max(120)
          .optional()
          .meta(field({ label: { en: 'Only with the tag', it: 'Solo con l’etichetta' } })),
        titleContains: z
          .string()
          .max(200)
          .optional()
          .meta(field({ label: { en: 'Only when the title contains', it: 'Solo se il titolo contiene' } })),
        customField: z
          .strictObject({
            name: z
              .string()
              .min(1)
              .max(120)
              .meta(field({ label: { en: 'Field', it: 'Campo' } })),
            value: z
              .string()
              .min(1)
              .max(200)
              .meta(field({ label: { en: 'Value', it: 'Valore' } })),
          })
          .optional()
          .meta(
            field({
              label: { en: 'Only with a custom field', it: 'Solo con un campo personalizzato' },
            }),
          ),
      })
      .optional()
      .meta(field({ label: { en: 'Which documents', it: 'Quali documenti' } })),
  }),
  output: z.looseObject({
    document: documentSchema.meta(field({ label: { en: 'Document', it: 'Documento' } })),
    signatureRequestId: z
      .string()
      .nullish()
      .meta(field({ label: { en: 'Signature request', it: 'Richiesta di firma' } })),
    completedAt: z
      .string()
      .optional()
      .meta(field({ label: { en: 'Completed at', it: 'Completato il' } })),
    signers: z
      .array(signerOutput)
      .optional()
      .meta(field({ label: { en: 'Signers', it: 'Firmatari' } })),
    files: z
      .array(z.looseObject({ kind: z.string(), filename: z.string() }))
      .optional()
      .meta(field({ label: { en: 'Files', it: 'File' } })),
  }),
  sample: {
    document: {
      id: 'doc_9',
      title: 'Contratto Rossi',
      status: 'completed',
      url: 'https://docs.example.com/documents/doc_9',
      externalId: null,
      tags: ['contratto'],
      customFields: { importo: 1200, cliente: 'Rossi S.r.l.' },
    },
    signatureRequestId: 'sr_4',
    completedAt: '2026-11-23T10:14:58Z',
    signers: [
      {
        name: 'Mario Rossi',
        email: 'mario@rossi.example',
        role: 'signer',
        status: 'signed',
        signedAt: '2026-11-23T10:14:50Z',
      },
    ],
    files: [{ kind: 'signed', filename: 'contratto.pdf' }],
  },
  matches: ({ filter }, { document }) => {
    const { tag, titleContains, customField } = filter ?? {};
    const hasTag = !tag || (document.tags ?? []).some((own) => sameText(own, tag));
    const title = (document.title ?? '').toLocaleLowerCase();
    const hasTitle = !titleContains || title.includes(titleContains.toLocaleLowerCase());
    // As text, so that 1200 meets "1200"; a field the document does not have is no value.
    const own = customField && getOwn(document.customFields, customField.name);
    const hasField = !customField || (own != null && sameText(String(own), customField.value));
    return hasTag && hasTitle && hasField;
  },
  businessKeys: ({ document }) => [document.id, ...(document.externalId ? [document.externalId] : [])],
  title: ({ document }) => document.title,
  summary: (config, locale) => {
    const filter = (config.filter ?? {}) as Filter;
    if (filter.tag) return locale === 'it' ? `Etichetta: ${filter.tag}` : `Tag: ${filter.tag}`;
    if (filter.titleContains)
      return locale === 'it' ? `Titolo: ${filter.titleContains}` : `Title: ${filter.titleContains}`;
    if (filter.customField?.name) return `${filter.customField.name}: ${filter.customField.value ?? '…'}`;
    return locale === 'it' ? 'Tutti i documenti' : 'Every document';
  },
});

interface Filter {
  tag?: string;
  titleContains?: string;
  customField?: { name?: string; value?: string };
}

const sameText = (a: string, b: string): boolean =>
  a.trim().toLocaleLowerCase() === b.trim().toLocaleLowerCase();
