/** A provider made for tests: tokens that end, refresh tokens that work once, several accounts, and answers that give secrets away. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import { blocks } from '../../src/blocks';
import { defineBlock, defineProvider, done, field } from '../../src/core';
import {
  executors,
  implementBlock,
  implementProvider,
  providerImplementations,
  type WorkflowServerOptions,
} from '../../src/server';

export const notes = defineProvider({
  id: 'notes',
  label: { en: 'Notes', it: 'Note' },
  description: { en: 'Notes of a team', it: 'Note di un gruppo' },
  icon: 'N',
  color: '#333333',
  defaultBaseUrl: 'https://notes.example',
  auth: {
    type: 'oauth2',
    authorizePath: '/authorize',
    tokenPath: '/token',
    scopes: ['notes:write', 'tags:read'],
    scopeSeparator: ' ',
  },
});

class NotesError extends Error {
  constructor(
    readonly status: number,
    readonly body: string,
  ) {
    super(`status ${status}`);
  }
}

type Call = (path: string, body?: object) => Promise<never>;

export const notesServer = implementProvider<Call>(notes, {
  client: (context) => async (path, body) => {
    const authorization = `Bearer ${await context.accessToken()}`;
    const init = body ? { method: 'POST', body: JSON.stringify(body) } : {};
    const answer = await context.fetch(`${context.baseUrl}${path}`, { ...init, headers: { authorization } });
    const text = await answer.text();
    if (!answer.ok) throw new NotesError(answer.status, text);
    return JSON.parse(text) as never;
  },
  // As careless as an implementation may be: it passes on what the provider said.
  mapError: (error) => {
    const { status = 0, body = '' } = error instanceof NotesError ? error : {};
    const kind = status === 401 ? 'reconnect' : status === 400 ? 'terminal' : 'uncertain';
    return { kind, code: `status_${status}`, message: `Notes said: ${body}`, providerStatus: status };
  },
  identify: async (call) => (await call('/me')) as { accountId: string; label: string }[],
  test: async (call) => void (await call('/me')),
  revoke: async (call) => void (await call('/revoke', {})),
  options: {
    tags: {
      list: (call, { q, cursor }) => call(`/tags?q=${q}&cursor=${cursor ?? ''}`),
      find: async (call, value) =>
        ((await call(`/tags?value=${value}`)) as { items: { value: string; label: string }[] }).items[0] ??
        null,
    },
    colors: { list: (call, { q, cursor }) => call(`/tags?q=${q}&cursor=${cursor ?? ''}`) },
  },
});

export const writeNote = defineBlock({
  type: 'notes.write',
  provider: 'notes',
  label: { en: 'Write note', it: 'Scrivi nota' },
  description: { en: 'Writes a note', it: 'Scrive una nota' },
  icon: 'N',
  sideEffect: 'idempotent',
  scopes: ['notes:write'],
  input: z.strictObject({
    text: z.string(),
    pin: z
      .string()
      .optional()
      .meta(field({ label: { en: 'PIN', it: 'PIN' }, sensitive: true })),
  }),
  output: z.object({ id: z.string(), said: z.unknown() }),
  sample: { id: 'n1', said: null },
});

const runWriteNote = implementBlock(writeNote, {
  provider: notesServer,
  run: async ({ input, client }) => done(await client('/notes', input)),
});

/** What `createWorkflowServer` is given besides. */
export const notesOptions = (origin: string) =>
  ({
    blocks: [...blocks, writeNote],
    executors: { ...executors, [writeNote.type]: runWriteNote },
    providerDefinitions: [...providerImplementations, notesServer].map(({ provider }) => provider),
    providerImplementations: [...providerImplementations, notesServer],
    providers: { notes: { clientId: 'notes-client', clientSecret: NOTES_CLIENT_SECRET, baseUrl: origin } },
  }) satisfies Partial<WorkflowServerOptions>;

export const NOTES_CLIENT_SECRET = 'canary-client-secret-0123456789';

type Answer = { status?: number; body: unknown } | 'cut';

export interface FakeNotes {
  origin: string;
  /** Every call as `METHOD /path`, tokens as `grant refresh` and `grant code`. */
  calls: string[];
  /** Every secret it has given out or been told. */
  secrets: Set<string>;
  lifeSeconds: number;
  accounts: { accountId: string; label: string }[];
  /** Answers the next call to the path so, once. */
  failNext: (path: string, answer: Answer | ((request: IncomingMessage) => Answer | Promise<Answer>)) => void;
  /** Takes every access token back. */
  revokeAccess: () => void;
  /** What a token answer leaves out. */
  omit: ('refresh_token' | 'scope' | 'expires_in')[];
  /** `reached` resolves once a refresh has come in, `left` when whoever asked for it is gone; its answer waits for `release`. */
  holdRefresh: (when: 'before' | 'after') => {
    reached: Promise<void>;
    left: Promise<void>;
    release: () => void;
  };
  /** The way back of a person who consents. */
  consent: (authorizeUrl: string) => string;
  count: (call: string) => number;
  close: () => Promise<void>;
}

