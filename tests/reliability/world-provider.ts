import { BlockError, defineProvider, implementProvider } from '../../src/core';
import type { TokenSet } from '../../src/server/integrations/tokens';

/** A provider a company connects: what the world outside believes, or refuses, a call by. */
const outside = defineProvider({
  ...{ id: 'outside', icon: 'o', color: '#333333', defaultBaseUrl: 'http://outside.invalid' },
  label: { en: 'Outside', it: 'Fuori' },
  description: { en: 'The world outside', it: 'Il mondo fuori' },
  auth: { type: 'oauth2', authorizePath: '/a', tokenPath: '/t', scopes: [], scopeSeparator: ' ' },
});

/** The token of a step's connection. */
export type TokenClient = () => Promise<string>;

export const outsideServer = implementProvider<TokenClient>(outside, {
  client: ({ accessToken }) => accessToken,
  mapError: () => ({ kind: 'uncertain', code: 'unforeseen', message: 'The world has failed.' }),
});

/** Taken back before the run begins, and given by the person who connects again. */
export const tokens = { revoked: 'the-token-that-was-taken-back', fresh: 'the-token-of-a-person' } as const;

export const tokenSet = (accessToken: string): TokenSet => ({
  ...{ accessToken, refreshToken: null, expiresAt: null, renewAt: null, scopes: [] },
});

export const refusedConnection = () =>
  new BlockError({
    kind: 'reconnect',
    code: 'token_revoked',
    message: 'The world does not know this token.',
  });
