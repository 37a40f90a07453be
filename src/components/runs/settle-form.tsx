import { type FormEvent, useId, useState } from 'react';
import type { Json } from '../../core';
import { useTexts } from '../shared/provider';
import { Button } from '../shared/ui';
import { laterNeeds } from './later-needs';
import { runsMessages } from './messages';
import type { StepRow } from './run-tree';
import type { Words } from './step-words';
import type { RunActions } from './use-run-actions';

export interface SettleFormProps {
  runId: string;
  row: StepRow;
  words: Words;
  providerLabel: string;
  actions: RunActions;
}

/** The question only a person can answer: did it happen? With the data later steps need, when it did. */
export function SettleForm({ runId, row, words, providerLabel, actions }: SettleFormProps) {
  const t = useTexts(runsMessages);
  const [isAsked, setAsked] = useState(false);
  const needs = laterNeeds(row.node.id, words);
  const settle = (happened: { output: Json } | null) => void actions.settle(runId, row.step.key, happened);
  if (isAsked && needs) {
    const hint = t('settle.outputHint', {
      fields: words.formats.list(needs.labels),
      provider: providerLabel,
    });
    return (
      <OutputForm
        skeleton={needs.skeleton}
        hint={hint}
        isBusy={actions.busy !== null}
        onOutput={(output) => settle({ output })}
        onBack={() => setAsked(false)}
      />
    );
  }
  return (
    <div className="trama-answer">
      <div className="trama-actions">
        <Button
          variant="primary"
          disabled={actions.busy !== null}
          onClick={() => (needs ? setAsked(true) : settle({ output: null }))}
        >
          {t('settle.yes')}
        </Button>
        <Button disabled={actions.busy !== null} onClick={() => settle(null)}>
          {t('settle.no')}
        </Button>
      </div>
    </div>
  );
}

interface OutputFormProps {
  skeleton: Json;
  hint: string;
  isBusy: boolean;
  onOutput: (output: Json) => void;
  onBack: () => void;
}

function OutputForm({ skeleton, hint, isBusy, onOutput, onBack }: OutputFormProps) {
  const t = useTexts(runsMessages);
  const id = useId();
  const [text, setText] = useState(() => JSON.stringify(skeleton, null, 2));
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readOutput(text);
    if ('reason' in read) setProblem(t('settle.badJson', read));
    else onOutput(read.output);
  };
  return (
    <form className="trama-answer" onSubmit={submit}>
      <label htmlFor={id}>{t('settle.output')}</label>
      <p id={`${id}-hint`} className="trama-field-hint">
        {hint}
      </p>
      <textarea
        id={id}
        // biome-ignore lint/a11y/noAutofocus: the person has just asked for it
        autoFocus
        className="trama-field-box trama-code"
        rows={Math.min(10, text.split('\n').length + 1)}
        spellCheck={false}
        value={text}
        aria-describedby={`${id}-hint`}
        aria-invalid={problem !== null}
        onChange={(event) => setText(event.target.value)}
      />
      {problem && (
        <p className="trama-field-errors" role="alert">
          {problem}
        </p>
      )}
      <div className="trama-actions">
        <Button type="submit" variant="primary" disabled={isBusy}>
          {t('settle.confirm')}
        </Button>
        <Button variant="ghost" onClick={onBack}>
          {t('settle.back')}
        </Button>
      </div>
    </form>
  );
}

function readOutput(text: string): { output: Json } | { reason: string } {
  try {
    return { output: JSON.parse(text) as Json };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}
