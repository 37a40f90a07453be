import type { Request, Response } from 'express';
import type { ServerContext } from '../context';
import { redirectUri } from '../integrations/addresses';

const nameOf = (provider: string): string => `trama_connect_${provider.replace(/[^a-z0-9]/g, '_')}`;

/** The cookie that binds a connect flow to one browser; it is sent to the provider's return address only. */
export function setBrowserCookie(
  context: ServerContext,
  response: Response,
  provider: string,
  value: string,
): void {
  const { protocol, pathname } = new URL(redirectUri(context, provider));
  response.cookie(nameOf(provider), value, {
    httpOnly: true,
    sameSite: 'lax',
    secure: protocol === 'https:',
    path: pathname,
    maxAge: 10 * 60_000,
  });
}

export function readBrowserCookie(request: Request, provider: string): string | undefined {
  const wanted = nameOf(provider);
  for (const pair of (request.get('cookie') ?? '').split(';')) {
    const separator = pair.indexOf('=');
    if (pair.slice(0, separator).trim() === wanted) return pair.slice(separator + 1).trim();
  }
  return undefined;
}

export function clearBrowserCookie(context: ServerContext, response: Response, provider: string): void {
  response.clearCookie(nameOf(provider), { path: new URL(redirectUri(context, provider)).pathname });
}
