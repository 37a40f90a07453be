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

export interface Session {
  user: User;
  company: Company;
  /** Everybody one can become: there are no passwords here. */
  companies: (Company & { users: User[] })[];
  /** False when real Slack credentials are configured. */
  hasSandboxSlack: boolean;
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
}
