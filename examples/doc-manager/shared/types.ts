import type { Role } from 'trama/core';

/** What travels between this application's server and its pages. */

export interface Company {
  id: string;
  name: string;
}

export interface User {
  id: string;
  companyId: string;
  name: string;
  role: Role;
}

export type SandboxName = 'slack' | 'fatture-in-cloud' | 'resend';

export interface Session {
  user: User;
  company: Company;
  /** Everybody one can become: there are no passwords here. */
  companies: (Company & { users: User[] })[];
  /** Services that are stood in for; those with real credentials are missing. */
  sandboxes: SandboxName[];
}

export interface StoredFile {
  filename: string;
  sizeBytes: number;
  sha256: string;
}

export interface SignerView {
  name: string;
  email: string;
  status: 'pending' | 'signed';
  signedAt: string | null;
  /** The signer's own page. `null` for whoever may only read. */
  link: string | null;
}

export interface DocumentView {
  id: string;
  title: string;
  /** `draft`, `sent`, `partially_signed`, `completed`, `archived`, or whatever a workflow has set. */
  status: string;
  tags: string[];
  customFields: { importo: number | null; cliente: string };
  file: StoredFile;
  signedFile: StoredFile | null;
  note: string | null;
  createdAt: string;
  createdBy: string;
  signers: SignerView[];
  completedAt: string | null;
}

/** What a signer sees, who has only the link. */
export interface SigningView {
  title: string;
  companyName: string;
  signerName: string;
  /** From whoever asked for the signature. */
  message: string | null;
  status: 'pending' | 'signed';
  signedAt: string | null;
  isCompleted: boolean;
}

export interface SlackView {
  teams: { id: string; name: string }[];
  /** The workspace of the company one is looking from. */
  ownTeamId: string;
  channels: { id: string; teamId: string; name: string; isPrivate: boolean }[];
  messages: SlackMessageView[];
}

export interface SlackMessageView {
  teamId: string;
  channelId: string;
  ts: string;
  text: string;
  isReply: boolean;
  /** `isKept`: its bytes are still there; the sandbox keeps them until it is stopped. */
  files: { id: string; name: string; isKept: boolean }[];
}

export interface InvoicesView {
  /** Companies of the account at Fatture in Cloud. */
  companies: { id: number; name: string }[];
  /** The one with the name of ours. */
  ownCompanyId: number;
  /** The newest first. */
  invoices: InvoiceView[];
}

export interface InvoiceView {
  id: number;
  companyId: number;
  number: string;
  /** `2026-12-31`, as all dates of an invoice. */
  date: string;
  client: string;
  lines: string[];
  net: number;
  gross: number;
  /** `null` when nothing is left to pay. */
  dueDate: string | null;
  isPaid: boolean;
  /** Whom Fatture in Cloud emailed it to. */
  sentTo: string[];
}

export interface MailsView {
  /** The newest first. */
  mails: MailView[];
}

export interface MailView {
  id: string;
  from: string;
  to: string[];
  cc: string[];
  subject: string;
  text: string | null;
  html: string | null;
  createdAt: string;
  /** File names. */
  attachments: string[];
}
