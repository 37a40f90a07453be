/**
 * Templates: text with `{{reference}}` parts. One pass with `indexOf`, linear in the input, no regular expression over it.
 *
 * 1. `{{` opens a part, the next `}}` outside a quoted argument closes it.
 * 2. A part is a path (`trigger.payload.a.b[0]`, `step.x.output.y`), an optional `?`, then `| filter: argument` any number of times.
 * 3. A part whose root is none of ours is left as written (`{{allegati}}` is Fatture in Cloud's own) and reported as foreign.
 */
export const referenceRoots = ['trigger', 'step', 'loop', 'run', 'workflow'] as const;
export type ReferenceRoot = (typeof referenceRoots)[number];

export interface FilterCall {
  name: string;
  args: (string | number)[];
}

export interface Reference {
  root: ReferenceRoot;
  /** Keys after the root; numbers are list positions. */
  path: (string | number)[];
  /** Written with `?`: a missing value becomes empty. */
  optional: boolean;
  filters: FilterCall[];
}

export type TemplatePart =
  | { kind: 'text'; text: string }
  | { kind: 'reference'; reference: Reference; source: string }
  | { kind: 'foreign'; source: string }
  | { kind: 'invalid'; source: string; message: string };

/** What was parsed lately: a run resolves the templates of its workflow again and again. */
const parsed = new Map<string, readonly TemplatePart[]>();
const MAX_PARSED = 1_000;
/** Longer ones are rare, and must not fill the memory. */
const MAX_PARSED_CHARS = 1_024;

export function parseTemplate(template: string): readonly TemplatePart[] {
  const known = parsed.get(template);
  if (known) return known;
  const parts = split(template);
  if (parsed.size >= MAX_PARSED) parsed.clear();
  if (template.length <= MAX_PARSED_CHARS) parsed.set(template, parts);
  return parts;
}

function split(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let position = 0;
  const pushText = (end: number) => {
    if (end > position) parts.push({ kind: 'text', text: template.slice(position, end) });
  };
  for (;;) {
    const open = template.indexOf('{{', position);
    if (open === -1) break;
    const close = findClose(template, open + 2);
    if (close === -1) {
      pushText(open + 2);
      position = open + 2;
      continue;
    }
    pushText(open);
    parts.push(parsePart(template.slice(open, close + 2)));
    position = close + 2;
  }
  pushText(template.length);
  return parts;
}

/** True when the text holds at least one reference of ours (valid or not). */
export function hasReferences(template: string): boolean {
  return (
    template.includes('{{') &&
    parseTemplate(template).some((part) => part.kind === 'reference' || part.kind === 'invalid')
  );
}

/** The only reference of a template that is exactly one reference, else `null`. */
export function soleReference(parts: readonly TemplatePart[]): Reference | null {
  const [only] = parts;
  return parts.length === 1 && only?.kind === 'reference' ? only.reference : null;
}

/** Longest part between braces; keeps the scan of unclosed braces linear. */
const MAX_PART_CHARS = 1024;

/** Position of the `}}` that closes a part, skipping quoted arguments; -1 when another `{{` opens first or none closes in reach. */
function findClose(text: string, from: number): number {
  let quote = '';
  const end = Math.min(text.length, from + MAX_PART_CHARS);
  for (let i = from; i < end; i += 1) {
    const char = text[i] as string;
    if (quote !== '') {
      if (char === '\\') i += 1;
      else if (char === quote) quote = '';
    } else if (char === '}' && text[i + 1] === '}') return i;
    else if (char === '{' && text[i + 1] === '{') return -1;
    else if (char === '"' || char === "'") quote = char;
  }
  // A quote that never closes (an apostrophe in running text) must not swallow the braces after it.
  const plain = text.slice(from, end).indexOf('}}');
  return plain === -1 ? -1 : from + plain;
}

function parsePart(source: string): TemplatePart {
  const scanner = new Scanner(source.slice(2, -2));
  scanner.skipBlanks();
  const root = scanner.word();
  if (!(referenceRoots as readonly string[]).includes(root)) return { kind: 'foreign', source };
  try {
    const reference: Reference = { root: root as ReferenceRoot, path: [], optional: false, filters: [] };
    readPath(scanner, reference);
    scanner.skipBlanks();
    if (scanner.take('?')) reference.optional = true;
    readFilters(scanner, reference);
    return { kind: 'reference', reference, source };
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return { kind: 'invalid', source, message: error.message };
    throw error;
  }
}

