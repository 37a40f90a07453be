/** A provider of one's own, all of it: what a developer writes, and a stand-in for its service to try it against. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import { defineBlock, defineProvider, done, field, isUnsent } from '../../src/core';
import { implementBlock, implementProvider } from '../../src/server';

const board = defineProvider({
  id: 'board',
  label: { en: 'Board', it: 'Bacheca' },
  description: { en: 'Cards for the team', it: 'Schede per il gruppo' },
  icon: 'B',
  color: '#0b6e4f',
  defaultBaseUrl: 'https://board.example',
  auth: {
    type: 'oauth2',
    authorizePath: '/authorize',
    tokenPath: '/token',
    scopes: ['cards'],
    scopeSeparator: ' ',
  },
});

export const addCard = defineBlock({
  type: 'board.add-card',
  provider: 'board',
  label: { en: 'Add card', it: 'Aggiungi scheda' },
  description: { en: 'Puts a card on the board', it: 'Mette una scheda in bacheca' },
  icon: 'B',
  sideEffect: 'idempotent',
  input: z.strictObject({ title: z.string().meta(field({ label: { en: 'Title', it: 'Titolo' } })) }),
  output: z.object({ id: z.string(), title: z.string() }),
  sample: { id: 'card-1', title: 'Contratto Rossi' },
});

type Call = (path: string, body?: object) => Promise<Response>;

class BoardError extends Error {
  constructor(readonly status: number) {
    super(`Board answered with status ${status}.`);
  }
}

export const boardServer = implementProvider<Call>(board, {
  client: (context) => async (path, body) => {
    const headers = { authorization: `Bearer ${await context.accessToken()}` };
    const init = body ? { method: 'POST', body: JSON.stringify(body) } : {};
    const answer = await context.fetch(`${context.baseUrl}${path}`, { ...init, headers });
    if (!answer.ok) throw new BoardError(answer.status);
    return answer;
  },
  mapError: (error) => {
    const status = error instanceof BoardError ? error.status : 0;
    const isSafe = status === 429 || status === 503 || isUnsent(error);
    const kind = status === 401 ? 'reconnect' : isSafe ? 'retry' : status === 0 ? 'uncertain' : 'terminal';
    return { kind, code: `board_${status}`, message: `Board did not take the card (${status}).` };
  },
  identify: async (call) => [await (await call('/me')).json()],
});

export const runAddCard = implementBlock(addCard, {
  provider: boardServer,
  run: async ({ input, client, step }) =>
    done(await (await client('/cards', { ...input, key: step.effectKey })).json()),
});

/** The service: one code, one token, cards that are told apart by their key. */
export async function startBoard() {
  const cards = new Map<string, object>();
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const isKnown = request.headers.authorization === 'Bearer board-token';
    const answer = (status: number, value: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (request.url === '/token') return answer(200, { access_token: 'board-token', token_type: 'bearer' });
    if (!isKnown) return answer(401, {});
    if (request.url === '/me') return answer(200, { accountId: 'b1', label: 'Studio Rossi' });
    const { key, title } = JSON.parse(body);
    if (!cards.has(key)) cards.set(key, { id: `card-${cards.size + 1}`, title });
    return answer(200, cards.get(key) ?? {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, cards, close: () => new Promise((resolve) => server.close(resolve)) };
}
