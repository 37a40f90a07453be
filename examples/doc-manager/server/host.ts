import { type DocManagerHost, type DocumentRef, HostError } from 'trama/server';
import type { Store, StoredDocument } from './store';

const KEPT_ANSWERS = 1_000;

/** What workflows may do with our documents: always within the company of the run, and each change once. */
export function createHost(store: Store, publicUrl: string): DocManagerHost {
  const find = (documents: readonly StoredDocument[], companyId: string, id: string): StoredDocument => {
    const document = documents.find((candidate) => candidate.id === id && candidate.companyId === companyId);
    if (!document) throw new HostError('not_found', `There is no document "${id}" in this company.`);
    return document;
  };
  const describe = ({ id, title, status, version }: StoredDocument): DocumentRef => ({
    id,
    title,
    status,
    version,
    url: `${publicUrl}/documents/${id}`,
  });

  return {
    getDocument: async ({ companyId }, { documentId }) =>
      describe(find(store.current.documents, companyId, documentId)),
    updateStatus: async ({ companyId, idempotencyKey }, { documentId, status, note }) =>
      store.change((state) => {
        const key = `${companyId}/${idempotencyKey}`;
        const known = state.answers.find((answer) => answer.key === key);
        if (known) return known.answer;
        const document = find(state.documents, companyId, documentId);
        document.status = status;
        document.note = note ?? document.note;
        document.version += 1;
        const answer = describe(document);
        // The answer is kept in the same write as the change: a repeated call finds both or neither.
        state.answers = [...state.answers, { key, answer }].slice(-KEPT_ANSWERS);
        return answer;
      }),
  };
}
