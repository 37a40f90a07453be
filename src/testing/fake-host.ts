import {
  type DocManagerHost,
  type DocumentRef,
  type DocumentStatus,
  type HostCall,
  HostError,
} from '../blocks/doc-manager/host';

export interface FakeHostDocument extends DocumentRef {
  companyId: string;
  note: string | null;
}

/** One call the host received. `replayed`: answered from memory, because its key was known. */
export interface FakeHostCall {
  method: 'getDocument' | 'updateStatus';
  companyId: string;
  idempotencyKey: string;
  input: { documentId: string; status?: DocumentStatus; note?: string | undefined };
  replayed: boolean;
}

export interface FakeHost extends DocManagerHost {
  readonly documents: readonly FakeHostDocument[];
  readonly calls: readonly FakeHostCall[];
  addDocument: (document: { companyId: string } & Partial<FakeHostDocument>) => FakeHostDocument;
  /** The next `times` calls fail with this error, before anything is done. */
  failNext: (method: FakeHostCall['method'], error: Error, times?: number) => void;
  /** The next call is carried out, and its answer is lost. */
  loseNextAnswer: (method: FakeHostCall['method']) => void;
}

const statuses = [
  { id: 'draft', label: 'Bozza' },
  { id: 'sent', label: 'Inviato alla firma' },
  { id: 'partially_signed', label: 'Firmato in parte' },
  { id: 'completed', label: 'Completato' },
  { id: 'archived', label: 'Archiviato' },
];

/** A host application in memory: documents by company, every call written down, each idempotency key carried out once. */
export function createFakeHost(
  documents: readonly ({ companyId: string } & Partial<FakeHostDocument>)[] = [],
): FakeHost {
  const kept: FakeHostDocument[] = [];
  const calls: FakeHostCall[] = [];
  const results = new Map<string, DocumentRef>();
  const failures: { method: FakeHostCall['method']; error: Error; isAnswerLost: boolean }[] = [];

  const addDocument: FakeHost['addDocument'] = (document) => {
    const id = document.id ?? `doc_${kept.length + 1}`;
    const added: FakeHostDocument = {
      title: `Document ${id}`,
      status: 'completed',
      note: null,
      ...document,
      id,
    };
    kept.push(added);
    return added;
  };
  const find = (companyId: string, documentId: string): FakeHostDocument => {
    const found = kept.find((document) => document.id === documentId && document.companyId === companyId);
    if (!found) throw new HostError('not_found', `There is no document "${documentId}" in this company.`);
    return found;
  };
  const perform = async (
    method: FakeHostCall['method'],
    call: HostCall,
    input: FakeHostCall['input'],
    act: () => DocumentRef,
  ) => {
    const key = `${call.companyId}/${method}/${call.idempotencyKey}`;
    const known = method === 'getDocument' ? undefined : results.get(key);
    calls.push({
      method,
      companyId: call.companyId,
      idempotencyKey: call.idempotencyKey,
      input,
      replayed: known !== undefined,
    });
    const index = failures.findIndex((failure) => failure.method === method);
    const failure = index === -1 ? undefined : failures.splice(index, 1)[0];
    if (failure && !failure.isAnswerLost) throw failure.error;
    const result = known ?? act();
    results.set(key, result);
    if (failure) throw failure.error;
    return result;
  };
  for (const document of documents) addDocument(document);

  return {
    documents: kept,
    calls,
    addDocument,
    failNext: (method, error, times = 1) => {
      for (let index = 0; index < times; index += 1) failures.push({ method, error, isAnswerLost: false });
    },
    loseNextAnswer: (method) =>
      void failures.push({ method, error: new Error('The answer was lost on the way.'), isAnswerLost: true }),
    getDocument: (call, input) =>
      perform('getDocument', call, input, () => describe(find(call.companyId, input.documentId))),
    updateStatus: (call, input) =>
      perform('updateStatus', call, input, () => {
        const document = find(call.companyId, input.documentId);
        document.status = input.status;
        document.note = input.note ?? document.note;
        document.version = (document.version ?? 0) + 1;
        return describe(document);
      }),
    list: {
      statuses: async () => statuses,
      documents: async ({ companyId }, q) =>
        kept
          .filter(
            (document) =>
              document.companyId === companyId && document.title.toLowerCase().includes(q.toLowerCase()),
          )
          .map(({ id, title }) => ({ id, label: title })),
    },
  };
}

function describe({ companyId: _company, note: _note, ...document }: FakeHostDocument): DocumentRef {
  return { ...document };
}
