import type { FakeSlackChannel, SlackState, TokenRecord } from './state';

/** A call as a method sees it, its token already checked. */
export interface MethodCall {
  args: Record<string, string>;
  token: string;
  record: TokenRecord;
  state: SlackState;
  /** Where the caller reached this fake, no slash at its end: addresses it hands out begin so. */
  origin: string;
}

export type SlackResult =
  | { ok: true; [key: string]: unknown }
  | { ok: false; error: string; [key: string]: unknown };

export interface Method {
  /** Any one of these scopes is enough; none asked when empty. */
  scopes: readonly string[];
  run: (call: MethodCall) => SlackResult;
}

export const MAX_TEXT = 40_000;

export const refuse = (error: string): SlackResult => ({ ok: false, error });

export function missingScope(needed: string, record: TokenRecord): SlackResult {
  return { ok: false, error: 'missing_scope', needed, provided: record.scopes.join(',') };
}

export const botUserOf = (teamId: string): string => `U${teamId}`;

/** A channel the token's workspace has and the app may see. */
export function visibleChannel(
  { state, record }: MethodCall,
  id: string | undefined,
): FakeSlackChannel | null {
  const channel = state.channels.find(({ teamId, id: own }) => teamId === record.teamId && own === id);
  return channel && !(channel.isPrivate && !channel.isMember) ? channel : null;
}

export function readJson(text: string | undefined): unknown {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
