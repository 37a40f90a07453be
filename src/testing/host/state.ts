import {
  type DocManagerHost,
  type DocumentRef,
  HostError,
  type HostFile,
  type HostMethod,
  type HostSigner,
  type NewHostDocument,
} from '../../blocks/doc-manager/host';

export interface FakeHostDocument extends DocumentRef {
  companyId: string;
  note: string | null;
  folderId: string | null;
  tags: string[];
  customFields: NonNullable<NewHostDocument['customFields']>;
  original: HostFile;
  /** Once everybody has signed. */
  signed: HostFile | null;
  signatureRequest: FakeSignatureRequest | null;
}

export interface FakeSignatureRequest {
  id: string;
  signers: HostSigner[];
  message: string | null;
  expiresAt: string | null;
}

export type NewFakeDocument = { companyId: string } & Partial<FakeHostDocument>;

/** What a host's methods do to its documents, each within one company. */
export type FakeHostActions = {
  [M in HostMethod]: (
    companyId: string,
    input: Parameters<DocManagerHost[M]>[1],
  ) => Awaited<ReturnType<DocManagerHost[M]>>;
};

export function createActions(documents: FakeHostDocument[]): FakeHostActions {
  const find = (companyId: string, id: string) => findDocument(documents, companyId, id);
  return {
    uploadDocument: (companyId, { title, file, folderId, tags, customFields, externalId }) => {
      const { filename, contentType, bytes } = file;
      const facts = { companyId, title, status: 'draft', version: 1, folderId: folderId ?? null };
      const original = { filename, contentType, bytes };
      return describe(
        addDocument(documents, {
          ...facts,
          original,
          externalId,
          tags: tags ?? [],
          customFields: customFields ?? {},
        }),
      );
    },
    requestSignature: (companyId, { documentId, signers, message, expiresAt }) => {
      const document = find(companyId, documentId);
      if (document.signatureRequest)
        throw new HostError('conflict', 'A signature has been requested for this document already.');
      const id = `sr_${documents.indexOf(document) + 1}`;
      document.signatureRequest = { id, signers, message: message ?? null, expiresAt: expiresAt ?? null };
      return { signatureRequestId: id, document: describe(change(document, 'sent')) };
    },
    updateStatus: (companyId, { documentId, status, note }) =>
      describe(change(find(companyId, documentId), status, note)),
    archiveDocument: (companyId, { documentId, reason }) =>
      describe(change(find(companyId, documentId), 'archived', reason)),
    getDocument: (companyId, { documentId }) => describe(find(companyId, documentId)),
    downloadDocument: (companyId, { documentId, rendition }) => {
      const { original, signed } = find(companyId, documentId);
      if (rendition === 'signed' && !signed)
        throw new HostError('not_found', 'This document has no signed rendition yet.');
      return rendition === 'original' ? original : (signed ?? original);
    },
  };
}

export function addDocument(documents: FakeHostDocument[], document: NewFakeDocument): FakeHostDocument {
  const id = document.id ?? `doc_${documents.length + 1}`;
  const title = document.title ?? `Document ${id}`;
  const added: FakeHostDocument = {
    ...{ status: 'completed', note: null, folderId: null, tags: [], customFields: {} },
    original: {
      filename: `${id}.pdf`,
      contentType: 'application/pdf',
      bytes: Buffer.from(`%PDF-1.7 ${title}`),
    },
    ...{ signed: null, signatureRequest: null },
    ...document,
    ...{ id, title },
  };
  documents.push(added);
  return added;
}

/** A document of this company; any other id, known or not, is not found. */
export function findDocument(
  documents: readonly FakeHostDocument[],
  companyId: string,
  id: string,
): FakeHostDocument {
  const found = documents.find((document) => document.id === id && document.companyId === companyId);
  if (!found) throw new HostError('not_found', `There is no document "${id}" in this company.`);
  return found;
}

function change(document: FakeHostDocument, status: string, note?: string): FakeHostDocument {
  document.status = status;
  document.note = note ?? document.note;
  document.version = (document.version ?? 0) + 1;
  return document;
}

function describe({ id, title, status, url, version, externalId }: FakeHostDocument): DocumentRef {
  return { id, title, status, url, version, externalId };
}

/** Everybody signs: a signed rendition beside the original, and what the host tells of it. */
export function completeDocument(document: FakeHostDocument, at: string) {
  const { original, signatureRequest } = document;
  const filename = original.filename.replace(/(\.\w+)?$/, '-signed$1');
  document.signed = {
    ...original,
    filename,
    bytes: Buffer.concat([original.bytes, Buffer.from('\n% signed')]),
  };
  const { id, title, status, tags, customFields, externalId } = change(document, 'completed');
  return {
    type: 'document.completed',
    id: `evt_${id}_${document.version}`,
    companyId: document.companyId,
    data: {
      document: { id, title, status, externalId: externalId ?? null, tags, customFields },
      signatureRequestId: signatureRequest?.id ?? null,
      completedAt: at,
      signers: (signatureRequest?.signers ?? []).map(({ name, email, role = 'signer' }) => ({
        ...{ name, email, role, status: 'signed', signedAt: at },
      })),
      files: [{ kind: 'signed', filename }],
    },
  };
}
