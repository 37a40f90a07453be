import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StoredFile } from '../shared/types';

export interface Signer {
  name: string;
  email: string;
  /** Whoever holds it may sign: it is the secret part of the signer's link. */
  token: string;
  signedAt: string | null;
  /** The name typed when signing. */
  signedAs: string | null;
}

export interface StoredDocument {
  id: string;
  companyId: string;
  title: string;
  status: string;
  tags: string[];
  customFields: { importo: number | null; cliente: string };
  file: StoredFile;
  signedFile: StoredFile | null;
  note: string | null;
  version: number;
  createdAt: string;
  createdBy: string;
  /** `message`: what whoever asked wrote to the signers. */
  signatureRequest: { id: string; message: string | null; signers: Signer[] } | null;
  completedAt: string | null;
}

/** An event Trama has not confirmed yet. */
export interface PendingEvent {
  id: string;
  type: 'document.completed';
  companyId: string;
  data: unknown;
}

export interface HostState {
  documents: StoredDocument[];
  outbox: PendingEvent[];
  /** First answers to workflow calls, by idempotency key, oldest first. */
  answers: { key: string; answer: unknown }[];
  /** Companies that have their examples already. */
  seeded: string[];
}

const emptyState: HostState = { documents: [], outbox: [], answers: [], seeded: [] };

/**
 * Everything this application remembers, in one JSON file. A change is written whole, beside the file and then renamed over it,
 * before anybody sees it: after a crash the file holds the state before the change or the one after it.
 */
export class Store {
  private state: HostState;

  constructor(private readonly path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.state = { ...emptyState, ...readState(path) };
  }

  get current(): Readonly<HostState> {
    return this.state;
  }

  /** Applies `edit` to a copy; when it throws, or the disk does, nothing has changed. */
  change<T>(edit: (state: HostState) => T): T {
    const next = structuredClone(this.state);
    const result = edit(next);
    writeFileSync(`${this.path}.tmp`, JSON.stringify(next, null, 2), { mode: 0o600 });
    renameSync(`${this.path}.tmp`, this.path);
    this.state = next;
    return result;
  }
}

function readState(path: string): Partial<HostState> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Partial<HostState>;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(
      `${path} cannot be read, so the documents would be lost. Repair it, or delete it to start afresh.`,
      { cause },
    );
  }
}