export async function startFakeNotes(): Promise<FakeNotes> {
  const access = new Set<string>();
  const refresh = new Set<string>();
  const codes = new Set<string>();
  const faults = new Map<string, (request: IncomingMessage) => Answer | Promise<Answer>>();
  let holds:
    | { when: 'before' | 'after'; reach: (request: IncomingMessage) => void; released: Promise<void> }
    | undefined;
  let issued = 0;

  const issue = (): Answer => {
    issued += 1;
    const tokens = {
      access_token: `a/canary-access-${issued}-wq8`,
      refresh_token: `r/canary-refresh-${issued}-x7k`,
    };
    access.add(tokens.access_token);
    refresh.add(tokens.refresh_token);
    for (const secret of Object.values(tokens)) fake.secrets.add(secret);
    const body = {
      token_type: 'bearer',
      expires_in: fake.lifeSeconds,
      scope: 'notes:write tags:read',
      ...tokens,
    };
    return {
      body: Object.fromEntries(Object.entries(body).filter(([name]) => !fake.omit.includes(name as never))),
    };
  };
  const grant = async (form: URLSearchParams, request: IncomingMessage): Promise<Answer> => {
    const isRefresh = form.get('grant_type') === 'refresh_token';
    fake.calls.push(isRefresh ? 'grant refresh' : 'grant code');
    const hold = isRefresh ? holds : undefined;
    if (hold?.when === 'before') {
      hold.reach(request);
      await hold.released;
      // Whoever asked is gone; the request never came.
      if (request.socket.destroyed) return 'cut';
    }
    const spent = isRefresh
      ? refresh.delete(form.get('refresh_token') ?? '')
      : codes.delete(form.get('code') ?? '');
    if (!spent) return { status: 400, body: { error: 'invalid_grant' } };
    if (hold?.when === 'after') {
      hold.reach(request);
      await hold.released;
    }
    if (isRefresh) access.clear();
    return issue();
  };
  const api = (path: string, request: IncomingMessage, query: URLSearchParams, body: string): Answer => {
    const authorization = request.headers.authorization ?? '';
    fake.secrets.add(authorization.replace('Bearer ', ''));
    if (!access.has(authorization.replace('Bearer ', '')))
      return { status: 401, body: { error: 'unauthorized', you_sent: authorization } };
    if (path === '/me') return { body: fake.accounts };
    if (path === '/tags') return { body: tags(query) };
    if (path === '/notes') return { body: { id: 'n1', said: { authorization, note: JSON.parse(body) } } };
    return { body: {} };
  };
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake.invalid');
    let body = '';
    for await (const chunk of request) body += chunk;
    const fault = faults.get(pathname);
    faults.delete(pathname);
    if (pathname !== '/token' || fault) fake.calls.push(`${request.method} ${pathname}`);
    const answer = fault
      ? await fault(request)
      : pathname === '/token'
        ? await grant(new URLSearchParams(body), request)
        : api(pathname, request, searchParams, body);
    if (answer === 'cut') return void request.socket.destroy();
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeNotes = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    secrets: new Set(),
    lifeSeconds: 3600,
    accounts: [{ accountId: 'team-1', label: 'Studio Rossi' }],
    omit: [],
    failNext: (path, answer) => void faults.set(path, typeof answer === 'function' ? answer : () => answer),
    revokeAccess: () => access.clear(),
    holdRefresh: (when) => {
      let release = () => {};
      let leave = () => {};
      const left = new Promise<void>((resolve) => {
        leave = resolve;
      });
      let reach = (_: IncomingMessage) => {};
      const reached = new Promise<void>((resolve) => {
        reach = ({ socket }) => {
          if (socket.destroyed) leave();
          else socket.once('close', leave);
          resolve();
        };
      });
      const released = new Promise<void>((resolve) => {
        release = () => {
          holds = undefined;
          resolve();
        };
      });
      holds = { when, reach, released };
      return { reached, left, release };
    },
    consent: (authorizeUrl) => {
      const query = new URL(authorizeUrl).searchParams;
      const code = `canary-code-${codes.size}-${issued}`;
      codes.add(code);
      const back = new URL(query.get('redirect_uri') ?? '');
      back.search = new URLSearchParams({ code, state: query.get('state') ?? '' }).toString();
      return back.href;
    },
    count: (call) => fake.calls.filter((one) => one === call).length,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;
}

function tags(query: URLSearchParams) {
  const value = query.get('value');
  const items = value
    ? [{ value, label: `Tag ${value}` }].filter((item) => item.value !== 'none')
    : [{ value: `t${query.get('cursor') || 0}`, label: `Tag ${query.get('q')}` }];
  return {
    items,
    nextCursor: query.get('cursor') === '2' || value ? null : String(Number(query.get('cursor')) + 1),
  };
}
