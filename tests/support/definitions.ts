import type { WorkflowDefinition, WorkflowEdge, WorkflowNode } from '../../src/core';
import type { Json } from '../../src/core/json';

type NewNode = Partial<Omit<WorkflowNode, 'id' | 'type'>> & { config?: Record<string, Json> };

export const node = (id: string, type: string, rest: NewNode = {}): WorkflowNode => ({
  id,
  type,
  config: {},
  ...rest,
});

/** `'if_1:true -> slack_1'`, or `'trigger -> if_1'` for the handle `next`. */
export function edge(text: string): WorkflowEdge {
  const [from = '', target = ''] = text.split(' -> ');
  const [source = '', sourceHandle = 'next'] = from.split(':');
  return { id: text.replace(/[^a-z0-9_]/g, '_'), source, sourceHandle, target };
}

export function definition(nodes: WorkflowNode[], edges: string[]): WorkflowDefinition {
  const trigger = nodes.some((candidate) => candidate.id === 'trigger')
    ? []
    : [node('trigger', 'flow.manual')];
  return { schemaVersion: 1, nodes: [...trigger, ...nodes], edges: edges.map(edge) };
}

export const condition = (left: Json, op: string, right?: Json) => ({
  conditions: [{ left, op, ...(right === undefined ? {} : { right }) }],
});

/** Document completed → over 1,000 euro? → yes: Slack message; no: status update. */
export const contractWorkflow: WorkflowDefinition = definition(
  [
    node('trigger', 'doc-manager.document-completed'),
    node('if_amount', 'flow.if', {
      config: condition('{{trigger.payload.document.customFields.importo}}', 'gt', '1000'),
    }),
    node('slack_notify', 'slack.send-message', {
      config: {
        channel: '#fatture',
        text: '{{trigger.payload.document.title}}: {{trigger.payload.document.customFields.importo | currency: "EUR"}}',
      },
    }),
    node('status_archive', 'doc-manager.update-status', {
      config: { documentId: '{{trigger.payload.document.id}}', status: 'archived' },
    }),
  ],
  ['trigger -> if_amount', 'if_amount:true -> slack_notify', 'if_amount:false -> status_archive'],
);

export const completedDocument = (importo: number, id = 'doc_9') => ({
  document: {
    id,
    title: 'Contratto Rossi',
    status: 'completed',
    tags: ['contratto'],
    customFields: { importo },
  },
  signers: [{ name: 'Mario Rossi', email: 'mario@rossi.example' }],
});
