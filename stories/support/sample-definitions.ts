import type { WorkflowDefinition } from '../../src/core';

/** Document completed → over 1,000 euro? → yes: file it and tell the office; no: set its status. */
export const noticeDefinition: WorkflowDefinition = {
  schemaVersion: 1,
  nodes: [
    { id: 'trigger', type: 'doc-manager.document-completed', config: {} },
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
      id: 'message_k2pd',
      type: 'slack.send-message',
      label: 'Avvisa l’amministrazione',
      config: {
        channel: '#fatture',
        text: 'Il contratto {{trigger.payload.document.title}} è firmato: si può fatturare.',
      },
      retry: { maxAttempts: 3, backoff: 'exponential', delayMs: 500, maxDelayMs: 60_000 },
    },
    {
      id: 'status_p9ws',
      type: 'doc-manager.update-status',
      label: 'Aggiorna stato',
      config: { documentId: '{{trigger.payload.document.id}}', status: 'completed' },
    },
  ],
  edges: [
    { id: 'e1', source: 'trigger', sourceHandle: 'next', target: 'if_7kq2' },
    { id: 'e2', source: 'if_7kq2', sourceHandle: 'true', target: 'status_m3xa' },
    { id: 'e3', source: 'status_m3xa', sourceHandle: 'next', target: 'message_k2pd' },
    { id: 'e4', source: 'if_7kq2', sourceHandle: 'false', target: 'status_p9ws' },
  ],
};

/** For every signer one message, then the document's status. */
export const signersDefinition: WorkflowDefinition = {
  schemaVersion: 1,
  nodes: [
    { id: 'trigger', type: 'doc-manager.document-completed', config: {} },
    {
      id: 'loop_q8ra',
      type: 'flow.loop',
      label: 'Per ogni firmatario',
      config: { items: '{{trigger.payload.signers}}', onItemError: 'continue' },
    },
    {
      id: 'if_2mvt',
      type: 'flow.if',
      label: 'È un cliente?',
      config: { match: 'any', conditions: [{ left: '{{loop.item.role}}', op: 'eq', right: 'signer' }] },
    },
    {
      id: 'message_w4nb',
      type: 'slack.send-message',
      label: 'Scrivi al referente',
      config: {
        channel: '{{loop.item.channel}}',
        text: '{{loop.item.name}} ha firmato {{trigger.payload.document.title}}.',
      },
    },
    {
      id: 'status_z6hd',
      type: 'doc-manager.update-status',
      label: 'Archivia il contratto',
      config: { documentId: '{{trigger.payload.document.id}}', status: 'archived' },
    },
  ],
  edges: [
    { id: 'e1', source: 'trigger', sourceHandle: 'next', target: 'loop_q8ra' },
    { id: 'e2', source: 'loop_q8ra', sourceHandle: 'each', target: 'if_2mvt' },
    { id: 'e3', source: 'if_2mvt', sourceHandle: 'true', target: 'message_w4nb' },
    { id: 'e4', source: 'loop_q8ra', sourceHandle: 'done', target: 'status_z6hd' },
  ],
};

/** Started by hand; nothing published yet. */
export const draftDefinition: WorkflowDefinition = {
  schemaVersion: 1,
  nodes: [
    {
      id: 'trigger',
      type: 'flow.manual',
      config: { fields: [{ name: 'cliente', type: 'text', required: true }] },
    },
    {
      id: 'message_t1gx',
      type: 'slack.send-message',
      label: 'Benvenuto',
      config: { channel: '#commerciale', text: 'Nuovo cliente: {{trigger.payload.cliente}}' },
    },
  ],
  edges: [{ id: 'e1', source: 'trigger', sourceHandle: 'next', target: 'message_t1gx' }],
};

const document = '{{trigger.payload.document';

/** Somebody confirms → it is sent, and the signed document awaited; rejected → the run ends as failed. */
export const confirmDefinition: WorkflowDefinition = {
  schemaVersion: 1,
  nodes: [
    { id: 'trigger', type: 'doc-manager.document-completed', config: {} },
    {
      id: 'approval_t4gk',
      type: 'flow.approval',
      label: 'Conferma dell’ufficio',
      config: {
        message: `Inviare «${document}.title}}» al cliente?`,
        deadline: { amount: 1, unit: 'days' },
      },
    },
    {
      id: 'message_r5va',
      type: 'slack.send-message',
      label: 'Invia al referente',
      config: { channel: '#clienti', text: `Da firmare: ${document}.title}}` },
    },
    {
      id: 'wait_b7qe',
      type: 'flow.wait',
      label: 'Attendi la firma',
      config: {
        for: 'event',
        event: 'document.completed',
        where: [{ path: 'document.id', equals: `${document}.id}}` }],
        timeoutAmount: 7,
        timeoutUnit: 'days',
      },
    },
    {
      id: 'status_c8nd',
      type: 'doc-manager.update-status',
      label: 'Archivia il contratto',
      config: { documentId: `${document}.id}}`, status: 'archived' },
    },
    {
      id: 'message_u2lf',
      type: 'slack.send-message',
      label: 'Rispondi al messaggio',
      config: { channel: '#clienti', text: 'Manca ancora la firma: {{step.message_r5va.output.ts}}' },
    },
    {
      id: 'stop_x2mz',
      type: 'flow.stop',
      label: 'Non inviare',
      config: { status: 'failed', message: 'L’ufficio non ha confermato l’invio.' },
    },
  ],
  edges: [
    { id: 'e1', source: 'trigger', sourceHandle: 'next', target: 'approval_t4gk' },
    { id: 'e2', source: 'approval_t4gk', sourceHandle: 'approved', target: 'message_r5va' },
    { id: 'e3', source: 'approval_t4gk', sourceHandle: 'rejected', target: 'stop_x2mz' },
    { id: 'e4', source: 'message_r5va', sourceHandle: 'next', target: 'wait_b7qe' },
    { id: 'e5', source: 'wait_b7qe', sourceHandle: 'resumed', target: 'status_c8nd' },
    { id: 'e6', source: 'wait_b7qe', sourceHandle: 'timed_out', target: 'message_u2lf' },
  ],
};
