import { createHash, randomBytes } from 'node:crypto';
import { readJsonFile, writeJsonFile } from '../support/json-file';
import type { FakeFicClient, FakeFicCompany } from './seed';

export interface FakeFicPayment {
  id: number;
  amount: number;
  due_date: string;
  status: 'not_paid' | 'paid' | 'reversed';
  paid_date: string | null;
  payment_account: { id: number; name: string } | null;
  payment_terms: { days: number; type: string };
  ei_raw: unknown;
}

/** An invoice, in the API's own names. */
export interface FakeFicDocument {
  id: number;
  companyId: number;
  type: string;
  number: number;
  numeration: string;
  year: number;
  date: string;
  subject: string;
  visible_subject: string;
  notes: string;
  entity: { id?: number; name: string } & Record<string, unknown>;
  items_list: Record<string, unknown>[];
  payments_list: FakeFicPayment[];
  payment_method: { id: number; name: string } | null;
  e_invoice: boolean;
  ei_data: Record<string, unknown> | null;
  amount_net: number;
  amount_vat: number;
  amount_gross: number;
  locked: boolean;
  created_at: string;
  updated_at: string;
}

export interface FakeFicEmail {
  companyId: number;
  documentId: number;
  recipient_email: string;
  subject: string;
  body: string;
  sender: string;
  attach_pdf: boolean;
  send_copy: boolean;
}

interface Grant {
  scopes: string[];
  clientId: string;
  expiresAt: number;
}

interface StoredState {
  clients: FakeFicClient[];
  documents: FakeFicDocument[];
  emails: FakeFicEmail[];
  /** Secrets by their SHA-256: the file alone lets nobody in. */
  access: Record<string, Grant>;
  refresh: Record<string, Grant>;
  codes: Record<string, Grant & { redirectUri: string }>;
  /** Addresses of PDFs that still work. */
  files: Record<string, { documentId: number; expiresAt: number }>;
  lastId: number;
}

export type SecretKind = 'access' | 'refresh' | 'codes';

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
const prefixes = { access: 'a/', refresh: 'r/', codes: 'c/' } as const;
const PDF_MINUTES = 15;

/** Everything a fake Fatture in Cloud remembers. */
export class FicState {
  private readonly stored: StoredState;
  private readonly listeners = new Set<(document: FakeFicDocument) => void>();

  constructor(
    readonly companies: readonly FakeFicCompany[],
    clients: FakeFicClient[],
    private readonly file: string | null,
    readonly now: () => number,
  ) {
    const empty: StoredState = {
      clients,
      documents: [],
      emails: [],
      access: {},
      refresh: {},
      codes: {},
      files: {},
      lastId: 1000,
    };
    this.stored = (file ? (readJsonFile(file) as StoredState | null) : null) ?? empty;
  }

  get documents(): readonly FakeFicDocument[] {
    return this.stored.documents;
  }

  get clients(): readonly FakeFicClient[] {
    return this.stored.clients;
  }

  get emails(): readonly FakeFicEmail[] {
    return this.stored.emails;
  }

  /** Companies calls may be about; an accountant is none itself. */
  get bookedCompanies(): { id: number; name: string }[] {
    return this.companies.flatMap((company) =>
      company.type === 'accountant' ? [...(company.controlled ?? [])] : [company],
    );
  }

  issue(kind: 'access' | 'refresh', grant: Grant): string {
    return this.keep(kind, grant);
  }

  issueCode(grant: Grant & { redirectUri: string }): string {
    return this.keep('codes', grant);
  }

  private keep(kind: SecretKind, grant: Grant): string {
    const secret = `${prefixes[kind]}${randomBytes(24).toString('base64url')}`;
    (this.stored[kind] as Record<string, Grant>)[hashOf(secret)] = grant;
    this.save();
    return secret;
  }

  find<K extends SecretKind>(kind: K, secret: string): StoredState[K][string] | undefined {
    const record = this.stored[kind][hashOf(secret)] as StoredState[K][string] | undefined;
    return record && record.expiresAt > this.now() ? record : undefined;
  }

  spend(kind: SecretKind, secret: string): void {
    delete this.stored[kind][hashOf(secret)];
    this.save();
  }

  /** As if the time of every access token were over. */
  expireTokens(): void {
    this.stored.access = {};
    this.save();
  }

  /** As if the user had taken the app's permission away. */
  revokeTokens(): void {
    this.stored.access = {};
    this.stored.refresh = {};
    this.save();
  }

  addClient(client: FakeFicClient): void {
    this.stored.clients.push(client);
    this.save();
  }

  addDocument(document: FakeFicDocument): void {
    this.stored.documents.push(document);
    this.save();
    for (const listener of this.listeners) listener(document);
  }

  onDocument(listener: (document: FakeFicDocument) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  changeDocument(id: number, changes: Partial<FakeFicDocument>): void {
    const found = this.stored.documents.find((document) => document.id === id);
    if (found) Object.assign(found, changes);
    this.save();
  }

  addEmail(email: FakeFicEmail): void {
    this.stored.emails.push(email);
    this.save();
  }

  nextId(): number {
    this.stored.lastId += 1;
    return this.stored.lastId;
  }

  /** The name of a document's PDF for some minutes. */
  issueFile(documentId: number): string {
    const name = `${randomBytes(16).toString('hex')}.pdf`;
    this.stored.files[name] = { documentId, expiresAt: this.now() + PDF_MINUTES * 60_000 };
    this.save();
    return name;
  }

  findFile(name: string): FakeFicDocument | undefined {
    const file = Object.hasOwn(this.stored.files, name) ? this.stored.files[name] : undefined;
    if (!file || file.expiresAt <= this.now()) return undefined;
    return this.stored.documents.find(({ id }) => id === file.documentId);
  }

  private save(): void {
    if (this.file) writeJsonFile(this.file, this.stored);
  }
}
