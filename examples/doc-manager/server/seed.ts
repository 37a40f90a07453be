import { createWorkflowClient, type WorkflowClient } from 'trama/core';
import type { Documents } from './documents';
import { createSampleContract } from './pdf';
import { companies, type Sessions, users } from './people';
import { seededWorkflows } from './seed-workflows';
import type { Store } from './store';

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

/** Gives each company, once, three published workflows and two documents to try it with. */
export async function seed({ store, documents, sessions, workflowsUrl }: SeedParts): Promise<void> {
  for (const company of companies) {
    if (store.current.seeded.includes(company.id)) continue;
    const admin = users.find(({ companyId, role }) => companyId === company.id && role === 'admin');
    if (!admin) continue;
    const client = clientOf(workflowsUrl, sessions.cookieOf(admin));
    for (const workflow of seededWorkflows) await seedWorkflow(client, workflow);
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

async function seedWorkflow(
  client: WorkflowClient,
  { name, definition }: (typeof seededWorkflows)[number],
): Promise<void> {
  const { items } = await client.listWorkflows({ query: { q: name } });
  const workflow =
    items.find((item) => item.name === name) ?? (await client.createWorkflow({ body: { name, definition } }));
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
