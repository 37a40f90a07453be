import { createHash, randomBytes } from 'node:crypto';
import { readJsonFile, writeJsonFile } from '../support/json-file';

/** A Slack workspace. */
export interface FakeSlackTeam {
  id: string;
  name: string;
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
  private readonly listeners = new Set<(message: FakeSlackMessage) => void>();

  constructor(
    teams: readonly FakeSlackTeam[],
    channels: FakeSlackChannel[],
    private readonly file: string | null,
    private readonly now: () => number,
  ) {
    this.teams = teams;
    const empty: StoredState = { channels, messages: [], tokens: {}, codes: {}, lastTs: 0 };
    this.stored = (file ? (readJsonFile(file) as StoredState | null) : null) ?? empty;
  }

  get channels(): readonly FakeSlackChannel[] {
    return this.stored.channels;
  }

  get messages(): readonly FakeSlackMessage[] {
    return this.stored.messages;
  }

  team(id: string): FakeSlackTeam | undefined {
    return this.teams.find((team) => team.id === id);
  }

  addChannel(channel: FakeSlackChannel): void {
    this.stored.channels.push(channel);
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

  addMessage(message: Omit<FakeSlackMessage, 'ts'>): FakeSlackMessage {
    const added = { ...message, ts: this.nextTs() };
    this.stored.messages.push(added);
    if (this.stored.messages.length > KEPT_MESSAGES) this.stored.messages.shift();
    this.save();
    for (const listener of this.listeners) listener(added);
    return added;
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
