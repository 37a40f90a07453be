import { readFile } from 'node:fs/promises';
import { askForSignatures, findDocument, makeDocument, type NewDocument } from './edits';
import { type Files, sha256 } from './files';
import { HttpError } from './http-error';
import { isSignablePdf, sealPdf } from './pdf';
import type { Signer, Store, StoredDocument } from './store';

export interface Documents {
  list: (companyId: string) => StoredDocument[];
  /** A document of this company; any other id, known or not, is a 404. */
  get: (companyId: string, id: string) => StoredDocument;
  add: (companyId: string, createdBy: string, document: NewDocument) => Promise<StoredDocument>;
  requestSignature: (
    companyId: string,
    id: string,
    signers: { name: string; email: string }[],
  ) => StoredDocument;
  findBySigningToken: (token: string) => { document: StoredDocument; signer: Signer };
  /** Signs once; whoever signs last completes the document. */
  sign: (token: string, signedAs: string) => Promise<void>;
  /** Completes what a crash left signed by everybody and not completed. */
  resume: () => Promise<void>;
}

/** The life of a document: draft, sent, partially signed, completed. `onCompleted` is told once the event is in the outbox. */
export function createDocuments(
  store: Store,
  files: Files,
  publicUrl: string,
  onCompleted: () => void,
): Documents {
  const find = (id: string, documents = store.current.documents) =>
    documents.find((document) => document.id === id);

  const get: Documents['get'] = (companyId, id) => findDocument(store.current, companyId, id);

  const findBySigningToken: Documents['findBySigningToken'] = (token) => {
    for (const document of store.current.documents) {
      const signer = document.signatureRequest?.signers.find((candidate) => candidate.token === token);
      if (signer) return { document, signer };
    }
    throw new HttpError(404, 'not_found');
  };

  /** The status and its event are one write: neither can exist without the other, and a second call finds it done. */
  const complete = async (id: string): Promise<void> => {
    const document = find(id);
    if (!document?.signatureRequest || document.completedAt) return;
    const signedBytes = await sealPdf(
      await readFile(files.pathOf(id, 'original')),
      document.title,
      document.file.sha256,
      document.signatureRequest.signers.map((signer) => ({
        name: signer.name,
        email: signer.email,
        signedAs: signer.signedAs ?? signer.name,
        signedAt: signer.signedAt ?? '',
      })),
    );
    await files.write(id, 'signed', signedBytes);
    store.change((state) => {
      const completed = find(id, state.documents);
      if (!completed || completed.completedAt) return;
      completed.status = 'completed';
      completed.completedAt = new Date().toISOString();
      completed.version += 1;
      completed.signedFile = {
        filename: completed.file.filename.replace(/(\.pdf)?$/i, '-firmato.pdf'),
        sizeBytes: signedBytes.length,
        sha256: sha256(signedBytes),
      };
      state.outbox.push(completedEvent(completed, publicUrl));
    });
    onCompleted();
  };

  return {
    get,
    findBySigningToken,
    list: (companyId) =>
      store.current.documents.filter((document) => document.companyId === companyId).reverse(),
    add: async (companyId, createdBy, added) => {
      if (!(await isSignablePdf(added.bytes))) throw new HttpError(422, 'not_a_pdf');
      const document = makeDocument(companyId, createdBy, added);
      await files.write(document.id, 'original', added.bytes);
      store.change((state) => void state.documents.push(document));
      return document;
    },
    requestSignature: (companyId, id, signers) =>
      store.change((state) => {
        const document = findDocument(state, companyId, id);
        askForSignatures(document, signers, null);
        return document;
      }),
    sign: async (token, signedAs) => {
      const { document } = findBySigningToken(token);
      const isSignedByAll = store.change((state) => {
        const changed = find(document.id, state.documents) as StoredDocument;
        const signers = changed.signatureRequest?.signers ?? [];
        const signer = signers.find((candidate) => candidate.token === token) as Signer;
        if (signer.signedAt) throw new HttpError(409, 'already_signed');
        Object.assign(signer, { signedAs, signedAt: new Date().toISOString() });
        changed.status = 'partially_signed';
        return isSigned(changed);
      });
      if (isSignedByAll) await complete(document.id);
    },
    resume: async () => {
      const unfinished = store.current.documents.filter(
        (document) => isSigned(document) && !document.completedAt,
      );
      for (const { id } of unfinished) await complete(id);
    },
  };
}

const isSigned = ({ signatureRequest }: StoredDocument): boolean =>
  signatureRequest?.signers.every((signer) => signer.signedAt !== null) ?? false;

/** The event's id comes from the signature request, so that sending it again is recognised as the same event. */
function completedEvent(document: StoredDocument, publicUrl: string) {
  const request = document.signatureRequest;
  return {
    id: `evt_${request?.id}_completed`,
    type: 'document.completed' as const,
    companyId: document.companyId,
    data: {
      document: {
        id: document.id,
        title: document.title,
        status: document.status,
        url: `${publicUrl}/documents/${document.id}`,
        externalId: null,
        tags: document.tags,
        customFields: document.customFields,
      },
      signatureRequestId: request?.id,
      completedAt: document.completedAt,
      signers: request?.signers.map(({ name, email, signedAt }) => ({
        name,
        email,
        role: 'signer',
        status: 'signed',
        signedAt,
      })),
      files: [{ kind: 'signed', ...document.signedFile }],
    },
  };
}
