import * as z from 'zod';
import { blocks } from '../../src/blocks';
import {
  deferredFields,
  describeField,
  describeForm,
  type FormField,
  field,
  humanize,
  shownConfig,
  shownFields,
  unwrap,
} from '../../src/core';

const label = { en: 'Due', it: 'Scadenza' };
const base = (name: string, rest: Partial<FormField> = {}) => ({
  name,
  label: { en: humanize(name), it: humanize(name) },
  hint: undefined,
  placeholder: undefined,
  required: true,
  sensitive: false,
  ...rest,
});

describe('the form of a zod schema', () => {
  it.each<[string, z.ZodType, object]>([
    ['string', z.string(), { kind: 'text', multiline: false, minLength: undefined, maxLength: undefined }],
    [
      'string with bounds',
      z.string().min(2).max(9),
      { kind: 'text', multiline: false, minLength: 2, maxLength: 9 },
    ],
    ['long text', z.string().meta({ widget: 'long-text' }), { kind: 'text', multiline: true }],
    ['email', z.email(), { kind: 'text', multiline: false }],
    [
      'type of an event',
      z.string().meta({ widget: 'event-type' }),
      { kind: 'text', multiline: false, eventType: true },
    ],
    [
      'remote select',
      z.string().meta({ widget: 'remote-select', options: 'channels' }),
      { kind: 'remote', options: 'channels' },
    ],
    ['date as text', z.iso.date(), { kind: 'date', time: false }],
    ['date and time as text', z.iso.datetime(), { kind: 'date', time: true }],
    ['date widget', z.string().meta({ widget: 'date-time' }), { kind: 'date', time: true }],
    ['date', z.coerce.date(), { kind: 'date', time: false }],
    ['number', z.number(), { kind: 'number', integer: false, money: false, min: undefined, max: undefined }],
    [
      'integer with bounds',
      z.int().min(0).max(9),
      { kind: 'number', integer: true, money: false, min: 0, max: 9 },
    ],
    ['money', z.number().meta({ widget: 'money' }), { kind: 'number', money: true }],
    ['boolean', z.boolean(), { kind: 'boolean' }],
    [
      'enum',
      z.enum(['a', 'bC']).meta({ values: { a: label } }),
      {
        kind: 'enum',
        choices: [
          { value: 'a', label },
          { value: 'bC', label: { en: 'B c', it: 'B c' } },
        ],
      },
    ],
    ['literals', z.literal(['x', 2]), { kind: 'enum', choices: [{ value: 'x' }, { value: '2' }] }],
    ['object', z.object({ a: z.string() }), { kind: 'object', fields: [{ name: 'a', kind: 'text' }] }],
    ['list', z.array(z.number()), { kind: 'list', item: { name: '', kind: 'number' } }],
    ['record', z.record(z.string(), z.boolean()), { kind: 'record', value: { name: '', kind: 'boolean' } }],
    ['unknown', z.unknown(), { kind: 'value', reference: false }],
    ['json', z.json(), { kind: 'value', reference: false }],
    ['reference', z.array(z.json()).meta({ widget: 'reference' }), { kind: 'value', reference: true }],
    [
      'discriminated union',
      z.discriminatedUnion('for', [
        z.object({ for: z.literal('duration'), seconds: z.int() }),
        z.object({ for: z.literal('until'), at: z.iso.datetime() }),
      ]),
      {
        kind: 'union',
        discriminator: 'for',
        variants: [
          { value: 'duration', label: { en: 'Duration', it: 'Duration' }, fields: [{ name: 'seconds' }] },
          { value: 'until', fields: [{ name: 'at', kind: 'date' }] },
        ],
      },
    ],
  ])('has a control for %s', (_, schema, expected) => {
    expect(describeField('x', schema)).toMatchObject(expected);
  });

  it.each<[string, z.ZodType]>([
    ['union', z.union([z.string(), z.number()])],
    ['tuple', z.tuple([z.string()])],
    ['map', z.map(z.string(), z.string())],
    ['set', z.set(z.string())],
    ['bigint', z.bigint()],
    ['any', z.any()],
    ['intersection', z.intersection(z.object({}), z.object({}))],
    ['undefined', z.undefined()],
    ['function', z.function() as never],
    ['transform', z.transform((value) => value)],
  ])('says which kind has none, and what to use: %s', (kind, schema) => {
    expect(() => describeForm(z.object({ amount: schema }))).toThrow(
      `The field "amount" has a zod schema of kind "${kind}", for which the form has no control. ` +
        'Use text, number, boolean, date, enum, object, array, record, discriminatedUnion or unknown.',
    );
  });

  it('peels wrappers: required, default and the outermost words, key by key', () => {
    const schema = z.object({
      plain: z.string(),
      optional: z.string().optional(),
      nullable: z.string().nullable(),
      withDefault: z.enum(['a']).default('a'),
      piped: z.string().transform((text) => text.length),
      prepared: z.preprocess((value) => value, z.string()),
      worded: z
        .string()
        .meta(field({ label, hint: label, sensitive: true }))
        .optional()
        .meta({ hint: { en: 'outer', it: 'fuori' } }),
    });
    const text = { kind: 'text', multiline: false, minLength: undefined, maxLength: undefined };
    expect(describeForm(schema)).toEqual([
      { ...base('plain'), ...text },
      { ...base('optional', { required: false }), ...text },
      { ...base('nullable', { required: false }), ...text },
      {
        ...base('withDefault', { required: false, default: 'a' }),
        kind: 'enum',
        choices: [{ value: 'a', label: { en: 'A', it: 'A' } }],
      },
      { ...base('piped'), ...text },
      { ...base('prepared'), ...text },
      {
        ...base('worded', { required: false, label, hint: { en: 'outer', it: 'fuori' }, sensitive: true }),
        ...text,
      },
    ]);
  });

  it('exists for every built-in block, in both languages', () => {
    const labels = (fields: FormField[]): string[] =>
      fields.flatMap((child) => [
        child.label.en,
        child.label.it,
        ...(child.kind === 'object' ? labels(child.fields) : []),
        ...(child.kind === 'list' && child.item.kind === 'object' ? labels(child.item.fields) : []),
      ]);
    for (const block of blocks) expect(labels(describeForm(block.input)).every(Boolean)).toBe(true);
  });
});

