import type { WorkflowDefinition } from 'trama';

const document = 'trigger.payload.document';
const signer = '{{trigger.payload.signers[0].email}}';
const invoice = 'step.fattura.output';

/** Everybody has signed: invoice, its PDF to the customer and to the office, and the document is filed away. */
const invoiceAfterSignature: WorkflowDefinition = {
  schemaVersion: 1,
  nodes: [
    { id: 'trigger', type: 'doc-manager.document-completed', label: 'Contratto firmato', config: {} },
    {
      id: 'fattura',
      type: 'fatture-in-cloud.create-invoice',
      label: 'Emetti la fattura',
      config: {
        client: { kind: 'inline', name: `{{${document}.customFields.cliente}}`, email: signer },
        items: [
          {
            name: `{{${document}.title}}`,
            quantity: 1,
            netPrice: `{{${document}.customFields.importo}}`,
          },
        ],
        due: 'days',
        dueInDays: 30,
      },
    },
    {
      id: 'email',
      type: 'resend.send-email',
      label: 'Invia la fattura al cliente',
      config: {
        to: signer,
        subject: `Fattura n. {{${invoice}.number}} · {{${document}.title}}`,
        text: `Gentile cliente,\nin allegato la fattura di {{${invoice}.amountGross | currency: "EUR"}}.\n\nCordiali saluti`,
        attachments: [`{{${invoice}.pdf}}`],
      },
    },
    {
      id: 'slack',
      type: 'slack.upload-file',
      label: 'Avvisa l’amministrazione',
      config: {
        channel: '#fatture',
        file: `{{${invoice}.pdf}}`,
        comment: `Fattura n. {{${invoice}.number}} a *{{${invoice}.client.name}}*: {{${invoice}.amountGross | currency: "EUR"}}`,
      },
    },
    {
      id: 'archivio',
      type: 'doc-manager.archive-document',
      label: 'Archivia il documento',
      config: { documentId: `{{${document}.id}}`, reason: `Fatturato: n. {{${invoice}.number}}` },
    },
  ],
  edges: chain('trigger', 'fattura', 'email', 'slack', 'archivio'),
};

/** Every Monday at nine the office is told which invoices are still to be paid. */
const unpaidInvoices: WorkflowDefinition = {
  schemaVersion: 1,
  nodes: [
    {
      id: 'trigger',
      type: 'flow.schedule',
      label: 'Ogni lunedì alle 9',
      config: { cron: '0 9 * * 1', timeZone: 'Europe/Rome' },
    },
    {
      id: 'elenco',
      type: 'fatture-in-cloud.list-invoices',
      label: 'Cerca le fatture da incassare',
      config: { status: 'not_paid', limit: 50 },
    },
    {
      id: 'ciclo',
      type: 'flow.loop',
      label: 'Per ogni fattura',
      config: { items: '{{step.elenco.output.invoices}}' },
    },
    {
      id: 'promemoria',
      type: 'slack.send-message',
      label: 'Ricorda chi deve pagare',
      config: {
        channel: '#fatture',
        text: 'Da incassare: n. {{loop.item.number}} a *{{loop.item.client.name}}*, {{loop.item.amountGross | currency: "EUR"}}',
      },
    },
  ],
  edges: [
    ...chain('trigger', 'elenco', 'ciclo'),
    { id: 'e_each', source: 'ciclo', sourceHandle: 'each', target: 'promemoria' },
  ],
};

/** Each step after the one before it. */
function chain(...ids: string[]): WorkflowDefinition['edges'] {
  return ids
    .slice(1)
    .map((target, index) => ({ id: `e_${target}`, source: ids[index] ?? '', sourceHandle: 'next', target }));
}

/** Workflows to begin with: each becomes a draft of the company's own. Their names and descriptions are in the texts. */
export const starters = { invoiceAfterSignature, unpaidInvoices };
export type StarterName = keyof typeof starters;
