/**
 * Holds what went over the wire against a provider's own OpenAPI description (3.0 or 3.1). Problems come as texts, none when all is well.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

export interface Exchange {
  method: string;
  path: string;
  query?: Record<string, string> | undefined;
  /** `undefined` when the request has none. */
  body?: unknown;
  status: number;
  answer: unknown;
}

export interface OpenApi {
  /** The operation a request is for; `null` when the description has none. */
  operationOf: (exchange: Pick<Exchange, 'method' | 'path'>) => string | null;
  /** What is wrong with a request: path, query and body. Properties the description does not name count as wrong. */
  requestProblems: (exchange: Exchange) => string[];
  /** What is wrong with an answer. More than the description names is allowed. */
  answerProblems: (exchange: Exchange) => string[];
  /** What is wrong with a value, by the schema of this name. */
  problemsOf: (schema: string, value: unknown) => string[];
}

type JsonObject = Record<string, unknown>;

interface Operation {
  id: string;
  method: string;
  pattern: RegExp;
  /** How many parts of the path are left open. */
  templated: number;
  parameters: JsonObject[];
  definition: JsonObject;
}

/** `file` is relative to the folder of the specifications. */
export function readOpenApi(file: string): OpenApi {
  const document = JSON.parse(
    readFileSync(path.join(process.env.SPECS_DIR ?? '', file), 'utf8'),
  ) as JsonObject;
  const compile = createCompiler(document);
  // `/issued_documents/info` before `/issued_documents/{document_id}`.
  const operations = listOperations(document).sort((a, b) => a.templated - b.templated);
  const find = ({ method, path: at }: Pick<Exchange, 'method' | 'path'>) =>
    operations.find((operation) => operation.method === method.toLowerCase() && operation.pattern.test(at));
  const within = (exchange: Exchange, check: (operation: Operation) => string[]): string[] => {
    const operation = find(exchange);
    if (!operation) return [`${exchange.method} ${exchange.path} is not in ${file}`];
    return check(operation).map((problem) => `${operation.id}: ${problem}`);
  };
  return {
    operationOf: (exchange) => find(exchange)?.id ?? null,
    requestProblems: (exchange) =>
      within(exchange, (operation) => [
        ...parameterProblems(operation, exchange, compile),
        ...bodyProblems(document, operation, exchange, compile),
      ]),
    answerProblems: (exchange) =>
      within(exchange, (operation) => answerProblems(document, operation, exchange, compile)),
    problemsOf: (schema, value) => {
      const validate = compile({ $ref: `#/components/schemas/${schema}` });
      return validate(value) ? [] : describe(validate.errors, schema);
    },
  };
}

type Compile = (schema: JsonObject, isFromText?: boolean) => ValidateFunction;

function createCompiler(document: JsonObject): Compile {
  const options = { strict: false, allErrors: true, validateFormats: true };
  const is31 = String(document.openapi).startsWith('3.1');
  const create = (coerceTypes: boolean) => {
    const ajv = is31 ? new Ajv2020({ ...options, coerceTypes }) : new Ajv({ ...options, coerceTypes });
    addFormats(ajv);
    ajv.addSchema({ ...document, $id: 'spec:' });
    return ajv;
  };
  const [exact, fromText] = [create(false), create(true)];
  const known = new Map<string, ValidateFunction>();
  return (schema, isFromText = false) => {
    const key = `${isFromText} ${JSON.stringify(schema)}`;
    const found = known.get(key) ?? (isFromText ? fromText : exact).compile(absoluteRefs(schema));
    known.set(key, found);
    return found;
  };
}

/** `#/components/…` means the whole document, not the part of it that is compiled. */
function absoluteRefs(schema: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"spec:#/')) as JsonObject;
}

function listOperations(document: JsonObject): Operation[] {
  return Object.entries(document.paths as Record<string, JsonObject>).flatMap(([template, item]) =>
    Object.entries(item)
      .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
      .map(([method, definition]) => toOperation(document, template, item, method, definition as JsonObject)),
  );
}

