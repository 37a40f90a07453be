import type { EventField, Wait } from '../../core';
import { fieldName } from '../shared/reference-label';
import type { Words } from './step-words';

type WaitWords = Pick<Words, 't' | 'formats' | 'locale' | 'blocks' | 'providerLabel'>;

/** What a parked step waits for, in a few words: `attende fino a domani, 09:00`, `attende «Documento completato»`. */
export function describeWait(wait: Wait, { t, formats, ...words }: WaitWords): string {
  switch (wait.kind) {
    case 'time':
      return t('wait.until', { time: formats.day(wait.until) });
    case 'event':
      return t('wait.event', { event: eventLabel(wait.type, words) });
    case 'decision':
      return t('wait.decision');
    case 'connection':
      return t('wait.connection', { provider: words.providerLabel(wait.provider) });
    default:
      return wait satisfies never;
  }
}

type Names = Pick<Words, 'blocks' | 'locale'>;

/** An event is called as the trigger it starts. */
export function eventLabel(type: string, { blocks, locale }: Names): string {
  return triggerOf(type, blocks)?.label[locale] ?? type;
}

/** `document.id` by the labels the trigger gives what it brings. */
export function eventFieldLabel({ path }: EventField, type: string, { blocks, locale }: Names): string {
  const keys = path.split('.');
  const output = triggerOf(type, blocks)?.output;
  const names = keys.map((_, index) => fieldName(output, keys.slice(0, index + 1), locale));
  return names.join(' › ');
}

const triggerOf = (type: string, blocks: Words['blocks']) =>
  [...blocks.values()].find((block) => block.kind === 'trigger' && block.event === type);
