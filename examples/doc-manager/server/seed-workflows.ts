import type { WorkflowDefinition } from 'trama/core';

/** Over 1,000 euro the office is told on Slack; below, the document is filed away. */
const contractSigned: WorkflowDefinition = {
  schemaVersion: 1,
  nodes: [
    { id: 'trigger', type: 'doc-manager.document-completed', label: 'Contratto firmato', config: {} },
    {
      id: 'if_importo',
      type: 'flow.if',
      label: 'Oltre 1.000 €?',
      config: {
        match: 'all',
        conditions: [{ left: '{{trigger.payload.document.customFields.importo}}', op: 'gt', right: '1000' }],
      },
    },
    {
      id: 'message_fatture',
      type: 'slack.send-message',
      label: 'Avvisa l’amministrazione',
      config: {
        channel: '#fatture',
        text:
          'Firmato: *{{trigger.payload.document.title}}*\n' +
          'Cliente: {{trigger.payload.document.customFields.cliente | default: "da indicare"}}\n' +
          'Importo: {{trigger.payload.document.customFields.importo | currency: "EUR"}}',
      },
    },
    {
      id: 'status_archivio',
      type: 'doc-manager.update-status',
      label: 'Archivia il documento',
      config: { documentId: '{{trigger.payload.document.id}}', status: 'archived' },
    },
  ],
  edges: [
    { id: 'e_start', source: 'trigger', sourceHandle: 'next', target: 'if_importo' },
    { id: 'e_yes', source: 'if_importo', sourceHandle: 'true', target: 'message_fatture' },
    { id: 'e_no', source: 'if_importo', sourceHandle: 'false', target: 'status_archivio' },
  ],
};

const signed = '{{step.firma_richiesta.output.document';

/** Started by hand: asks for a signature, waits two weeks for it, keeps a copy of what was signed and files the document away. */
const signatureRound: WorkflowDefinition = {
  schemaVersion: 1,
  nodes: [
    {
      id: 'trigger',
      type: 'flow.manual',
      label: 'Documento da firmare',
      config: {
        fields: [
          { name: 'documento', label: 'Id del documento', type: 'text', required: true },
          { name: 'firmatario', label: 'Chi firma', type: 'text', required: true },
          { name: 'email', label: 'Email di chi firma', type: 'text', required: true },
        ],
      },
    },
    {
      id: 'firma_richiesta',
      type: 'doc-manager.request-signature',
      label: 'Chiedi la firma e attendi',
      config: {
        documentId: '{{trigger.payload.documento}}',
        signers: [{ name: '{{trigger.payload.firmatario}}', email: '{{trigger.payload.email}}' }],
        message: 'Le chiediamo di firmare entro due settimane. Grazie.',
        deadline: { amount: 14, unit: 'days' },
        waitForCompletion: true,
      },
    },
    {
      id: 'copia_firmata',
      type: 'doc-manager.upload-document',
      label: 'Conserva una copia firmata',
      config: {
        file: `${signed}.id}}`,
        title: `Copia firmata: ${signed}.title}}`,
        tags: ['copia firmata'],
        customFields: {
          cliente: `${signed}.customFields.cliente?}}`,
          importo: `${signed}.customFields.importo?}}`,
        },
      },
    },
    {
      id: 'archivio_firmato',
      type: 'doc-manager.archive-document',
      label: 'Archivia l’originale',
      config: { documentId: `${signed}.id}}`, reason: 'Firmato; la copia è tra i documenti.' },
    },
    {
      id: 'stato_scaduto',
      type: 'doc-manager.update-status',
      label: 'Segna come scaduto',
      config: { documentId: '{{trigger.payload.documento}}', status: 'expired' },
    },
  ],
  edges: [
    { id: 'e_start', source: 'trigger', sourceHandle: 'next', target: 'firma_richiesta' },
    { id: 'e_signed', source: 'firma_richiesta', sourceHandle: 'resumed', target: 'copia_firmata' },
    { id: 'e_copied', source: 'copia_firmata', sourceHandle: 'next', target: 'archivio_firmato' },
    { id: 'e_late', source: 'firma_richiesta', sourceHandle: 'timed_out', target: 'stato_scaduto' },
  ],
};

const spesa = '{{trigger.payload.';

/** Started by hand with what is to be bought: an administrator decides, whoever asked is told by email. */
const spendingRequest: WorkflowDefinition = {
  schemaVersion: 1,
  nodes: [
    {
      id: 'trigger',
      type: 'flow.manual',
      label: 'Richiesta',
      config: {
        fields: [
          { name: 'fornitore', label: 'Fornitore', type: 'text', required: true },
          { name: 'importo', label: 'Importo', type: 'money', required: true },
          {
            name: 'reparto',
            label: 'Reparto',
            type: 'choice',
            choices: ['Vendite', 'Cantieri', 'Ufficio'],
            required: true,
          },
          { name: 'entro', label: 'Serve entro il', type: 'date' },
          { name: 'motivo', label: 'Perché serve', type: 'long-text' },
          { name: 'email', label: 'Email di chi chiede', type: 'text', required: true },
        ],
      },
    },
    {
      id: 'decisione',
      type: 'flow.approval',
      label: 'Decide l’amministrazione',
      config: {
        message: `Approvare una spesa di ${spesa}importo | currency: "EUR"}} da ${spesa}fornitore}} (${spesa}reparto}})?`,
        approvers: ['role:admin'],
        deadline: { amount: 3, unit: 'days' },
      },
    },
    tellWhoAsked('approvata', 'Comunica l’approvazione', 'La spesa è approvata.'),
    tellWhoAsked('respinta', 'Comunica il rifiuto', 'La spesa non è approvata.'),
  ],
  edges: [
    { id: 'e_start', source: 'trigger', sourceHandle: 'next', target: 'decisione' },
    { id: 'e_yes', source: 'decisione', sourceHandle: 'approved', target: 'approvata' },
    { id: 'e_no', source: 'decisione', sourceHandle: 'rejected', target: 'respinta' },
  ],
};

function tellWhoAsked(id: string, label: string, outcome: string): WorkflowDefinition['nodes'][number] {
  const text = `${outcome}\n\nFornitore: ${spesa}fornitore}}\nImporto: ${spesa}importo | currency: "EUR"}}\nCommento: {{step.decisione.output.comment | default: "nessuno"}}`;
  return {
    ...{ id, type: 'resend.send-email', label },
    config: { to: `${spesa}email}}`, subject: `Richiesta di spesa: ${spesa}fornitore}}`, text },
  };
}

/** What every company begins with. */
export const seededWorkflows = [
  { name: 'Richiesta di spesa', definition: spendingRequest },
  { name: 'Richiesta di firma', definition: signatureRound },
  { name: 'Contratto firmato', definition: contractSigned },
];
