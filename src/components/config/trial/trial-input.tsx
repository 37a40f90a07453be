import { useId } from 'react';
import type * as z from 'zod';
import { describeForm, type FormField, getOwn, type Json } from '../../../core';
import { JsonTree } from '../../runs/json-tree';
import { useTexts, useTrama } from '../../shared/provider';
import { useStoredOption } from '../use-stored-option';
import { trialMessages } from './messages';
import type { TrialWords } from './use-trial-words';

/** The configuration as the step would receive it, field by field. */
export function TrialInput({ input, words }: { input: Json; words: TrialWords }) {
  const { locale } = useTrama();
  const t = useTexts(trialMessages);
  const id = useId();
  const form = describeForm(words.block.input as z.ZodObject);
  const filled = form.flatMap((field) => {
    const value = getOwn(input, field.name) as Json | undefined;
    return value === undefined || value === null || value === '' ? [] : [{ field, value }];
  });
  if (filled.length === 0) return null;
  return (
    <section className="trama-trial-values" aria-labelledby={id}>
      <h3 id={id}>{t('trial.values')}</h3>
      <dl>
        {filled.map(({ field, value }) => (
          <div key={field.name}>
            <dt>{field.label[locale]}</dt>
            <dd>
              <FieldValue field={field} value={value} words={words} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function FieldValue({ field, value, words }: { field: FormField; value: Json; words: TrialWords }) {
  const { locale } = useTrama();
  const t = useTexts(trialMessages);
  if (typeof value === 'object') return <JsonTree value={value} />;
  if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no');
  if (typeof value === 'number') return words.formats.number(value);
  if (field.kind === 'remote') return <RemoteValue options={field.options} value={value} />;
  if (field.kind !== 'enum') return value;
  return field.choices.find((choice) => choice.value === value)?.label[locale] ?? value;
}

function RemoteValue({ options, value }: { options: string; value: string }) {
  return useStoredOption(options, value)?.label ?? value;
}
