import type * as z from 'zod';

/** Least role that may call a route. `admin` may all that `editor` may, `editor` all that `viewer` may. */
export type Role = 'viewer' | 'editor' | 'admin';

const rank: Record<Role, number> = { viewer: 0, editor: 1, admin: 2 };

export function hasRole(actual: Role, needed: Role): boolean {
  return rank[actual] >= rank[needed];
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Relative to where the router is mounted; `:name` marks a parameter. */
  path: string;
  role: Role;
  summary: string;
  query?: z.ZodObject;
  body?: z.ZodObject;
  /** Request headers the route reads beyond the usual ones, lower case. */
  headers?: readonly string[];
  response: z.ZodType;
  /** Status of a successful answer. @default 200 */
  status?: 200 | 201 | 202;
}

type ParamNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

type Part<Name extends string, Value> = [Value] extends [never] ? unknown : { [K in Name]: Value };

/** What a caller hands in. */
export type RouteRequest<R extends Route> = Part<
  'params',
  [ParamNames<R['path']>] extends [never] ? never : Record<ParamNames<R['path']>, string>
> &
  (R['query'] extends z.ZodObject ? { query?: z.input<R['query']> } : unknown) &
  (R['body'] extends z.ZodObject ? { body: z.input<R['body']> } : unknown) &
  (R['headers'] extends readonly string[]
    ? { headers?: Partial<Record<R['headers'][number], string>> }
    : unknown);

/** What a handler receives, parsed. */
export type RouteInput<R extends Route> = {
  params: Record<ParamNames<R['path']>, string>;
  query: R['query'] extends z.ZodObject ? z.output<R['query']> : Record<string, never>;
  body: R['body'] extends z.ZodObject ? z.output<R['body']> : undefined;
  headers: R['headers'] extends readonly string[]
    ? Partial<Record<R['headers'][number], string>>
    : Record<string, never>;
};

export type RouteResponse<R extends Route> = z.output<R['response']>;
