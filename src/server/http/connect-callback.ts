import { randomBytes } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import { WorkflowError } from '../../core/errors';
import { escapeHtml } from '../../core/template/escape';
import type { ServerContext } from '../context';
import { type ConnectFailure, finishConnect } from '../integrations/oauth';
import type { WorkflowServerOptions } from '../options';
import { clearBrowserCookie, readBrowserCookie } from './browser-cookie';
import { readPrincipal } from './identify';

/** Where a provider sends the browser back to: finishes the flow, tells the page that opened the popup, and closes. */
export function connectCallback(
  context: ServerContext,
  authenticate: WorkflowServerOptions['authenticate'],
): RequestHandler {
  return async (request, response) => {
    const provider = context.providers.get(String(request.params.provider));
    if (provider?.auth.type !== 'oauth2') throw new WorkflowError('not_found', 'There is no such provider.');
    const parameters = new URL(request.originalUrl, context.baseUrl).searchParams;
    // A host that signs its calls with a bearer token cannot do so on this navigation; then the browser cookie alone binds the flow.
    const principal = await readPrincipal(authenticate, request).catch(() => null);
    const browserToken = readBrowserCookie(request, provider.id);
    const failure = await finishConnect(context, provider, parameters, browserToken, principal);
    clearBrowserCookie(context, response, provider.id);
    sendClosingPage(context, response, provider.id, failure);
  };
}

function sendClosingPage(
  context: ServerContext,
  response: Response,
  provider: string,
  failure: ConnectFailure | null,
): void {
  const nonce = randomBytes(16).toString('base64');
  const message = JSON.stringify({
    source: 'trama',
    ok: failure === null,
    provider,
    ...failure,
  });
  const origin = JSON.stringify(new URL(context.baseUrl).origin);
  const text = failure
    ? `Collegamento non riuscito. Puoi chiudere questa finestra. · Not connected. You can close this window. ${escapeHtml(failure.message ?? '')}`
    : 'Collegato. Puoi chiudere questa finestra. · Connected. You can close this window.';
  response
    .status(failure ? 400 : 200)
    .set({
      'Content-Security-Policy': `default-src 'none'; script-src 'nonce-${nonce}'; frame-ancestors 'none'`,
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
    })
    .type('html')
    .send(
      `<!doctype html><html lang="it"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Trama</title>` +
        `<p>${text}</p><script nonce="${nonce}">if(window.opener)window.opener.postMessage(${escapeScript(message)},${origin});window.close();</script></html>`,
    );
}

/** `<` would let data end the script element. */
const escapeScript = (json: string): string => json.replaceAll('<', '\\u003c');