function readPath(scanner: Scanner, reference: Reference): void {
  for (;;) {
    if (scanner.take('.')) {
      const key = scanner.word();
      if (key === '') throw new TemplateSyntaxError('a name is missing after the dot');
      reference.path.push(key);
    } else if (scanner.take('[')) {
      const quoted = scanner.quoted();
      const key = quoted ?? scanner.integer();
      if (key === null || !scanner.take(']'))
        throw new TemplateSyntaxError('brackets hold a position or a quoted name');
      reference.path.push(key);
    } else {
      return;
    }
  }
}

function readFilters(scanner: Scanner, reference: Reference): void {
  for (;;) {
    scanner.skipBlanks();
    if (scanner.isAtEnd()) return;
    if (!scanner.take('|')) throw new TemplateSyntaxError(`"${scanner.rest()}" was not expected`);
    scanner.skipBlanks();
    const name = scanner.word();
    if (name === '') throw new TemplateSyntaxError('the name of a filter is missing after "|"');
    const call: FilterCall = { name, args: [] };
    scanner.skipBlanks();
    if (scanner.take(':')) {
      do {
        scanner.skipBlanks();
        const argument = scanner.quoted() ?? scanner.number();
        if (argument === null)
          throw new TemplateSyntaxError(`an argument of "${name}" must be a number or quoted text`);
        call.args.push(argument);
        scanner.skipBlanks();
      } while (scanner.take(','));
    }
    reference.filters.push(call);
  }
}

class TemplateSyntaxError extends Error {}

class Scanner {
  private position = 0;
  constructor(private readonly text: string) {}

  isAtEnd(): boolean {
    return this.position >= this.text.length;
  }

  rest(): string {
    return this.text.slice(this.position, this.position + 40);
  }

  take(char: string): boolean {
    if (this.text[this.position] !== char) return false;
    this.position += 1;
    return true;
  }

  skipBlanks(): void {
    while (this.position < this.text.length && isBlank(this.text[this.position] as string))
      this.position += 1;
  }

  /** Letters of any language, digits, `_`, `-` and `$`. */
  word(): string {
    return this.while((char) => /[\p{L}\p{N}_$-]/u.test(char));
  }

  integer(): number | null {
    const digits = this.while((char) => char >= '0' && char <= '9');
    return digits === '' ? null : Number(digits);
  }

  number(): number | null {
    const digits = this.while((char) => (char >= '0' && char <= '9') || char === '.' || char === '-');
    const value = Number(digits);
    return digits === '' || Number.isNaN(value) ? null : value;
  }

  quoted(): string | null {
    const quote = this.text[this.position];
    if (quote !== '"' && quote !== "'") return null;
    let value = '';
    for (let i = this.position + 1; i < this.text.length; i += 1) {
      const char = this.text[i] as string;
      if (char === quote) {
        this.position = i + 1;
        return value;
      }
      if (char === '\\') i += 1;
      value += this.text[i] ?? '';
    }
    throw new TemplateSyntaxError('a quoted text is not closed');
  }

  private while(test: (char: string) => boolean): string {
    const start = this.position;
    for (let code = this.codePoint(); code !== undefined; code = this.codePoint()) {
      const char = String.fromCodePoint(code);
      if (!test(char)) break;
      this.position += char.length;
    }
    return this.text.slice(start, this.position);
  }

  private codePoint(): number | undefined {
    return this.text.codePointAt(this.position);
  }
}

const isBlank = (char: string): boolean => char === ' ' || char === '\t' || char === '\n' || char === '\r';

/** `step.invoice_m3xa.output.total` as it would be written between braces, without filters. */
export function formatReference(root: ReferenceRoot, path: readonly (string | number)[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    if (/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key)) return `${text}.${key}`;
    return `${text}["${key.replace(/["\\]/g, '\\$&')}"]`;
  }, root);
}

export interface LocatedReference {
  /** Where in the configuration the template stands. */
  at: (string | number)[];
  part: Exclude<TemplatePart, { kind: 'text' }>;
}

/** Every part between braces in a configuration value, with its place. */
export function listReferences(config: unknown): LocatedReference[] {
  const found: LocatedReference[] = [];
  const visit = (value: unknown, at: (string | number)[]) => {
    if (typeof value === 'string') {
      if (!value.includes('{{')) return;
      for (const part of parseTemplate(value)) if (part.kind !== 'text') found.push({ at, part });
    } else if (Array.isArray(value)) {
      value.forEach((child, index) => {
        visit(child, [...at, index]);
      });
    } else if (value !== null && typeof value === 'object') {
      for (const [key, child] of Object.entries(value)) visit(child, [...at, key]);
    }
  };
  visit(config, []);
  return found;
}
