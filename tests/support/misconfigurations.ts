import type * as z from 'zod';
import {
  type AnyBlock,
  describeForm,
  type FormField,
  formatPath,
  type Json,
  shownFields,
  type WorkflowDefinition,
} from '../../src/core';
import { definition, node } from './definitions';
import { type KnownOptions, put, validConfig } from './valid-config';

/** One way to get a block wrong, and where a person has to be told of it. */
export interface Misconfiguration {
  what: string;
  block: string;
  definition: WorkflowDefinition;
  nodeId: string;
  /** `null`: the step as a whole. */
  path: string | null;
}

type Path = (string | number)[];
interface Place {
  field: FormField;
  path: Path;
}

/** Every generated way to misconfigure a block, each in a workflow that is right otherwise. */
export function misconfigurationsOf(block: AnyBlock, options: KnownOptions = {}): Misconfiguration[] {
  const config = validConfig(block, options);
  const form = describeForm(block.input as z.ZodObject);
  const places = shownFields(form, config).flatMap((field) =>
    placesIn(field, [field.name], config[field.name]),
  );
  const wrong = (what: string, path: Path, changed: Record<string, Json>) => make(block, what, path, changed);
  return [
    ...places.flatMap((place) =>
      literals(place).map(({ what, value }) => wrong(what, place.path, put(config, place.path, value))),
    ),
    ...places.flatMap((place) =>
      references(block, place).map(({ what, text }) =>
        wrong(what, place.path, put(config, place.path, text)),
      ),
    ),
    ...[[], ...places.filter(({ field }) => field.kind === 'object').map(({ path }) => path)].map(
      (path: Path) =>
        wrong('a field there is not', [...path, 'colore'], put(config, [...path, 'colore'], 'rosso')),
    ),
  ];
}

/** Names of the option lists a block's fields choose from, however deep. */
export function remoteFieldsOf(block: AnyBlock): string[] {
  const namesIn = (field: FormField): string[] => {
    if (field.kind === 'remote') return [field.options];
    if (field.kind === 'object') return field.fields.flatMap(namesIn);
    if (field.kind === 'list') return namesIn(field.item);
    if (field.kind === 'record') return namesIn(field.value);
    if (field.kind === 'union') return field.variants.flatMap((variant) => variant.fields.flatMap(namesIn));
    return [];
  };
  return describeForm(block.input as z.ZodObject).flatMap(namesIn);
}

/** The fields of remote options, each with an id its provider does not have. */
export function wrongOptionsOf(block: AnyBlock, options: KnownOptions = {}): Misconfiguration[] {
  const config = validConfig(block, options);
  const fields = shownFields(describeForm(block.input as z.ZodObject), config);
  return fields
    .flatMap((field) => placesIn(field, [field.name], config[field.name]))
    .filter(({ field }) => field.kind === 'remote')
    .map(({ path }) => make(block, 'an option there is not', path, put(config, path, '999999999')));
}

/** The block in a workflow: something before it, something after it, and it in between (or at the top). */
export function around(
  block: AnyBlock,
  config: Record<string, Json>,
): { definition: WorkflowDefinition; nodeId: string } {
  const message = (id: string) =>
    node(id, 'slack.send-message', { config: { channel: '{{run.id}}', text: 'ciao' } });
  if (block.kind === 'trigger')
    return {
      definition: definition(
        [node('trigger', block.type, { config }), message('after')],
        ['trigger -> after'],
      ),
      nodeId: 'trigger',
    };
  const tested = node('tested', block.type, { config });
  const handles = block.handlesFor?.(config) ?? block.handles;
  const handle = handles.includes(block.passHandle) ? block.passHandle : handles[0];
  const after = handle === undefined ? [] : [message('after')];
  const edges = ['trigger -> before', 'before -> tested', ...after.map(() => `tested:${handle} -> after`)];
  return { definition: definition([message('before'), tested, ...after], edges), nodeId: 'tested' };
}

function make(block: AnyBlock, what: string, path: Path, config: Record<string, Json>): Misconfiguration {
  return { what, block: block.type, path: formatPath(path), ...around(block, config) };
}

const shownIn = (fields: readonly FormField[], value: Json | undefined): FormField[] =>
  shownFields(fields, (value ?? {}) as Record<string, Json>);

