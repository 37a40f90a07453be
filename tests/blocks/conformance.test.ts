import * as z from 'zod';
import { blocks, providers } from '../../src/blocks';
import { executors, providerImplementations } from '../../src/blocks/server';
import {
  type AnyBlock,
  type AnyExecutor,
  type BlockDefinition,
  describeForm,
  type FormField,
  isDeeperThan,
  jsonBytes,
  type LocalText,
} from '../../src/core';
import { validConfig } from '../support/valid-config';

/** What every registered block and provider keeps to, so that form, picker, engine and viewer can rely on it. */

const each = <T extends { type?: string; id?: string }>(list: readonly T[]) =>
  list.map((entry) => [entry.type ?? entry.id ?? '', entry] as const);
const actions = blocks.filter((block): block is BlockDefinition => block.kind === 'action');
const executorOf = (type: string) => (executors as Record<string, AnyExecutor>)[type];
const implementationOf = (id: string) => providerImplementations.find(({ provider }) => provider.id === id);
const isNamed = (text: LocalText | undefined) =>
  expect([text?.en, text?.it]).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S/)]);

/** Every field of the form, those inside others too. */
function allFields(fields: readonly FormField[]): FormField[] {
  return fields.flatMap((field): FormField[] => {
    if (field.kind === 'object') return [field, ...allFields(field.fields)];
    if (field.kind === 'list') return [field, ...allFields([field.item])];
    if (field.kind === 'record') return [field, ...allFields([field.value])];
    if (field.kind === 'union')
      return [field, ...field.variants.flatMap((variant) => allFields(variant.fields))];
    return [field];
  });
}

const formOf = (block: AnyBlock): FormField[] => describeForm(block.input as z.ZodObject);

it('no two blocks have one type, and no two providers one id', () => {
  expect(new Set(blocks.map(({ type }) => type)).size).toBe(blocks.length);
  expect(new Set(providers.map(({ id }) => id)).size).toBe(providers.length);
});

describe.each(each(blocks))('the block %s', (type, block) => {
  it('is called by its provider and what it does, and says so in both languages', () => {
    expect(type).toMatch(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/);
    expect(type.startsWith(`${block.provider}.`)).toBe(true);
    expect(providers.map(({ id }) => id)).toContain(block.provider);
    isNamed(block.label);
    isNamed(block.description);
    expect([...block.icon]).toHaveLength(1);
  });

  it('has a form whose every field has a control, a label and named choices in both languages', () => {
    for (const field of allFields(formOf(block)).filter(({ name }) => name !== '')) {
      isNamed(field.label);
      if (field.kind === 'enum') for (const choice of field.choices) isNamed(choice.label);
      if (field.kind === 'union') for (const variant of field.variants) isNamed(variant.label);
    }
  });

  it('refuses fields it does not know', () => {
    const parsed = block.input.safeParse({ ...validConfig(block), colore: 'rosso' });
    expect(parsed.error?.issues).toMatchObject([{ code: 'unrecognized_keys', keys: ['colore'] }]);
  });

  it('gives a sample that is what it gives, and fits into what a step may give', () => {
    expect(block.output.safeParse(block.sample).error?.issues ?? []).toEqual([]);
    expect(jsonBytes(block.sample)).toBeLessThan(16 * 1024);
    expect(isDeeperThan(block.sample, 16)).toBe(false);
  });

  it('can be described as JSON Schema', () => {
    for (const schema of [block.input, block.output])
      expect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).toMatchObject({
        $schema: expect.any(String),
      });
  });

  it('sums itself up on its card whatever is filled in', () => {
    for (const config of [
      {},
      validConfig(block),
      { [formOf(block)[0]?.name ?? 'x']: '{{trigger.payload.x}}' },
    ])
      for (const locale of ['en', 'it'] as const)
        expect(typeof (block.summary?.(config, locale) ?? '')).toBe('string');
  });

  it('leads on by a handle it has, and names the others', () => {
    const handles = 'handlesFor' in block && block.handlesFor ? null : block.handles;
    if (handles && handles.length > 0) expect(handles).toContain(block.passHandle);
    for (const handle of block.handles.filter((name) => name !== 'next'))
      isNamed(block.handleLabels?.[handle]);
  });

  it('brings older configurations to its version, one version at a time', () => {
    if (block.version > 1) expect(block.migrate).toBeInstanceOf(Function);
    for (let version = 1; version < block.version; version += 1)
      expect(block.migrate?.({}, version)).toEqual(expect.any(Object));
  });

  it('finds nothing doubtful in a plain configuration, and says what it finds in both languages', () => {
    for (const warning of block.warnings?.(validConfig(block)) ?? []) isNamed(warning.text);
    expect(block.warnings?.({}) ?? []).toEqual([]);
  });
});

