import * as z from 'zod';
import { defineBlock, field } from '../../core/block/define';
import type { Json } from '../../core/json';
import { amountSchema, durationText, unitField, unitSchema } from '../flow/duration';
import { documentIdField, documentOutput } from './fields';
import { signerInput, signerOutput } from './signer';

export const requestSignature = defineBlock({
  type: 'doc-manager.request-signature',
  provider: 'doc-manager',
  label: { en: 'Request signature', it: 'Richiedi firma' },
  description: { en: 'Sends a document to be signed', it: 'Manda un documento alla firma' },
  icon: '✍',
  sideEffect: 'idempotent',
  handles: ['next', 'resumed', 'timed_out'],
  handlesFor: (config) => (config.waitForCompletion === true ? ['resumed', 'timed_out'] : ['next']),
  handleLabels: {
    resumed: { en: 'Signed by all', it: 'Firmato da tutti' },
    timed_out: { en: 'Not in time', it: 'Non in tempo' },
  },
  input: z.strictObject({
    documentId: documentIdField,
    signers: z
      .array(signerInput)
      .min(1)
      .max(50)
      .meta(field({ label: { en: 'Who is asked', it: 'A chi si chiede' } })),
    message: z
      .string()
      .max(2000)
      .optional()
      .meta(field({ label: { en: 'Message', it: 'Messaggio' }, widget: 'long-text' })),
    deadline: z
      .strictObject({
        amount: amountSchema.meta(field({ label: { en: 'Within', it: 'Entro' } })),
        unit: unitSchema.meta(field(unitField)),
      })
      .optional()
      .meta(
        field({
          label: { en: 'Deadline', it: 'Scadenza' },
          hint: { en: 'Empty: the request does not expire', it: 'Vuoto: la richiesta non scade' },
        }),
      ),
    waitForCompletion: z
      .boolean()
      .default(false)
      .meta(
        field({
          label: { en: 'Wait until all have signed', it: 'Attendi che tutti abbiano firmato' },
          hint: {
            en: 'Off: the workflow goes on as soon as the request is sent',
            it: 'Disattivato: il flusso prosegue appena inviata la richiesta',
          },
        }),
      ),
  }),
  output: z.object({
    document: documentOutput,
    signatureRequestId: z
      .string()
      .meta(field({ label: { en: 'Signature request', it: 'Richiesta di firma' } })),
    signers: z
      .array(signerOutput)
      .optional()
      .meta(field({ label: { en: 'Signers', it: 'Firmatari' } })),
    completedAt: z
      .string()
      .optional()
      .meta(field({ label: { en: 'Completed at', it: 'Completato il' } })),
    timedOutAt: z
      .string()
      .optional()
      .meta(field({ label: { en: 'Gave up at', it: 'Scaduto il' } })),
  }),
  sample: {
    document: { id: 'doc_9', title: 'Contratto Rossi', status: 'completed' },
    signatureRequestId: 'sr_4',
    signers: [
      {
        name: 'Mario Rossi',
        email: 'mario@rossi.example',
        role: 'signer',
        status: 'signed',
        signedAt: '2026-11-23T10:14:50Z',
      },
    ],
    completedAt: '2026-11-23T10:14:58Z',
    timedOutAt: '2026-12-01T08:00:00.000Z',
  },
  warnings: (config) => [...repeatedSigners(config), ...nobodySigns(config)],
  preview: ({ documentId, signers }) => {
    const names = signers.map(({ name }) => name).join(', ');
    return {
      en: `Would ask ${names} to sign the document ${documentId}.`,
      it: `Chiederebbe a ${names} di firmare il documento ${documentId}.`,
    };
  },
  summary: (config, locale) => {
    const names = signersOf(config).flatMap(({ name }) => (typeof name === 'string' && name ? [name] : []));
    if (names.length === 0) return locale === 'it' ? 'Firmatari da indicare' : 'Say who signs';
    return names.join(', ') + limitOf(config, locale);
  },
});

type Config = Readonly<Record<string, Json>>;

const signersOf = ({ signers }: Config): Record<string, Json>[] =>
  Array.isArray(signers)
    ? signers.filter(
        (signer): signer is Record<string, Json> =>
          typeof signer === 'object' && signer !== null && !Array.isArray(signer),
      )
    : [];

function limitOf({ deadline }: Config, locale: 'en' | 'it'): string {
  if (deadline === null || typeof deadline !== 'object' || Array.isArray(deadline)) return '';
  return ` (${locale === 'it' ? 'entro' : 'within'} ${durationText(deadline.amount, deadline.unit, locale)})`;
}

function repeatedSigners(config: Config) {
  const emails = signersOf(config).map(({ email }) =>
    String(email ?? '')
      .trim()
      .toLowerCase(),
  );
  return emails.flatMap((email, index) =>
    email !== '' && emails.indexOf(email) < index
      ? [
          {
            path: `signers[${index}].email`,
            text: {
              en: `${email} is asked twice.`,
              it: `${email} compare due volte tra i firmatari.`,
            },
          },
        ]
      : [],
  );
}

function nobodySigns(config: Config) {
  const signers = signersOf(config);
  if (signers.length === 0 || signers.some(({ role }) => role !== 'cc')) return [];
  const text = {
    en: 'Everybody only receives a copy: there is nobody to sign.',
    it: 'Tutti ricevono solo una copia: nessuno firma.',
  };
  return [{ path: 'signers', text }];
}
