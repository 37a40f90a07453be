import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApiCall, operations, plain, refuse } from './fatture-in-cloud/api';
import { decideConsent, type FakeFicApp, grantToken, showConsent } from './fatture-in-cloud/oauth';
import { makePdf, pdfAnswer } from './fatture-in-cloud/pdf';
import {
  defaultClients,
  defaultCompanies,
  type FakeFicClient,
  type FakeFicCompany,
} from './fatture-in-cloud/seed';
import { type FakeFicDocument, type FakeFicEmail, FicState } from './fatture-in-cloud/state';
import { type Fault, FaultQueue, sendWithFault } from './support/faults';
import {
  type Answer,
  jsonAnswer,
  originOf,
  readArguments,
  readJsonBody,
  sendAnswer,
  urlOf,
} from './support/http';
import { createListener, type Listener } from './support/listener';

export interface FakeFattureInCloudOptions extends Partial<FakeFicApp> {
  /** @default one, "Studio Bianchi S.r.l." */
  companies?: readonly FakeFicCompany[];
  /** @default three for every company */
  clients?: readonly FakeFicClient[];
  /** Where tokens (hashed), codes, documents and emails are kept over restarts. @default memory only */
  stateFile?: string;
  /** @default Date.now */
  now?: () => number;
}

/** One call the fake received. Tokens, codes and secrets are left out. */
export interface FakeFicCall {
  /** The specification's operation id; `token` and `pdf` for what it does not describe. */
  operation: string;
  method: string;
  path: string;
  query: Record<string, string>;
  /** The JSON body; of a form only its `grant_type`. */
  body: unknown;
  /** What it answered; `null` while a fault kept the operation from running. */
  answer: { status: number; body: unknown } | null;
}

export interface FakeFattureInCloud extends Listener {
  readonly calls: readonly FakeFicCall[];
  readonly documents: readonly FakeFicDocument[];
  readonly emails: readonly FakeFicEmail[];
  readonly clients: readonly FakeFicClient[];
  readonly companies: readonly FakeFicCompany[];
  /** How often a refresh token was exchanged. */
  readonly refreshes: number;
  /**
   * The next `times` calls of an operation (`createIssuedDocument`, `token`, `pdf`, ...) go wrong this way. In a fault's `body` the text
   * `{authorization}` stands for the header the call came with.
   */
  failNext: (operation: string, fault: Fault, times?: number) => void;
  clearFaults: () => void;
  addClient: (client: Partial<FakeFicClient> & { name: string }) => FakeFicClient;
  /** Invoices somebody made there by hand; nothing of them is checked. */
  addDocuments: (documents: readonly FakeFicDocument[]) => void;
  /** Calls back for each invoice as it is made; answers with the way to stop. */
  onDocument: (listener: (document: FakeFicDocument) => void) => () => void;
  /** The PDF of an invoice, as its address gives it. */
  pdfOf: (id: number) => Uint8Array | undefined;
  /** What a person changes on Fatture in Cloud's own pages. */
  changeDocument: (id: number, changes: Partial<FakeFicDocument>) => void;
  /** A token as if somebody had just connected, for tests that are not about connecting. */
  issueToken: (options?: { scopes?: readonly string[] }) => string;
  /** The time of every access token is over; refresh tokens still work. */
  expireTokens: () => void;
  /** The user has taken the app's permission away: no token works any more. */
  revokeTokens: () => void;
  /** Decides on an authorize address as a person would; answers with where the browser is sent. */
  consent: (authorizeUrl: string, decision: 'allow' | 'cancel') => string;
}

const allScopes = ['issued_documents.invoices:a', 'entity.clients:r', 'settings:r'];

