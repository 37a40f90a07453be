import { createWorkflowClient, type WorkflowClient, type WorkflowDefinition } from 'trama/core';
import type { Documents } from './documents';
import { createSampleContract } from './pdf';
import { companies, type Sessions, users } from './people';
import type { Store } from './store';

const WORKFLOW_NAME = 'Contratto firmato';

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

const samples = [
  { title: 'Contratto di consulenza Verdi', cliente: 'Verdi S.p.A.', importo: 1850 },
  { title: 'Lettera d’incarico Gallo', cliente: 'Gallo Impianti', importo: 640 },
];

export interface SeedParts {
  store: Store;
  documents: Documents;
  sessions: Sessions;
  /** Where the workflows answer, absolute. */
  workflowsUrl: string;
}

/** Gives each company, once, a published workflow and two documents to try it with. */
export async function seed({ store, documents, sessions, workflowsUrl }: SeedParts): Promise<void> {
  for (const company of companies) {
    if (store.current.seeded.includes(company.id)) continue;
    const admin = users.find(({ companyId, role }) => companyId === company.id && role === 'admin');
    if (!admin) continue;
    await seedWorkflow(clientOf(workflowsUrl, sessions.cookieOf(admin)));
    await seedDocuments(documents, company.id, company.name, admin.id);
    store.change((state) => void state.seeded.push(company.id));
  }
}

/** Our own API, called as this user would from the browser. */
const clientOf = (baseUrl: string, cookie: string): WorkflowClient =>
  createWorkflowClient({
    baseUrl,
    fetch: (input, init) =>
      fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), cookie } }),
  });

async function seedWorkflow(client: WorkflowClient): Promise<void> {
  const { items } = await client.listWorkflows({ query: { q: WORKFLOW_NAME } });
  const workflow =
    items.find(({ name }) => name === WORKFLOW_NAME) ??
    (await client.createWorkflow({ body: { name: WORKFLOW_NAME, definition: contractSigned } }));
  if (workflow.publishedVersion !== null) return;
  await client.publishWorkflow({ params: { id: workflow.id }, body: { revision: workflow.draft.revision } });
}

async function seedDocuments(
  documents: Documents,
  companyId: string,
  companyName: string,
  createdBy: string,
): Promise<void> {
  const existing = new Set(documents.list(companyId).map(({ title }) => title));
  for (const { title, cliente, importo } of samples.filter((sample) => !existing.has(sample.title))) {
    const price = new Intl.NumberFormat('it-IT', { style: 'currency', currency: 'EUR' }).format(importo);
    const bytes = await createSampleContract(title, [
      `Tra ${companyName} e ${cliente} si conviene quanto segue.`,
      `1. Oggetto. ${companyName} presta a ${cliente} le attività descritte nell’allegato, con la diligenza del buon professionista.`,
      `2. Corrispettivo. Per le attività è dovuto un corrispettivo di ${price}, oltre IVA, a trenta giorni dalla fattura.`,
      '3. Durata. Il contratto vale dalla data dell’ultima firma e per dodici mesi.',
      'Documento di esempio: non ha valore legale.',
    ]);
    const filename = `${title.toLowerCase().replace(/[^a-z]+/g, '-')}.pdf`;
    await documents.add(companyId, createdBy, {
      title,
      filename,
      bytes,
      tags: ['contratto'],
      customFields: { cliente, importo },
    });
  }
}
