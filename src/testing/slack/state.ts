import { createHash, randomBytes } from 'node:crypto';
import { readJsonFile, writeJsonFile } from '../support/json-file';

/** A Slack workspace. */
export interface FakeSlackTeam {
  id: string;
  name: string;
  /** Whether apps are installed for the whole organization it belongs to. @default false */
  isEnterprise?: boolean;
}

export interface FakeSlackChannel {
  id: string;
  teamId: string;
  name: string;
  isPrivate: boolean;
  isArchived: boolean;
  /** Whether the app's bot was invited. Private channels are invisible to it otherwise. */
  isMember: boolean;
}

export interface FakeSlackMessage {
  teamId: string;
  channelId: string;
  channelName: string;
  /** Slack's message id: seconds and a counter, as text. A float would lose its last digits. */
  ts: string;
  threadTs: string | null;
  text: string;
  blocks: unknown;
  metadata: unknown;
  /** Files shared with it. */
  fileIds: readonly string[];
  /** Times it was updated. */
  edits: number;
}

/** A file that was announced; its bytes came when it has a SHA-256, and it is seen by people when it has a channel. */
export interface FakeSlackFile {
  id: string;
  teamId: string;
  filename: string;
  title: string;
  size: number;
  sha256: string | null;
  channelId: string | null;
  threadTs: string | null;
}

export interface TokenRecord {
  teamId: string;
  scopes: string[];
  clientId: string;
  revoked: boolean;
}

export interface CodeRecord {
  teamId: string;
  scopes: string[];
  clientId: string;
  redirectUri: string;
  expiresAt: number;
}

interface StoredState {
  channels: FakeSlackChannel[];
  messages: FakeSlackMessage[];
  /** Tokens and codes by their SHA-256: the file alone lets nobody in. */
  tokens: Record<string, TokenRecord>;
  codes: Record<string, CodeRecord>;
  files: FakeSlackFile[];
  /** File ids by the SHA-256 of the upload's secret. */
  uploads: Record<string, string>;
  lastTs: number;
}

const KEPT_MESSAGES = 1000;

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
export const randomId = (prefix: string): string =>
  `${prefix}${randomBytes(5).toString('hex').toUpperCase()}`;

/** What the fake remembers, in memory and, when a file is given, across restarts. */
export class SlackState {
  readonly teams: readonly FakeSlackTeam[];
  private readonly stored: StoredState;
  /** Memory only: the state file stays small. */
  private readonly bytes = new Map<string, Uint8Array>();
  private readonly listeners = new Set<(message: FakeSlackMessage) => void>();

  constructor(
    teams: readonly FakeSlackTeam[],
    channels: FakeSlackChannel[],
    private readonly file: string | null,
    private readonly now: () => number,
  ) {
    this.teams = teams;
    const empty = { channels, messages: [], tokens: {}, codes: {}, files: [], uploads: {}, lastTs: 0 };
    // A state file of an earlier version lacks what has come since.
    this.stored = { ...empty, ...(file ? (readJsonFile(file) as StoredState | null) : null) };
  }

  get channels(): readonly FakeSlackChannel[] {
    return this.stored.channels;
  }

  get messages(): readonly FakeSlackMessage[] {
    return this.stored.messages;
  }

  get files(): readonly FakeSlackFile[] {
    return this.stored.files;
  }

  team(id: string): FakeSlackTeam | undefined {
    return this.teams.find((team) => team.id === id);
  }

  addChannel(channel: FakeSlackChannel): void {
    this.stored.channels.push(channel);
    this.save();
  }

  changeChannel(id: string, change: Partial<FakeSlackChannel>): void {
    Object.assign(this.stored.channels.find((channel) => channel.id === id) ?? {}, change);
    this.save();
  }

  issueToken(record: Omit<TokenRecord, 'revoked'>): string {
    const token = `xoxb-sandbox-${randomBytes(18).toString('hex')}`;
    this.stored.tokens[hashOf(token)] = { ...record, revoked: false };
    this.save();
    return token;
  }

