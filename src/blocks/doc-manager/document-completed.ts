import * as z from 'zod';
import { defineTrigger, field } from '../../core/block/define';
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
    const hasTag = !filter?.tag || (document.tags ?? []).some((tag) => sameText(tag, filter.tag as string));
    const title = (document.title ?? '').toLocaleLowerCase();
    return hasTag && (!filter?.titleContains || title.includes(filter.titleContains.toLocaleLowerCase()));
  },
  businessKeys: ({ document }) => [document.id, ...(document.externalId ? [document.externalId] : [])],
  title: ({ document }) => document.title,
  summary: (config, locale) => {
    const filter = (config.filter ?? {}) as { tag?: string; titleContains?: string };
    if (filter.tag) return locale === 'it' ? `Etichetta: ${filter.tag}` : `Tag: ${filter.tag}`;
    if (filter.titleContains)
      return locale === 'it' ? `Titolo: ${filter.titleContains}` : `Title: ${filter.titleContains}`;
    return locale === 'it' ? 'Tutti i documenti' : 'Every document';
  },
});

const sameText = (a: string, b: string): boolean =>
  a.trim().toLocaleLowerCase() === b.trim().toLocaleLowerCase();
