import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import { type Contract, contract, type RouteName } from '../../core/api/contract';
import { hasRole, type Route, type RouteInput, type RouteResponse } from '../../core/api/route';
import { WorkflowError } from '../../core/errors';
import { formatPath, isDeeperThan } from '../../core/json';
import type { ServerContext } from '../context';
import type { Principal } from '../options';

/** What a handler is called with, besides its parsed input. */
export interface Call {
  context: ServerContext;
  principal: Principal;
  response: Response;
}

/** One handler per route of the contract; a missing or drifting one does not compile. */
export type Handlers = {
  [Name in RouteName]: (
    input: RouteInput<Contract[Name]>,
    call: Call,
  ) => Promise<RouteResponse<Contract[Name]>>;
};

/** A request after `identify`: who is calling is known. */
export type IdentifiedRequest = Request & { principal?: Principal };

/** Largest body of any route; the caps of definitions and payloads are checked on what it holds. */
const BODY_LIMIT = '1mb';
/** Nesting no route needs; keeps recursive parsers from ever seeing hostile depth. */
const BODY_DEPTH = 64;

/** Mounts every route of the contract. */
export function mountContract(router: Router, context: ServerContext, handlers: Handlers): void {
  const parseJson = express.json({ limit: BODY_LIMIT, type: 'application/json', strict: false });
  for (const [name, route] of Object.entries(contract) as [RouteName, Route][]) {
    const handle = handlers[name] as (input: RouteInput<Route>, call: Call) => Promise<unknown>;
    const method = route.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    const steps: RequestHandler[] = [
      requireRole(route),
      requireJson(route),
      ...(route.body ? [parseJson] : []),
    ];
    router[method](route.path, ...steps, async (request: IdentifiedRequest, response: Response) => {
      const principal = request.principal as Principal;
      const result = await handle(readInput(route, request), { context, principal, response });
      response.status(route.status ?? 200).json(result);
    });
  }
}

function requireRole(route: Route): RequestHandler {
  return (request: IdentifiedRequest, _response, next) => {
    if (request.principal && hasRole(request.principal.role, route.role)) return next();
    throw new WorkflowError(
      'forbidden',
      `This needs the role "${route.role}". Ask an administrator of your company.`,
    );
  };
}

/** A body of another kind is refused before it is read. */
function requireJson(route: Route): RequestHandler {
  return (request: Request, _response: Response, next: NextFunction) => {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
    const hasBody = length !== '0' || encoding !== undefined;
    if (!route.body || !hasBody || request.is('application/json')) return next();
    throw new WorkflowError(
      'unsupported_media_type',
      'The body must be JSON, with the header "Content-Type: application/json".',
    );
  };
}

function readInput(route: Route, request: Request): RouteInput<Route> {
  const body = route.body ? parsePart('body', route.body, request.body ?? {}) : undefined;
  const query = route.query ? parsePart('query', route.query, request.query) : {};
  const headers = Object.fromEntries((route.headers ?? []).map((name) => [name, request.get(name)]));
  return { params: request.params, body, query, headers } as RouteInput<Route>;
}

function parsePart(part: 'body' | 'query', schema: NonNullable<Route['body']>, value: unknown): unknown {
  if (isDeeperThan(value, BODY_DEPTH)) {
    throw new WorkflowError(
      'invalid_request',
      `The ${part} nests deeper than ${BODY_DEPTH} levels. Nothing was changed.`,
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => ({
    path: formatPath(issue.path),
    message: issue.message,
  }));
  const [first] = problems;
  const place = first?.path ? ` at "${first.path}"` : '';
  throw new WorkflowError(
    'invalid_request',
    `The ${part} is not valid${place}: ${first?.message}. Nothing was changed.`,
    {
      details: { problems },
    },
  );
}
