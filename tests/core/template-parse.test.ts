import fc from 'fast-check';
import {
  formatReference,
  hasReferences,
  listReferences,
  parseTemplate,
  type TemplatePart,
} from '../../src/core';

const kinds = (template: string) => parseTemplate(template).map(({ kind }) => kind);
const only = (template: string): TemplatePart => {
  const [part, ...rest] = parseTemplate(template);
  expect(rest).toEqual([]);
  return part as TemplatePart;
};
const written = (template: string) =>
  parseTemplate(template)
    .map((part) => (part.kind === 'text' ? part.text : part.source))
    .join('');

describe('a reference', () => {
  it.each<[string, string, (string | number)[]]>([
    ['{{trigger.payload}}', 'trigger', ['payload']],
    ['{{ trigger.payload.a.b }}', 'trigger', ['payload', 'a', 'b']],
    ['{{trigger.payload.rows[0].id}}', 'trigger', ['payload', 'rows', 0, 'id']],
    ['{{trigger.payload["a b"]}}', 'trigger', ['payload', 'a b']],
    ["{{trigger.payload['it\\'s']}}", 'trigger', ['payload', "it's"]],
    ['{{trigger.payload["}}"].x}}', 'trigger', ['payload', '}}', 'x']],
    ['{{step.invoice_m3xa.output.total}}', 'step', ['invoice_m3xa', 'output', 'total']],
    ['{{loop.item.città}}', 'loop', ['item', 'città']],
    ['{{loop.outer.item}}', 'loop', ['outer', 'item']],
    ['{{loop.index}}', 'loop', ['index']],
    ['{{run.id}}', 'run', ['id']],
    ['{{workflow.name}}', 'workflow', ['name']],
    ['{{\n\ttrigger.payload.a-b\r\n}}', 'trigger', ['payload', 'a-b']],
    ['{{trigger.payload.𝒳.y}}', 'trigger', ['payload', '𝒳', 'y']],
  ])('%s is read as its root and path', (template, root, path) => {
    expect(only(template)).toEqual({
      kind: 'reference',
      source: template,
      reference: { root, path, optional: false, filters: [] },
    });
  });

  it('reads its question mark and its filters with their arguments, in order', () => {
    expect(only('{{trigger.payload.a? | default: "a | b: }} c", 2 |number:-1.5|upper}}')).toMatchObject({
      reference: {
        optional: true,
        filters: [
          { name: 'default', args: ['a | b: }} c', 2] },
          { name: 'number', args: [-1.5] },
          { name: 'upper', args: [] },
        ],
      },
    });
  });

  it.each([
    ['{{trigger.}}', 'a name is missing after the dot'],
    ['{{trigger.payload[a]}}', 'brackets hold a position or a quoted name'],
    ['{{trigger.payload[0}}', 'brackets hold a position or a quoted name'],
    ['{{trigger.payload["a]}}', 'a quoted text is not closed'],
    ['{{trigger.payload b}}', '"b" was not expected'],
    ['{{trigger . payload}}', '". payload" was not expected'],
    ['{{trigger.payload | }}', 'the name of a filter is missing after "|"'],
    ['{{trigger.payload | default: x}}', 'an argument of "default" must be a number or quoted text'],
    ['{{trigger.payload | number: 1.2.3}}', 'an argument of "number" must be a number or quoted text'],
    ['{{trigger.payload | default: "x}}', 'a quoted text is not closed'],
    ['{{trigger.payload + 1}}', '"+ 1" was not expected'],
    ['{{trigger.payload()}}', '"()" was not expected'],
  ])('%s is invalid, says why, and is kept as written', (template, message) => {
    expect(only(template)).toEqual({ kind: 'invalid', source: template, message });
  });
});