/** The field and what is in it, item by item; like a person, without what is not shown. */
function placesIn(field: FormField, path: Path, value: Json | undefined): Place[] {
  const own = { field, path };
  const child = (name: string | number) => (value as Record<string, Json> | undefined)?.[name as string];
  switch (field.kind) {
    case 'object':
      return [
        own,
        ...shownIn(field.fields, value).flatMap((inner) =>
          placesIn(inner, [...path, inner.name], child(inner.name)),
        ),
      ];
    case 'list':
      return [own, ...placesIn(field.item, [...path, 0], child(0))];
    case 'record':
      return [own, ...placesIn(field.value, [...path, 'chiave'], child('chiave'))];
    case 'union': {
      const variant = field.variants.find(({ value: tag }) => tag === child(field.discriminator));
      return [
        own,
        ...shownIn(variant?.fields ?? [], value).flatMap((inner) =>
          placesIn(inner, [...path, inner.name], child(inner.name)),
        ),
      ];
    }
    default:
      return [own];
  }
}

/** Missing, of the wrong type, out of bounds. */
function literals({ field, path }: Place): { what: string; value: Json | undefined }[] {
  const isItem = typeof path.at(-1) === 'number' || path.at(-1) === 'chiave';
  const missing = field.required && !isItem ? [{ what: 'missing', value: undefined }] : [];
  const emptied =
    field.required && field.kind === 'text' && (field.minLength ?? 0) > 0
      ? [{ what: 'emptied', value: '' }]
      : [];
  return [...missing, ...emptied, ...wrongTypes(field), ...outOfBounds(field)];
}

function wrongTypes(field: FormField): { what: string; value: Json }[] {
  const of = (...wrong: Json[]) =>
    wrong.map((value) => ({ what: `of the wrong type (${JSON.stringify(value)})`, value }));
  switch (field.kind) {
    case 'text':
    case 'remote':
      return of(12, ['testo'], { testo: true });
    case 'number':
      return of('molti', true, [1]);
    case 'boolean':
      return of('forse', 12);
    case 'date':
      return of('domani', 20261201, '2026-13-45');
    case 'enum':
      return of('nessuno di questi', 12);
    case 'object':
    case 'record':
      return of('testo', 12);
    case 'list':
      return of('testo', { a: 1 });
    case 'union':
      return of('testo', { [field.discriminator]: 'nessuno di questi' });
    case 'value':
      // Takes values of any kind; the executor's input says more when it is resolved.
      return [];
    default:
      return field satisfies never;
  }
}

function outOfBounds(field: FormField): { what: string; value: Json }[] {
  const wrong: { what: string; value: Json }[] = [];
  if (field.kind === 'text' && field.maxLength !== undefined)
    wrong.push({ what: 'too long', value: 'x'.repeat(field.maxLength + 1) });
  if (field.kind === 'number' && field.min !== undefined)
    wrong.push({ what: 'too small', value: field.min - 1 });
  if (field.kind === 'number' && field.max !== undefined)
    wrong.push({ what: 'too big', value: field.max + 1 });
  if (field.kind === 'number' && field.integer) wrong.push({ what: 'not whole', value: 1.5 });
  return wrong;
}

/** References that lead nowhere, in every field that takes one. */
function references(block: AnyBlock, { field, path }: Place): { what: string; text: string }[] {
  if (!['text', 'number', 'date', 'remote', 'value', 'boolean'].includes(field.kind)) return [];
  const isCollect = block.kind === 'action' && block.bodyHandle !== undefined && path[0] === 'collect';
  const always = [
    { what: 'a step there is not', text: '{{step.fantasma_0000.output.ts}}' },
    { what: 'a step that comes later', text: '{{step.after.output.ts}}' },
    { what: 'a reference that cannot be read', text: '{{step.before.output.}}' },
    { what: 'a filter there is not', text: '{{run.id | urla}}' },
    { what: 'something a run does not have', text: '{{run.segreto}}' },
    ...(isCollect ? [] : [{ what: 'a loop it is not in', text: '{{loop.item.x}}' }]),
  ];
  const own =
    block.kind === 'trigger'
      ? [{ what: 'what it brings itself', text: '{{trigger.payload.x}}' }]
      : [{ what: 'a value the step does not give', text: '{{step.before.output.fantasma}}' }];
  return [...always, ...own].map(({ what, text }) => ({ what: `refers to ${what}`, text }));
}
