/**
 * Prints docs/api.md from the contract. `--check` writes nothing and fails when the file is out of date.
 * Reads the build: `npm run docs:api` makes one first.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { contract, httpStatusByCode } from 'trama/core';
import * as z from 'zod';

const intro = `# REST API

Printed from \`src/core/api/contract.ts\`; \`createWorkflowClient\` has one typed method per route. Paths are relative to where the host mounted the
router. Bodies and answers are JSON, times ISO 8601 in UTC, ids UUIDs.

- **Who is calling** is what the host's \`authenticate\` says: company, user and role. \`admin\` may all that \`editor\` may, \`editor\` all that
  \`viewer\` may. Another company's id is answered like one that does not exist.
- **Changing calls** (everything but GET) carry the header \`X-Trama-Request: 1\`, which a form on another site cannot send. The client sends it.
- **Unknown fields** in a query or body are refused, not ignored.
- **Lists** answer \`{ items, nextCursor }\`; hand \`nextCursor\` back as \`cursor\` until it is \`null\`.`;

const publicRoutes = `## Outside the contract

| route | for | answers |
| --- | --- | --- |
| \`GET /runs/:id/events\` | viewer | the run as server-sent events, one \`data:\` line with the answer of \`getRun\` per change; the client's \`watchRun\` reads it |
| \`GET /integrations/:provider/callback\` | the provider's redirect | a page that tells the window that opened it, and closes |
| \`POST /events\` | the host, signed ([Standard Webhooks](https://www.standardwebhooks.com)) with \`eventSecret\` | 202 with the runs it started; a repeated \`webhook-id\` answers with the same ones. 404 while there is no secret |
| \`POST /hooks/resend\` | Resend, signed (Svix) with \`webhookSecret\` | 200 whether the email started anything or not; 401 when the signature does not fit, 5xx when it is to be told again. 404 while there is no secret |
| \`POST /internal/sweep\`, or \`GET\` | a cron job, with \`Authorization: Bearer <cronSecret>\` | how many runs were due and are seen to: \`{ due }\`. 404 while there is no secret |
| \`GET /health/live\`, \`GET /health/ready\` | load balancers | 200 when the process runs; 200 when the database answers and is migrated, else 503 |`;

const errorIntro = `\`{ "error": { "code", "message", "requestId", "details"? } }\`. Decide by \`code\`; the message is for people and may change. Quote
\`requestId\` when you ask for help: the server's log has it. \`unavailable\` comes with \`Retry-After\`.`;

const file = path.join(import.meta.dirname, '..', 'docs', 'api.md');
const text = print();

if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== text) {
    console.error('docs/api.md is not what the contract says. Run "npm run docs:api" and commit the result.');
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, text);
}

function print() {
  const routes = Object.entries(contract);
  return [intro, overview(routes), publicRoutes, errors(), '## Routes in detail', ...routes.map(detail)]
    .join('\n\n')
    .concat('\n');
}

function overview(routes) {
  const rows = routes.map(
    ([name, { method, path: route, role, summary }]) =>
      `| \`${method} ${route}\` | ${role} | \`${name}\` | ${summary} |`,
  );
  return [
    '## Routes',
    '',
    '| route | role | client method | does |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function errors() {
  const rows = Object.entries(httpStatusByCode).map(([code, status]) => `| \`${code}\` | ${status} |`);
  return ['## Errors', '', errorIntro, '', '| code | status |', '| --- | --- |', ...rows].join('\n');
}

function detail([name, route]) {
  const params = [...route.path.matchAll(/:(\w+)/g)].map((match) => `\`${match[1]}\``);
  return [
    `### ${name}`,
    `\`${route.method} ${route.path}\` · ${route.role} · answers ${route.status ?? 200}`,
    route.summary,
    params.length > 0 && `Path: ${params.join(', ')}.`,
    route.headers && `Headers: ${route.headers.map((header) => `\`${header}\``).join(', ')} (optional).`,
    route.query && fields('Query', route.query, 'input'),
    route.body && fields('Body', route.body, 'input'),
    fields('Answer', route.response, 'output'),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function fields(title, schema, io) {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  const rows = Object.entries(properties).map(
    ([name, property]) => `| \`${name}\` | ${typeOf(property)} | ${required.includes(name) ? 'yes' : 'no'} |`,
  );
  const presence = io === 'input' ? 'required' : 'always there';
  return [`**${title}**`, '', `| field | type | ${presence} |`, '| --- | --- | --- |', ...rows].join('\n');
}

/** A JSON Schema in a few words; the full one is in the package, as zod. */
function typeOf(schema) {
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return [...new Set(variants.map(typeOf))].join(' or ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  if (schema.type === 'object') return objectType(schema);
  const types = [schema.type ?? 'any JSON'].flat();
  return `${types.join(' or ')}${limits(schema)}`;
}

function objectType({ properties }) {
  const names = Object.keys(properties ?? {});
  return names.length > 0 ? `{ ${names.join(', ')} }` : 'object';
}

function limits({ minimum, maximum, minLength, maxLength, format, default: preset }) {
  const isBounded = (bound) => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  const notes = [
    isBounded(minimum) && `from ${minimum}`,
    isBounded(maximum) && `to ${maximum}`,
    minLength !== undefined && `at least ${minLength} characters`,
    maxLength !== undefined && `at most ${maxLength} characters`,
    format,
    preset !== undefined && `default \`${JSON.stringify(preset)}\``,
  ].filter(Boolean);
  return notes.length > 0 ? ` (${notes.join(', ')})` : '';
}
