import { readFile } from 'node:fs/promises';
import {
  type DocManagerHost,
  type DocumentRef,
  type HostCall,
  HostError,
  type HostErrorCode,
  type HostFile,
} from 'trama/server';
import { askForSignatures, findDocument, makeDocument } from './edits';
import type { Files } from './files';
import { HttpError } from './http-error';
import { isSignablePdf } from './pdf';
import { users } from './people';
import type { HostState, Store, StoredDocument } from './store';

const KEPT_ANSWERS = 1_000;
/** Shown where a person's name stands otherwise. */
const CREATED_BY = 'Trama';

/** What workflows may do with our documents: always within the company of the run, and each change once. */
export function createHost(store: Store, files: Files, publicUrl: string): DocManagerHost {
  const find = (state: Pick<HostState, 'documents'>, companyId: string, id: string): StoredDocument =>
    asHostError(() => findDocument(state, companyId, id), `There is no document "${id}" in this company.`);

  const describe = ({ id, title, status, version }: StoredDocument): DocumentRef => ({
    ...{ id, title, status, version },
    url: `${publicUrl}/documents/${id}`,
  });

  /** The answer is kept in the same write as the change: a repeated call finds both or neither. */
  const once = <T>({ companyId, idempotencyKey }: HostCall, edit: (state: HostState) => T): T =>
    store.change((state) => {
      const key = `${companyId}/${idempotencyKey}`;
      const known = state.answers.find((answer) => answer.key === key);
      if (known) return known.answer as T;
      const answer = edit(state);
      state.answers = [...state.answers, { key, answer }].slice(-KEPT_ANSWERS);
      return answer;
    });

  const setStatus = (call: HostCall, documentId: string, status: string, note: string | undefined) =>
    once(call, (state) => {
      const document = find(state, call.companyId, documentId);
      document.status = status;
      document.note = note ?? document.note;
      document.version += 1;
      return describe(document);
    });

  return {
    getDocument: async ({ companyId }, { documentId }) =>
      describe(find(store.current, companyId, documentId)),
    updateStatus: async (call, { documentId, status, note }) => setStatus(call, documentId, status, note),
    archiveDocument: async (call, { documentId, reason }) => setStatus(call, documentId, 'archived', reason),
    uploadDocument: async (call, { title, file, tags = [], customFields = {} }) => {
      if (!(await isSignablePdf(file.bytes)))
        throw new HostError(
          'invalid',
          `"${file.filename}" is no PDF that can be opened; only those are kept here.`,
        );
      const { filename, bytes } = file;
      const ours = { importo: toAmount(customFields.importo), cliente: String(customFields.cliente ?? '') };
      const document = makeDocument(call.companyId, CREATED_BY, {
        title,
        filename,
        bytes,
        tags,
        customFields: ours,
      });
      // First the file: should the process end here, a file without a document is left, which nobody sees.
      await files.write(document.id, 'original', bytes);
      return once(call, (state) => {
        state.documents.push(document);
        return describe(document);
      });
    },
    requestSignature: async (call, { documentId, signers, message }) =>
      once(call, (state) => {
        const document = find(state, call.companyId, documentId);
        const asked = signers.filter(({ role }) => role !== 'cc');
        if (asked.length === 0)
          throw new HostError('invalid', 'Nobody is asked to sign: all receive a copy only.');
        const signatureRequestId = asHostError(
          () => askForSignatures(document, asked, message ?? null),
          `Signatures were requested for "${document.title}" before.`,
        );
        return { signatureRequestId, document: describe(document) };
      }),
    downloadDocument: async ({ companyId }, { documentId, rendition }) =>
      readRendition(files, find(store.current, companyId, documentId), rendition),
    list: {
      people: async ({ companyId }, q) =>
        users
          .filter((user) => user.companyId === companyId && user.role !== 'viewer')
          .filter(({ id, name }) => id === q || includes(name, q))
          .map(({ id, name }) => ({ id, label: name })),
      documents: async ({ companyId }, q) =>
        store.current.documents
          .filter((document) => document.companyId === companyId && includes(document.title, q))
          .map(({ id, title }) => ({ id, label: title })),
    },
  };
}

async function readRendition(
  files: Files,
  { id, title, file, signedFile }: StoredDocument,
  rendition: 'original' | 'signed' | undefined,
): Promise<HostFile> {
  const chosen = rendition ?? (signedFile ? 'signed' : 'original');
  const stored = chosen === 'signed' ? signedFile : file;
  if (!stored) throw new HostError('not_found', `"${title}" has not been signed yet.`);
  const bytes = await readFile(files.pathOf(id, chosen));
  return { filename: stored.filename, contentType: 'application/pdf', bytes };
}

const codes: Record<string, HostErrorCode> = { not_found: 'not_found', already_requested: 'conflict' };

/** The same refusals the pages get, in the words of the port. */
function asHostError<T>(act: () => T, message: string): T {
  try {
    return act();
  } catch (error) {
    const code = error instanceof HttpError ? codes[error.code] : undefined;
    throw code ? new HostError(code, message) : error;
  }
}

function toAmount(value: unknown): number | null {
  const amount = value === null || value === undefined || value === '' ? Number.NaN : Number(value);
  return Number.isFinite(amount) ? amount : null;
}

const includes = (title: string, q: string): boolean => title.toLowerCase().includes(q.toLowerCase());
