import {
  type DocManagerHost,
  type HostCall,
  type HostMethod,
  type HostOption,
  hostMethods,
} from '../blocks/doc-manager/host';
import { createHostHandler } from '../blocks/doc-manager/host-handler.server';
import {
  addDocument,
  completeDocument,
  createActions,
  type FakeHostDocument,
  findDocument,
  type NewFakeDocument,
} from './host/state';
import { createListener, type Listener } from './support/listener';

/** One call the host received. `replayed`: answered from memory, because its key was known. */
export interface FakeHostCall {
  method: HostMethod;
  companyId: string;
  actor: HostCall['actor'];
  idempotencyKey: string;
  /** As it came; of a file everything but its bytes. */
  input: Record<string, unknown>;
  replayed: boolean;
}

export interface FakeHost extends DocManagerHost {
  readonly documents: readonly FakeHostDocument[];
  readonly calls: readonly FakeHostCall[];
  addDocument: (document: NewFakeDocument) => FakeHostDocument;
  /** Lets everybody sign; answers with the event to hand to `server.emit`. */
  complete: (documentId: string, at?: string) => ReturnType<typeof completeDocument>;
  /** The next `times` calls fail with this error, before anything is done. */
  failNext: (method: HostMethod, error: Error, times?: number) => void;
  /** The next call is carried out, and its answer is lost. */
  loseNextAnswer: (method: HostMethod) => void;
  /** Serves the port over HTTP on the loopback interface, for `httpHost({ baseUrl, secret })`; answers with the address. */
  listen: (secret: string, port?: number) => Promise<string>;
  /** Ends what `listen` began. */
  close: () => Promise<void>;
}

export interface FakeHostOptions {
  /** Folders of every company. @default "Contratti" and "Fatture" */
  folders?: readonly HostOption[];
  /** People of every company. @default no list: their ids are typed */
  people?: readonly HostOption[];
}

const statuses = [
  { id: 'draft', label: 'Bozza' },
  { id: 'sent', label: 'Inviato alla firma' },
  { id: 'partially_signed', label: 'Firmato in parte' },
  { id: 'completed', label: 'Completato' },
  { id: 'archived', label: 'Archiviato' },
];
const defaultFolders: readonly HostOption[] = [
  { id: 'fld_contratti', label: 'Contratti' },
  { id: 'fld_fatture', label: 'Fatture' },
];

/** A host application in memory: documents by company, every call written down, each idempotency key carried out once. */
export function createFakeHost(
  documents: readonly NewFakeDocument[] = [],
  { folders = defaultFolders, people }: FakeHostOptions = {},
): FakeHost {
  const kept: FakeHostDocument[] = [];
  const calls: FakeHostCall[] = [];
  const faults = createFaults();
  for (const document of documents) addDocument(kept, document);
  const matches = (q: string) => (option: HostOption) => option.label.toLowerCase().includes(q.toLowerCase());
  const host: DocManagerHost = {
    ...createMethods(kept, calls, faults),
    list: {
      folders: async (_, q) => folders.filter(matches(q)),
      statuses: async () => statuses,
      documents: async ({ companyId }, q) =>
        kept
          .filter((document) => document.companyId === companyId)
          .map(({ id, title }) => ({ id, label: title }))
          .filter(matches(q)),
      people: async (_, q) => people?.filter(matches(q)) ?? null,
    },
  };
  let listener: Listener | null = null;
  return {
    ...host,
    listen: (secret, port) => {
      // What the host throws on purpose is no news.
      listener = createListener(createHostHandler(host, { secret, onError: () => {} }));
      return listener.listen(port);
    },
    close: async () => listener?.close(),
    documents: kept,
    calls,
    addDocument: (document) => addDocument(kept, document),
    complete: (documentId, at = new Date().toISOString()) => {
      const companyId = kept.find(({ id }) => id === documentId)?.companyId ?? '';
      return completeDocument(findDocument(kept, companyId, documentId), at);
    },
    failNext: (method, error, times = 1) => {
      for (let index = 0; index < times; index += 1) faults.add({ method, error, isAnswerLost: false });
    },
    loseNextAnswer: (method) =>
      faults.add({ method, error: new Error('The answer was lost on the way.'), isAnswerLost: true }),
  };
}

interface Fault {
  method: HostMethod;
  error: Error;
  isAnswerLost: boolean;
}

function createFaults() {
  const waiting: Fault[] = [];
  return {
    add: (fault: Fault) => void waiting.push(fault),
    take: (method: HostMethod): Fault | undefined => {
      const index = waiting.findIndex((fault) => fault.method === method);
      return index === -1 ? undefined : waiting.splice(index, 1)[0];
    },
  };
}

const reads: readonly HostMethod[] = ['getDocument', 'downloadDocument'];

function createMethods(
  documents: FakeHostDocument[],
  calls: FakeHostCall[],
  faults: ReturnType<typeof createFaults>,
): Pick<DocManagerHost, HostMethod> {
  const actions = createActions(documents);
  const results = new Map<string, unknown>();
  const perform = async (method: HostMethod, call: HostCall, input: object) => {
    const { companyId, actor, idempotencyKey } = call;
    const key = `${companyId}/${method}/${idempotencyKey}`;
    const replayed = !reads.includes(method) && results.has(key);
    calls.push({ method, companyId, actor, idempotencyKey, input: withoutBytes(input), replayed });
    const fault = faults.take(method);
    if (fault && !fault.isAnswerLost) throw fault.error;
    const act = actions[method] as (companyId: string, input: object) => unknown;
    const result = replayed ? results.get(key) : act(companyId, input);
    results.set(key, result);
    if (fault) throw fault.error;
    return result;
  };
  const methods = hostMethods.map((method) => [
    method,
    (call: HostCall, input: object) => perform(method, call, input),
  ]);
  return Object.fromEntries(methods) as Pick<DocManagerHost, HostMethod>;
}

function withoutBytes(input: object): Record<string, unknown> {
  if (!('file' in input)) return { ...input };
  const { bytes: _bytes, ...file } = input.file as { bytes: Uint8Array };
  return { ...input, file };
}