const completed = blocks.filter((block) => block.kind === 'trigger' && block.announced !== undefined);
describe.each(each(completed))('the trigger %s, of which less is known at first', (type, block) => {
  it('has an executor of its own, with the provider it names, that makes it whole', () => {
    const executor = executorOf(type);
    expect(executor?.type).toBe(type);
    expect(executor?.provider?.provider).toBe(providers.find(({ id }) => id === block.provider));
    expect(executor?.recover).toBeUndefined();
  });

  it('announces a part of what it gives: enough to name the run, too little to be taken for the whole', () => {
    if (block.kind !== 'trigger' || !block.announced) throw new Error(`${type} announces nothing.`);
    const announced = block.announced.parse(block.sample);
    expect(block.output.safeParse(announced).success).toBe(false);
    expect(block.sample).toMatchObject(announced);
    expect(block.title?.(announced)).toBe(block.title?.(block.sample));
    expect(block.businessKeys?.(announced)).toEqual(block.businessKeys?.(block.sample));
  });
});

describe.each(each(actions))('the action %s', (type, block) => {
  const executor = executorOf(type);

  it('has an executor of its own, with the provider it names', () => {
    expect(executor?.type).toBe(type);
    expect(executor?.timeoutMs).toBeGreaterThanOrEqual(1_000);
    expect(executor?.timeoutMs).toBeLessThanOrEqual(120_000);
    const provider = providers.find(({ id }) => id === block.provider);
    if (provider?.auth.type !== 'none') expect(executor?.provider?.provider).toBe(provider);
  });

  it('can tell what became of its effect exactly when it says so', () => {
    expect(executor?.recover !== undefined).toBe(block.sideEffect === 'reconcilable');
  });

  it('finds its remote choices at its provider, page by page and one by one', () => {
    for (const field of allFields(formOf(block))) {
      if (field.kind !== 'remote') continue;
      expect(implementationOf(block.provider)?.options?.[field.options]).toEqual({
        list: expect.any(Function),
        find: expect.any(Function),
      });
    }
  });

  it('asks for no permission its provider does not ask for', () => {
    const auth = providers.find(({ id }) => id === block.provider)?.auth;
    if (block.scopes) expect(auth).toMatchObject({ scopes: expect.arrayContaining([...block.scopes]) });
  });

  it('tells before it acts what it would do, in both languages', () => {
    if (block.sideEffect === 'none') return;
    const parsed = block.input.parse(validConfig(block));
    isNamed(block.preview?.(parsed));
    expect(block.preview?.(parsed)?.it).not.toBe(block.preview?.(parsed)?.en);
  });
});

describe.each(each(providers))('the provider %s', (id, provider) => {
  it('is named in both languages, with a tile', () => {
    isNamed(provider.label);
    isNamed(provider.description);
    expect(provider.color).toMatch(/^#[0-9a-f]{6}$/i);
  });

  it('has a server half when there is something to reach or to choose from', () => {
    const fields = blocks
      .filter((block) => block.provider === id)
      .flatMap((block) => allFields(formOf(block)));
    const hasChoices = fields.some(({ kind }) => kind === 'remote');
    expect(implementationOf(id) !== undefined).toBe(provider.auth.type !== 'none' || hasChoices);
  });

  it('reaches a fixed origin over https, and no host it does not list', () => {
    if (provider.auth.type !== 'oauth2' && provider.auth.type !== 'api-key') return;
    expect(provider.defaultBaseUrl).toMatch(/^https:\/\/[a-z0-9.-]+$/);
    for (const host of provider.hosts ?? []) expect(host).toMatch(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/);
  });

  it('says who was connected, whether it works, and reads any failure without quoting it', () => {
    const implementation = implementationOf(id);
    if (!implementation) return;
    if (provider.auth.type === 'oauth2')
      expect(implementation).toMatchObject({ identify: expect.any(Function), test: expect.any(Function) });
    for (const thrown of [
      new Error('Bearer canary-secret'),
      'canary-secret',
      null,
      { canary: 'canary-secret' },
    ]) {
      const failure = implementation.mapError(thrown);
      expect(failure).toMatchObject({
        kind: expect.stringMatching(/^(retry|terminal|reconnect|uncertain)$/),
        code: expect.stringMatching(/^[a-z0-9_]+$/),
        message: expect.stringMatching(/\S.{20}/),
      });
      expect(JSON.stringify(failure)).not.toContain('canary-secret');
    }
  });
});
