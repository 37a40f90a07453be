/**
 * The `q` filter, as far as the blocks use it: `field op value`, `and`, `or`, parentheses; a quote in a text is doubled. `null` when it
 * cannot be read.
 */
export type Predicate = (record: Record<string, unknown>) => boolean;

const fields = new Set([
  'id',
  'name',
  'vat_number',
  'tax_code',
  'entity.id',
  'entity.name',
  'date',
  'next_due_date',
  'number',
  'numeration',
  'any_subject',
  'amount_net',
  'amount_gross',
]);
const tokenPattern = /\s*(?:'((?:[^']|'')*)'|(<=|>=|<>|!=|[()=<>])|([\w.]+))/y;

interface Token {
  kind: 'text' | 'symbol' | 'word';
  value: string;
}

export function parseQuery(q: string): Predicate | null {
  const tokens = tokenize(q);
  if (!tokens) return null;
  const parser = { tokens, at: 0 };
  const predicate = parseAny(parser);
  return predicate && parser.at === tokens.length ? predicate : null;
}

function tokenize(q: string): Token[] | null {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < q.trimEnd().length) {
    const match = tokenPattern.exec(q);
    if (!match) return null;
    const [, text, symbol, word] = match;
    if (text !== undefined) tokens.push({ kind: 'text', value: text.replaceAll("''", "'") });
    else tokens.push(symbol ? { kind: 'symbol', value: symbol } : { kind: 'word', value: word ?? '' });
  }
  return tokens;
}

interface Parser {
  tokens: Token[];
  at: number;
}

const next = (parser: Parser): Token | undefined => parser.tokens[parser.at++];
const takes = (parser: Parser, value: string): boolean => {
  const token = parser.tokens[parser.at];
  if (token?.kind === 'text' || token?.value.toLowerCase() !== value) return false;
  parser.at++;
  return true;
};

function parseAny(parser: Parser): Predicate | null {
  const parts = [parseAll(parser)];
  while (takes(parser, 'or')) parts.push(parseAll(parser));
  return combine(parts, (predicates) => (record) => predicates.some((predicate) => predicate(record)));
}

function parseAll(parser: Parser): Predicate | null {
  const parts = [parseOne(parser)];
  while (takes(parser, 'and')) parts.push(parseOne(parser));
  return combine(parts, (predicates) => (record) => predicates.every((predicate) => predicate(record)));
}

function combine(
  parts: (Predicate | null)[],
  join: (predicates: Predicate[]) => Predicate,
): Predicate | null {
  const predicates = parts.filter((part) => part !== null);
  return predicates.length === parts.length ? join(predicates) : null;
}

function parseOne(parser: Parser): Predicate | null {
  if (takes(parser, '(')) {
    const inner = parseAny(parser);
    return takes(parser, ')') ? inner : null;
  }
  const [field, operator, value] = [next(parser), next(parser), next(parser)];
  if (field?.kind !== 'word' || !fields.has(field.value) || !operator || operator.kind === 'text' || !value)
    return null;
  if (value.kind === 'symbol' || (value.kind === 'word' && !/^\d+(\.\d+)?$/.test(value.value))) return null;
  return compare(field.value, operator.value.toLowerCase(), value.value);
}

function compare(field: string, operator: string, value: string): Predicate | null {
  const wanted = value.toLowerCase();
  switch (operator) {
    case '=':
      return (record) => texts(record, field).some((text) => text === wanted);
    case '<>':
    case '!=':
      return (record) => texts(record, field).every((text) => text !== wanted);
    case '>=':
      return (record) => texts(record, field).some((text) => order(text, wanted) >= 0);
    case '<=':
      return (record) => texts(record, field).some((text) => order(text, wanted) <= 0);
    case 'contains':
      return (record) => texts(record, field).some((text) => text.includes(wanted));
    default:
      return null;
  }
}

const order = (a: string, b: string): number =>
  Number.isNaN(Number(a)) || Number.isNaN(Number(b)) ? a.localeCompare(b) : Number(a) - Number(b);

function texts(record: Record<string, unknown>, field: string): string[] {
  if (field === 'any_subject') return [...texts(record, 'subject'), ...texts(record, 'visible_subject')];
  const value = field
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], record);
  return value === undefined || value === null ? [] : [String(value).toLowerCase()];
}
