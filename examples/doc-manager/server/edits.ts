import { randomBytes } from 'node:crypto';
import { sha256 } from './files';
import { HttpError } from './http-error';
import type { HostState, StoredDocument } from './store';

/** What the pages and the workflows both do to the documents: edits of the state, to be made inside one `store.change`. */

export interface NewDocument {
  title: string;
  filename: string;
  bytes: Uint8Array;
  tags: string[];
  customFields: StoredDocument['customFields'];
}

export const newId = (prefix: string): string => `${prefix}_${randomBytes(8).toString('hex')}`;
const newToken = (): string => randomBytes(24).toString('base64url');

/** A document of this company; any other id, known or not, is a 404. */
export function findDocument(
  { documents }: Pick<HostState, 'documents'>,
  companyId: string,
  id: string,
): StoredDocument {
  const document = documents.find((candidate) => candidate.id === id);
  if (document?.companyId !== companyId) throw new HttpError(404, 'not_found');
  return document;
}

export function makeDocument(
  companyId: string,
  createdBy: string,
  { bytes, filename, ...rest }: NewDocument,
): StoredDocument {
  return {
    ...rest,
    id: newId('doc'),
    companyId,
    status: 'draft',
    file: { filename, sizeBytes: bytes.length, sha256: sha256(bytes) },
    signedFile: null,
    note: null,
    version: 1,
    createdAt: new Date().toISOString(),
    createdBy,
    signatureRequest: null,
    completedAt: null,
  };
}

/** Gives each signer a page of their own to sign on. */
export function askForSignatures(
  document: StoredDocument,
  signers: { name: string; email: string }[],
  message: string | null,
): string {
  if (document.signatureRequest) throw new HttpError(409, 'already_requested');
  const id = newId('sr');
  const withLinks = signers.map(({ name, email }) => ({
    ...{ name, email, token: newToken() },
    ...{ signedAt: null, signedAs: null },
  }));
  document.signatureRequest = { id, message, signers: withLinks };
  document.status = 'sent';
  document.version += 1;
  return id;
}