/** A Fatture in Cloud to develop and test against: OAuth, invoices, clients, emails, refusals and outages, with no account and no network. */
export function createFakeFattureInCloud(options: FakeFattureInCloudOptions = {}): FakeFattureInCloud {
  const app: FakeFicApp = { clientId: 'sandbox-client', clientSecret: 'sandbox-secret', ...options };
  const companies = options.companies ?? defaultCompanies;
  const parts = createParts(app, companies, options);
  const { state, faults, calls } = parts;
  const handler = (req: IncomingMessage, res: ServerResponse) => {
    serve(parts, req, res).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (!res.headersSent) sendAnswer(res, refuse(error instanceof SyntaxError ? 400 : 500, plain(message)));
    });
  };
  return {
    ...createListener(handler),
    calls,
    get documents() {
      return state.documents;
    },
    get emails() {
      return state.emails;
    },
    get clients() {
      return state.clients;
    },
    get refreshes() {
      return calls.filter((call) => isRefresh(call.body) && call.answer?.status === 200).length;
    },
    companies,
    failNext: (operation, fault, times = 1) => faults.add(operation, fault, times),
    clearFaults: () => faults.clear(),
    addClient: (client) => addClient(state, client),
    addDocuments: (documents) => {
      for (const document of documents) state.addDocument(document);
    },
    onDocument: (listener) => state.onDocument(listener),
    pdfOf: (id) => {
      const found = state.documents.find((document) => document.id === id);
      return found && Buffer.from(makePdf(found), 'latin1');
    },
    changeDocument: (id, changes) => state.changeDocument(id, changes),
    issueToken: ({ scopes = allScopes } = {}) => {
      const expiresAt = state.now() + 86_400_000;
      return state.issue('access', { scopes: [...scopes], clientId: app.clientId, expiresAt });
    },
    expireTokens: () => state.expireTokens(),
    revokeTokens: () => state.revokeTokens(),
    consent: (authorizeUrl, decision) => consent(parts, authorizeUrl, decision),
  };
}

interface Parts {
  app: FakeFicApp;
  state: FicState;
  faults: FaultQueue;
  calls: FakeFicCall[];
}

function createParts(
  app: FakeFicApp,
  companies: readonly FakeFicCompany[],
  { clients, stateFile, now = Date.now }: FakeFattureInCloudOptions,
): Parts {
  const booked = companies.flatMap((company) =>
    company.type === 'accountant' ? [...(company.controlled ?? [])] : [company],
  );
  const first = clients ?? booked.flatMap(({ id }) => defaultClients(id));
  const state = new FicState(companies, [...first], stateFile ?? null, now);
  return { app, state, faults: new FaultQueue(), calls: [] };
}

function addClient(state: FicState, client: Partial<FakeFicClient> & { name: string }): FakeFicClient {
  const companyId = state.bookedCompanies[0]?.id ?? 0;
  const [model] = defaultClients(companyId);
  const added = {
    ...(model as FakeFicClient),
    email: '',
    vat_number: '',
    tax_code: '',
    ...client,
    id: client.id ?? state.nextId(),
  };
  state.addClient(added);
  return added;
}

function consent({ app, state }: Parts, authorizeUrl: string, decision: 'allow' | 'cancel'): string {
  const params = Object.fromEntries(new URL(authorizeUrl).searchParams);
  const { headers, body } = decideConsent(app, state, { ...params, decision });
  if (headers.location) return headers.location;
  throw new Error(
    `The fake Fatture in Cloud refuses this authorize address: ${body.match(/<code>(\w+)</)?.[1]}.`,
  );
}

async function serve(parts: Parts, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { app, state } = parts;
  const { pathname } = urlOf(req);
  if (pathname === '/oauth/authorize') {
    const args = await readArguments(req);
    return sendAnswer(
      res,
      req.method === 'POST' ? decideConsent(app, state, args) : showConsent(app, state, args),
    );
  }
  if (pathname === '/oauth/token') {
    const args = await readArguments(req);
    const call = record(parts, req, 'token', { grant_type: args.grant_type });
    return answer(parts, req, res, call, () => withoutBody(call, grantToken(app, state, args)));
  }
  if (pathname.startsWith('/pdf/')) {
    const call = record(parts, req, 'pdf', undefined);
    const found = () => state.findFile(pathname.slice('/pdf/'.length));
    return answer(parts, req, res, call, () => withoutBody(call, servePdf(found())));
  }
  return serveApi(parts, req, res, pathname);
}