describe('braces that are not ours', () => {
  it.each([
    '{{allegati}}',
    '{{ documento.numero }}',
    '{{}}',
    '{{ }}',
    '{{1 + 1}}',
    '{{Trigger.payload}}',
    '{{steps.a}}',
  ])('%s are foreign and kept as written', (template) => {
    expect(only(template)).toEqual({ kind: 'foreign', source: template });
    expect(hasReferences(template)).toBe(false);
  });

  it('that never close are text', () => {
    expect(parseTemplate('a {{trigger.payload b')).toEqual([
      { kind: 'text', text: 'a {{' },
      { kind: 'text', text: 'trigger.payload b' },
    ]);
    expect(kinds('}} { { } }')).toEqual(['text']);
  });

  it('opened twice leave the first pair as text and read the second; opened thrice they are foreign', () => {
    expect(kinds('{{ {{trigger.payload.a}}')).toEqual(['text', 'text', 'reference']);
    expect(kinds('{{{trigger.payload.a}}}')).toEqual(['foreign', 'text']);
  });

  it('are part of the whole again when all parts are put together', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('{{', '}}', '"', "'", '\\', 'trigger', '.payload', '|', ':', '[0]', 'x', '?', ' '),
        ),
        (pieces) => {
          const template = pieces.join('');
          expect(written(template)).toBe(template);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});

describe('apostrophes and quotes near braces', () => {
  it.each([
    ["L'importo è {{trigger.payload.a}}", ['text', 'reference']],
    ["{{trigger.payload.a}} dell'anno {{trigger.payload.b}}", ['reference', 'text', 'reference']],
    ["{{trigger.payload.a}}'{{trigger.payload.b}}'", ['reference', 'text', 'reference', 'text']],
    ["{{l'anno}} e {{trigger.payload.a}}", ['foreign', 'text', 'reference']],
    ['"{{trigger.payload.a}}" disse', ['text', 'reference', 'text']],
    [`{{trigger.payload.a | default: "l'anno"}} dell'altro`, ['reference', 'text']],
    [`{{trigger.payload.a | default: 'dice "no"'}}`, ['reference']],
    [`{{trigger.payload.a | default: 'l\\'anno }} {{'}}!`, ['reference', 'text']],
  ])('%s', (template, expected) => {
    expect(kinds(template)).toEqual(expected);
  });
});

describe('a written reference', () => {
  it('reads back as the root and path it was made from, whatever its keys', () => {
    const key = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.nat(999),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('trigger' as const, 'step' as const),
        fc.array(key, { maxLength: 6 }),
        (root, path) => {
          expect(only(`{{${formatReference(root, path)}}}`)).toMatchObject({
            kind: 'reference',
            reference: { root, path },
          });
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('is as short as its keys allow', () => {
    expect(formatReference('trigger', ['payload', 'a', 0, 'b c', '2024', 'x-y', 'q"\\'])).toBe(
      'trigger.payload.a[0]["b c"]["2024"].x-y["q\\"\\\\"]',
    );
  });
});

describe('the references of a configuration', () => {
  it('are listed with their places, foreign and invalid ones too, text aside', () => {
    const found = listReferences({
      to: '{{trigger.payload.to}}',
      rows: [{ text: 'a {{step.x.output}} b {{allegati}}' }, 3, null, true],
      deep: { bad: '{{run.}}' },
      plain: 'none',
    });
    expect(found.map(({ at, part }) => [at, part.kind, part.source])).toEqual([
      [['to'], 'reference', '{{trigger.payload.to}}'],
      [['rows', 0, 'text'], 'reference', '{{step.x.output}}'],
      [['rows', 0, 'text'], 'foreign', '{{allegati}}'],
      [['deep', 'bad'], 'invalid', '{{run.}}'],
    ]);
  });
});

/** Reads of a text, in characters: what a scan costs, free of the clock. `indexOf` counts what it passes over. */
function countReads(template: string): number {
  let reads = 0;
  const counted = new Proxy(Object(template) as object, {
    get: (_, name) => {
      if (typeof name === 'string' && /^\d+$/.test(name)) {
        reads += 1;
        return template[Number(name)];
      }
      if (name === 'indexOf')
        return (search: string, from = 0) => {
          const found = template.indexOf(search, from);
          reads += (found === -1 ? template.length : found) - from;
          return found;
        };
      if (name === 'slice')
        return (start: number, end?: number) => {
          const piece = template.slice(start, end);
          reads += piece.length;
          return piece;
        };
      return Reflect.get(Object(template), name) as unknown;
    },
  });
  parseTemplate(counted as unknown as string);
  return reads;
}

describe('the work of parsing', () => {
  const hostile: [string, (length: number) => string][] = [
    ['open braces', (length) => '{{'.repeat(length / 2)],
    ['open braces and blanks', (length) => `{{${' '.repeat(length - 2)}`],
    ['open braces, each with a quote', (length) => '{{"'.repeat(length / 3)],
    ['open braces, each with an escaped quote', (length) => '{{\\"'.repeat(length / 4)],
    ['quotes', (length) => `{{${'"'.repeat(length - 2)}`],
    ['backslashes', (length) => `{{"${'\\'.repeat(length - 3)}`],
    ['references', (length) => '{{trigger.payload.a}}'.repeat(length / 21)],
    ['filters', (length) => '{{run.id|upper|upper|upper}}'.repeat(length / 28)],
    ['foreign braces', (length) => '{{a}}'.repeat(length / 5)],
    ['one long path', (length) => `{{trigger${'.a'.repeat(length / 2 - 6)}}}`],
  ];

  it.each(hostile)('grows with the length of a text of %s, not faster', (_, make) => {
    const [small, large] = [countReads(make(3_000)), countReads(make(12_000))];
    expect(large).toBeLessThanOrEqual(small * 5 + 5000);
    expect(large).toBeLessThanOrEqual(12_000 * 2100);
  });
});
