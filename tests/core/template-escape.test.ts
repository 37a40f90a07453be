import fc from 'fast-check';
import * as z from 'zod';
import { manual } from '../../src/blocks/flow/manual';
import {
  defineBlock,
  done,
  type Escaping,
  escapeText,
  field,
  implementBlock,
  indexBlocks,
  type Json,
  resolveTemplate,
} from '../../src/core';
import { definition, node } from '../support/definitions';
import { run } from './run-harness';

const label = { en: 'x', it: 'x' };
const scopeOf = (value: Json) => ({
  trigger: { payload: { value } },
  stepOutput: () => undefined,
  loops: [],
  run: { id: '' },
  workflow: { id: '', name: '' },
});
const resolve = (template: string, value: Json, escaping?: Escaping) =>
  resolveTemplate(template, scopeOf(value), undefined, [], escaping);
const plain: Record<Escaping, (text: string) => string> = {
  mrkdwn: (text) => text.replace(/&(lt|gt|amp);/g, (entity) => ({ '&lt;': '<', '&gt;': '>' })[entity] ?? '&'),
  html: (text) =>
    text.replace(
      /&(lt|gt|amp|quot|#39);/g,
      (entity) => ({ '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" })[entity] ?? '&',
    ),
};

describe('escaping of what references put into a text', () => {
  it.each<[Escaping, string]>([
    ['mrkdwn', 'a &amp; b &lt;!channel&gt; "x"'],
    ['html', 'a &amp; b &lt;!channel&gt; &quot;x&quot;'],
  ])('leaves what the author wrote: %s', (escaping, escaped) => {
    const value = 'a & b <!channel> "x"';
    expect(resolve('<!here> & "{{trigger.payload.value}}"', value, escaping)).toBe(`<!here> & "${escaped}"`);
    expect(resolve('{{trigger.payload.value}}', value, escaping)).toBe(escaped);
    expect(resolve('<!here> & {{trigger.payload.value}}', value)).toBe(`<!here> & ${value}`);
  });

  it('covers lists and objects written into the text, defaults and values changed by filters', () => {
    expect(resolve('v: {{trigger.payload.value}}', ['<b>'], 'mrkdwn')).toBe('v: ["&lt;b&gt;"]');
    expect(resolve('{{trigger.payload.value | join: "<"}}', ['a', 'b'], 'mrkdwn')).toBe('a&lt;b');
    expect(resolve('{{trigger.payload.nothing | default: "<none>"}}', 1, 'mrkdwn')).toBe('&lt;none&gt;');
  });

  it.each<Escaping>(['mrkdwn', 'html'])(
    'never lets a value be markup, and loses nothing of it: %s',
    (escaping) => {
      fc.assert(
        fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.string(), (value, before, after) => {
          const safe = (text: string) => text.replaceAll('{', '(');
          const written = `${safe(before)}{{trigger.payload.value}}${safe(after)}`;
          const text = resolve(written, value, escaping) as string;
          const escaped = text.slice(safe(before).length, text.length - safe(after).length);
          expect(text).toBe(`${safe(before)}${escapeText(value, escaping)}${safe(after)}`);
          expect(escaped).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;|#39;)/);
          expect(plain[escaping](escaped)).toBe(value);
        }),
      );
    },
  );
});

describe('a field that asks for escaping', () => {
  const escaped = z.string().meta(field({ label, escape: 'mrkdwn' }));
  const row = z.object({ text: escaped, link: z.string() });
  const block = defineBlock({
    type: 'test.escape',
    provider: 'flow',
    label,
    description: label,
    icon: 'x',
    sideEffect: 'none',
    input: z.object({
      text: escaped,
      optional: escaped.optional(),
      plain: z.string(),
      rows: z.array(row),
      facts: z.record(z.string(), escaped),
      nested: z.object({ deep: z.array(escaped) }).meta(field({ label })),
      choice: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('a'), text: escaped }),
        z.object({ kind: z.literal('b'), plain: z.string() }),
      ]),
      whole: z.array(z.unknown()).meta(field({ label, escape: 'mrkdwn' })),
    }),
    output: z.unknown(),
    sample: {},
  });
  const title = '{{trigger.payload.title}}';

  it('gets it wherever it stands, whole or in parts, and its neighbours do not', async () => {
    const config = {
      text: `<!here> ${title}`,
      optional: title,
      plain: title,
      rows: '{{trigger.payload.rows}}',
      facts: { a: title },
      nested: { deep: ['<b>', title] },
      choice: { kind: 'a', text: title },
      whole: ['{{trigger.payload.rows}}', `<i>${title}`],
    };
    const report = await run(definition([node('x', 'test.escape', { config })], ['trigger -> x']), {
      payload: { title: '<!channel>', rows: [{ text: '<t>', link: '<l>' }] },
      blocks: indexBlocks([manual, block]),
      executors: { 'test.escape': implementBlock(block, { run: ({ input }) => done(input) }) },
    });
    expect(report.step('x').output).toEqual({
      text: '<!here> &lt;!channel&gt;',
      optional: '&lt;!channel&gt;',
      plain: '<!channel>',
      rows: [{ text: '&lt;t&gt;', link: '<l>' }],
      facts: { a: '&lt;!channel&gt;' },
      nested: { deep: ['<b>', '&lt;!channel&gt;'] },
      choice: { kind: 'a', text: '&lt;!channel&gt;' },
      whole: [[{ text: '&lt;t&gt;', link: '&lt;l&gt;' }], '<i>&lt;!channel&gt;'],
    });
  });
});