async function serveApi(
  parts: Parts,
  req: IncomingMessage,
  res: ServerResponse,
  pathname: string,
): Promise<void> {
  const operation = operations.find(({ method, path }) => method === req.method && path.test(pathname));
  if (!operation) return sendAnswer(res, refuse(404, plain('La risorsa richiesta non esiste.')));
  const body = await readJsonBody(req);
  const call = record(parts, req, operation.name, body);
  const { company = '', id = '' } = operation.path.exec(pathname)?.groups ?? {};
  const perform = (): Answer => {
    const problem = refusalOf(parts.state, operation.scope, company, req.headers.authorization);
    const apiCall: ApiCall = {
      state: parts.state,
      companyId: Number(company),
      id: Number(id),
      query: call.query,
      body: (body ?? {}) as Record<string, unknown>,
      origin: originOf(req),
    };
    const result = problem ?? operation.run(apiCall);
    call.answer = { status: result.status, body: result.body === '' ? null : JSON.parse(result.body) };
    return { ...result, headers: { ...result.headers, ...quotaHeaders } };
  };
  return answer(parts, req, res, call, perform);
}

const quotaHeaders = {
  'ratelimit-hourlyremaining': '999',
  'ratelimit-hourlylimit': '1000',
  'ratelimit-monthlyremaining': '39999',
  'ratelimit-monthlylimit': '40000',
};

function refusalOf(
  state: FicState,
  scope: string | null,
  company: string,
  authorization: string | undefined,
): Answer | null {
  const token = authorization?.startsWith('Bearer ') ? authorization.slice(7) : '';
  const grant = state.find('access', token);
  if (!grant) return refuse(401, plain('Il token di accesso non è valido.'));
  const isGranted =
    scope === null || grant.scopes.includes(scope) || grant.scopes.includes(scope.replace(/:r$/, ':a'));
  if (!isGranted) return refuse(403, plain('L’applicazione non ha il permesso richiesto.'));
  const isOwn = company === '' || state.bookedCompanies.some(({ id }) => String(id) === company);
  return isOwn ? null : refuse(403, plain('Non hai accesso a questa azienda.'));
}

function record({ calls }: Parts, req: IncomingMessage, operation: string, body: unknown): FakeFicCall {
  const { pathname, searchParams } = urlOf(req);
  const call: FakeFicCall = {
    operation,
    method: req.method ?? '',
    path: pathname,
    query: Object.fromEntries(searchParams),
    body,
    answer: null,
  };
  calls.push(call);
  return call;
}

function answer(
  { faults }: Parts,
  req: IncomingMessage,
  res: ServerResponse,
  { operation }: FakeFicCall,
  perform: () => Answer,
): Promise<void> {
  const fault = withAuthorization(faults.take(operation), req.headers.authorization ?? '');
  return sendWithFault(res, fault, async () => perform());
}

/** A proxy that shows the request it could not pass on shows the token too. */
function withAuthorization(fault: Fault | null, authorization: string): Fault | null {
  if (fault === null || typeof fault === 'string' || !('status' in fault)) return fault;
  return JSON.parse(JSON.stringify(fault).replaceAll('{authorization}', authorization)) as Fault;
}

function withoutBody(call: FakeFicCall, result: Answer): Answer {
  call.answer = { status: result.status, body: null };
  return result;
}

const servePdf = (document: FakeFicDocument | undefined): Answer =>
  document ? pdfAnswer(document) : jsonAnswer({ error: 'expired' }, 410);

const isRefresh = (body: unknown): boolean =>
  (body as { grant_type?: string } | undefined)?.grant_type === 'refresh_token';