  findToken(token: string): TokenRecord | undefined {
    const key = hashOf(token);
    return Object.hasOwn(this.stored.tokens, key) ? this.stored.tokens[key] : undefined;
  }

  revokeToken(token: string): void {
    const record = this.findToken(token);
    if (record) record.revoked = true;
    this.save();
  }

  revokeAllTokens(): void {
    for (const record of Object.values(this.stored.tokens)) record.revoked = true;
    this.save();
  }

  issueCode(record: Omit<CodeRecord, 'expiresAt'>): string {
    const code = randomBytes(18).toString('hex');
    this.stored.codes[hashOf(code)] = { ...record, expiresAt: this.now() + 10 * 60_000 };
    this.save();
    return code;
  }

  findCode(code: string): CodeRecord | undefined {
    const key = hashOf(code);
    const record = Object.hasOwn(this.stored.codes, key) ? this.stored.codes[key] : undefined;
    return record && record.expiresAt > this.now() ? record : undefined;
  }

  spendCode(code: string): void {
    delete this.stored.codes[hashOf(code)];
    this.save();
  }

  addMessage(message: Omit<FakeSlackMessage, 'ts' | 'edits'>): FakeSlackMessage {
    const added = { ...message, ts: this.nextTs(), edits: 0 };
    this.stored.messages.push(added);
    if (this.stored.messages.length > KEPT_MESSAGES) this.stored.messages.shift();
    this.save();
    for (const listener of this.listeners) listener(added);
    return added;
  }

  findMessage(channelId: string, ts: string): FakeSlackMessage | undefined {
    return this.stored.messages.find((message) => message.channelId === channelId && message.ts === ts);
  }

  updateMessage(message: FakeSlackMessage, change: Partial<FakeSlackMessage>): void {
    Object.assign(message, change, { edits: message.edits + 1 });
    this.save();
  }

  deleteMessage(ts: string): void {
    this.stored.messages = this.stored.messages.filter((message) => message.ts !== ts);
    this.save();
  }

  /** Announces a file; answers with the secret part of the address its bytes go to. */
  openUpload(file: Pick<FakeSlackFile, 'teamId' | 'filename' | 'size'>): string {
    const secret = randomBytes(18).toString('hex');
    const id = randomId('F');
    const fresh = { sha256: null, channelId: null, threadTs: null };
    this.stored.files.push({ id, title: file.filename, ...file, ...fresh });
    this.stored.uploads[hashOf(secret)] = id;
    this.save();
    return secret;
  }

  fileOfUpload(secret: string): FakeSlackFile | undefined {
    const key = hashOf(secret);
    const id = Object.hasOwn(this.stored.uploads, key) ? this.stored.uploads[key] : undefined;
    return this.stored.files.find((file) => file.id === id);
  }

  storeBytes(file: FakeSlackFile, bytes: Uint8Array, sha256: string): void {
    this.bytes.set(file.id, bytes);
    file.sha256 = sha256;
    this.save();
  }

  bytesOf(fileId: string): Uint8Array | undefined {
    return this.bytes.get(fileId);
  }

  shareFile(
    file: FakeSlackFile,
    where: Pick<FakeSlackFile, 'channelId' | 'threadTs' | 'title'>,
  ): FakeSlackFile {
    Object.assign(file, where);
    this.save();
    return file;
  }

  onMessage(listener: (message: FakeSlackMessage) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Microseconds since 1970, never the same twice, even when the clock stands still or goes back. */
  private nextTs(): string {
    this.stored.lastTs = Math.max(this.stored.lastTs + 1, this.now() * 1000);
    const text = String(this.stored.lastTs);
    return `${text.slice(0, -6)}.${text.slice(-6)}`;
  }

  private save(): void {
    if (this.file) writeJsonFile(this.file, this.stored);
  }
}
