import * as z from 'zod';
import { defineBlock, field, type WorkflowDefinition } from '../../src/core';

/** Document completed → over 1,000 euro? → yes: file it, then write to every signer; no: tell the office; both end in one status. */
export const branchesDefinition: WorkflowDefinition = {
  schemaVersion: 1,
  nodes: [
    { id: 'trigger', type: 'doc-manager.document-completed', config: { filter: { tag: 'contratto' } } },
    {
      id: 'if_7kq2',
      type: 'flow.if',
      label: 'Oltre 1.000 €?',
      config: {
        match: 'all',
        conditions: [{ left: '{{trigger.payload.document.customFields.importo}}', op: 'gt', right: '1000' }],
      },
    },
    {
      id: 'status_m3xa',
      type: 'doc-manager.update-status',
      label: 'Archivia il contratto',
      config: { documentId: '{{trigger.payload.document.id}}', status: 'archived' },
    },
    {
      id: 'loop_q8ra',
      type: 'flow.loop',
      label: 'Per ogni firmatario',
      config: { items: '{{trigger.payload.signers}}' },
    },
    {
      id: 'message_w4nb',
      type: 'slack.send-message',
      label: 'Scrivi al referente',
      config: {
        channel: '#contratti',
        text: 'Ciao {{loop.item.name}}, abbiamo ricevuto la tua firma su {{trigger.payload.document.title}}.',
      },
    },
    {
      id: 'message_k2pd',
      type: 'slack.send-message',
      label: 'Avvisa l’amministrazione',
      config: { channel: '#fatture', text: 'Il contratto {{trigger.payload.document.title}} è firmato.' },
    },
    {
      id: 'status_p9ws',
      type: 'doc-manager.update-status',
      config: { documentId: '{{trigger.payload.document.id}}', status: 'completed' },
    },
  ],
  edges: [
    { id: 'e1', source: 'trigger', sourceHandle: 'next', target: 'if_7kq2' },
    { id: 'e2', source: 'if_7kq2', sourceHandle: 'true', target: 'status_m3xa' },
    { id: 'e3', source: 'status_m3xa', sourceHandle: 'next', target: 'loop_q8ra' },
    { id: 'e4', source: 'loop_q8ra', sourceHandle: 'each', target: 'message_w4nb' },
    { id: 'e5', source: 'loop_q8ra', sourceHandle: 'done', target: 'status_p9ws' },
    { id: 'e6', source: 'if_7kq2', sourceHandle: 'false', target: 'message_k2pd' },
    { id: 'e7', source: 'message_k2pd', sourceHandle: 'next', target: 'status_p9ws' },
  ],
};

/** Only a trigger. */
export const startDefinition: WorkflowDefinition = {
  schemaVersion: 1,
  nodes: [{ id: 'trigger', type: 'flow.manual', config: {} }],
  edges: [],
};

const label = (en: string, it: string) => ({ label: { en, it } });

/** A block with a field of every kind the form knows. */
export const everyKind = defineBlock({
  type: 'flow.every-kind',
  provider: 'flow',
  label: { en: 'Every kind of field', it: 'Ogni tipo di campo' },
  description: { en: 'For looking at the form', it: 'Per guardare il modulo' },
  icon: '▤',
  sideEffect: 'idempotent',
  input: z.strictObject({
    title: z
      .string()
      .min(1)
      .max(80)
      .meta(field(label('Title', 'Titolo'))),
    body: z
      .string()
      .optional()
      .meta(field({ ...label('Body', 'Testo'), widget: 'long-text' })),
    secret: z
      .string()
      .optional()
      .meta(field({ ...label('Secret', 'Segreto'), sensitive: true })),
    count: z
      .int()
      .min(1)
      .max(10)
      .meta(field(label('Count', 'Quantità'))),
    amount: z
      .number()
      .optional()
      .meta(field({ ...label('Amount', 'Importo'), widget: 'money' })),
    day: z.iso
      .date()
      .optional()
      .meta(field(label('Day', 'Giorno'))),
    at: z.iso
      .datetime()
      .optional()
      .meta(field(label('Moment', 'Momento'))),
    urgent: z
      .boolean()
      .default(false)
      .meta(field(label('Urgent', 'Urgente'))),
    kind: z
      .enum(['a', 'b'])
      .default('a')
      .meta(
        field({
          ...label('Kind', 'Genere'),
          values: { a: label('First', 'Primo').label, b: label('Second', 'Secondo').label },
        }),
      ),
    size: z.enum(['xs', 's', 'm', 'l', 'xl']).meta(field(label('Size', 'Taglia'))),
    channel: z
      .string()
      .meta(field({ ...label('Channel', 'Canale'), widget: 'remote-select', options: 'channels' })),
    anything: z.unknown().meta(field({ ...label('Anything', 'Qualsiasi cosa'), widget: 'reference' })),
    address: z
      .strictObject({
        city: z.string().meta(field(label('City', 'Città'))),
        zip: z
          .string()
          .optional()
          .meta(field(label('Postcode', 'CAP'))),
      })
      .optional()
      .meta(field(label('Address', 'Indirizzo'))),
    lines: z
      .array(
        z.strictObject({
          what: z.string().meta(field(label('What', 'Cosa'))),
          price: z.number().meta(field({ ...label('Price', 'Prezzo'), widget: 'money' })),
        }),
      )
      .min(1)
      .meta(field(label('Lines', 'Righe'))),
    tags: z
      .array(z.string())
      .optional()
      .meta(field(label('Tags', 'Etichette'))),
    headers: z
      .record(z.string(), z.string())
      .optional()
      .meta(field(label('Headers', 'Intestazioni'))),
    wait: z
      .discriminatedUnion('for', [
        z.strictObject({
          for: z.literal('duration'),
          minutes: z.int().meta(field(label('Minutes', 'Minuti'))),
        }),
        z.strictObject({
          for: z.literal('until'),
          date: z.iso.date().meta(field(label('Until', 'Fino al'))),
        }),
      ])
      .meta(
        field({
          ...label('Wait', 'Attesa'),
          values: {
            duration: label('For a while', 'Per un po’').label,
            until: label('Until a day', 'Fino a un giorno').label,
          },
        }),
      ),
  }),
  output: z.object({ done: z.boolean().meta(field(label('Done', 'Fatto'))) }),
  sample: { done: true },
});

/** A definition with that block behind the trigger. */
export const everyKindDefinition: WorkflowDefinition = {
  schemaVersion: 1,
  nodes: [
    { id: 'trigger', type: 'doc-manager.document-completed', config: {} },
    { id: 'kind_a1b2', type: 'flow.every-kind', config: { lines: [{ what: 'Consulenza', price: 1200 }] } },
  ],
  edges: [{ id: 'e1', source: 'trigger', sourceHandle: 'next', target: 'kind_a1b2' }],
};