describe('a field that is shown only beside certain values of another', () => {
  const when = (name: string, ...values: string[]) => ({ label, when: { field: name, in: values } });
  const schema = z.object({
    by: z.enum(['day', 'post']).default('day'),
    unit: z
      .enum(['hours', 'days'])
      .default('hours')
      .meta(field(when('by', 'day'))),
    at: z
      .string()
      .optional()
      .meta(field({ ...when('unit', 'days'), requiredWhenShown: true })),
    urgent: z.boolean().optional(),
    courier: z
      .string()
      .optional()
      .meta(field(when('urgent', 'true'))),
    lost: z
      .string()
      .optional()
      .meta(field(when('nowhere', 'x'))),
  });
  const shown = (config: Record<string, unknown>) =>
    shownFields(describeForm(schema), config).map(({ name }) => name);

  it('says so, and is required if it must be filled in then', () => {
    expect(describeForm(schema)).toMatchObject([
      { name: 'by', required: false },
      { name: 'unit', required: false, when: { field: 'by', in: ['day'] } },
      { name: 'at', required: true, when: { field: 'unit', in: ['days'] } },
      { name: 'urgent', required: false },
      { name: 'courier', required: false },
      { name: 'lost', required: false },
    ]);
    expect(describeForm(schema)[0]).not.toHaveProperty('when');
  });

  it('goes by the value, else by the default, and is hidden with the field it hangs on', () => {
    expect(shown({})).toEqual(['by', 'unit', 'urgent']);
    expect(shown({ unit: 'days' })).toEqual(['by', 'unit', 'at', 'urgent']);
    expect(shown({ by: 'post', unit: 'days' })).toEqual(['by', 'urgent']);
    expect(shown({ by: '{{run.id}}', unit: 'days' })).toEqual(['by', 'urgent']);
    expect(shown({ by: 'post', urgent: true })).toEqual(['by', 'urgent', 'courier']);
  });

  it('means nothing while it is hidden, whatever it holds; unknown keys stay', () => {
    const config = { by: 'post', unit: 'days', at: '09:00', other: 1 };
    expect(shownConfig(schema, config)).toEqual({ by: 'post', other: 1 });
    expect(shownConfig(schema, { ...config, by: 'day' })).toEqual({ ...config, by: 'day' });
  });

  it('cannot be required by its schema, which does not know whether it is shown', () => {
    const wrong = z.object({ by: z.string(), at: z.string().meta(field(when('by', 'x'))) });
    expect(() => describeForm(wrong)).toThrow('The field "at" is not always shown');
  });
});

describe('what else is read off a schema', () => {
  it('are the fields stored as written', () => {
    expect([
      ...deferredFields(z.object({ a: z.string(), b: z.string().meta({ deferred: true }).optional() })),
    ]).toEqual(['b']);
  });

  it('is the schema under its wrappers', () => {
    const inner = z.string();
    expect(unwrap(inner.optional().nullable().default('x').readonly()).schema).toBe(inner);
  });

  it.each([
    ['customFields', 'Custom fields'],
    ['threadTs', 'Thread ts'],
    ['due_date-at', 'Due date at'],
    ['x', 'X'],
    ['', ''],
  ])('is a name in words: %s', (name, words) => {
    expect(humanize(name)).toBe(words);
  });
});