function toOperation(
  document: JsonObject,
  template: string,
  item: JsonObject,
  method: string,
  definition: JsonObject,
): Operation {
  const all = [...((item.parameters as unknown[]) ?? []), ...((definition.parameters as unknown[]) ?? [])];
  const pattern = template.replace(/[.]/g, '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return {
    id: String(definition.operationId ?? `${method} ${template}`),
    method,
    pattern: new RegExp(`^${pattern}$`),
    templated: template.split('{').length - 1,
    parameters: all.map((parameter) => resolve(document, parameter as JsonObject)),
    definition,
  };
}

function resolve(document: JsonObject, value: JsonObject): JsonObject {
  if (typeof value.$ref !== 'string') return value;
  const names = value.$ref.slice(2).split('/');
  const found = names.reduce<unknown>((inner, name) => (inner as JsonObject)[name], document);
  return resolve(document, found as JsonObject);
}

function parameterProblems(
  operation: Operation,
  { path: at, query = {} }: Exchange,
  compile: Compile,
): string[] {
  const inPath = operation.pattern.exec(at)?.groups ?? {};
  const known = operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const unknown = Object.keys(query).filter((name) => !known.includes(name));
  const wrong = operation.parameters.flatMap(({ name, in: place, required, schema }) => {
    if (place !== 'path' && place !== 'query') return [];
    const value = (place === 'path' ? inPath : query)[String(name)];
    if (value === undefined) return required ? [`the parameter ${name} is missing`] : [];
    const validate = compile({ type: 'object', properties: { value: schema } }, true);
    return validate({ value }) ? [] : describe(validate.errors, String(name));
  });
  return [...unknown.map((name) => `the parameter ${name} is not known`), ...wrong];
}

function bodyProblems(
  document: JsonObject,
  operation: Operation,
  { body }: Exchange,
  compile: Compile,
): string[] {
  const request = operation.definition.requestBody as JsonObject | undefined;
  if (!request) return body === undefined ? [] : ['a body is not expected'];
  const schema = schemaOf(resolve(document, request));
  if (!schema) return [];
  const validate = compile(closed(document, schema));
  return validate(body) ? [] : describe(validate.errors, 'body');
}

function answerProblems(
  document: JsonObject,
  operation: Operation,
  { status, answer }: Exchange,
  compile: Compile,
): string[] {
  const responses = operation.definition.responses as Record<string, JsonObject>;
  const response = responses[String(status)] ?? responses.default;
  if (!response) return [`the status ${status} is not described`];
  const schema = schemaOf(resolve(document, response));
  if (!schema) return [];
  const validate = compile(schema);
  return validate(answer) ? [] : describe(validate.errors, `answer ${status}`);
}

function schemaOf({ content }: JsonObject): JsonObject | null {
  const json = (content as Record<string, JsonObject> | undefined)?.['application/json'];
  return (json?.schema as JsonObject | undefined) ?? null;
}

/** The schema with every object that names its properties taking no others. Parts of an `allOf` stay open: each would refuse the rest. */
function closed(document: JsonObject, schema: JsonObject): JsonObject {
  const close = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(close);
    if (value === null || typeof value !== 'object') return value;
    const { allOf, ...rest } = resolve(document, value as JsonObject);
    const inner = Object.fromEntries(Object.entries(rest).map(([name, part]) => [name, close(part)]));
    const named = inner.properties !== undefined && inner.additionalProperties === undefined && !allOf;
    return { ...inner, ...(allOf ? { allOf } : {}), ...(named ? { additionalProperties: false } : {}) };
  };
  return close(schema) as JsonObject;
}

const describe = (errors: ErrorObject[] | null | undefined, where: string): string[] =>
  (errors ?? []).map(
    ({ instancePath, message, params }) => `${where}${instancePath} ${message} ${JSON.stringify(params)}`,
  );
