import { type RefObject, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { AnyBlock, Issue, WorkflowDefinition, WorkflowNode } from '../../../core';
import { Dialog } from '../../shared/dialog';
import { issueText } from '../../shared/issue-text';
import { useTexts, useTrama } from '../../shared/provider';
import type { Naming } from '../../shared/reference-label';
import { Button } from '../../shared/ui';
import type { SampleValues } from '../sample-scope';
import { ConfirmTrial } from './confirm-trial';
import { type TrialMessageKey, trialMessages } from './messages';
import { TrialAnswer } from './trial-answer';
import { missingValues, trialData } from './trial-data';
import { type TrialRequest, type TrialState, useTrial } from './use-trial';
import { useTrialWords } from './use-trial-words';

export interface TrialDialogProps {
  workflowId: string;
  /** The workflow with what has been typed, saved or not. */
  definition: WorkflowDefinition;
  nodeId: string;
  block: AnyBlock;
  issues: readonly Issue[];
  values: SampleValues;
  onClose: () => void;
}

type Choice = 'last' | 'sample';

/** Tries one step: first what it would do, then, when asked and confirmed, for real. */
export function TrialDialog(props: TrialDialogProps) {
  const { workflowId, definition, nodeId, block, issues, values, onClose } = props;
  const node = useMemo(
    () => definition.nodes.find(({ id }) => id === nodeId) as WorkflowNode,
    [definition, nodeId],
  );
  const { blocks, locale, formatting } = useTrama();
  const t = useTexts(trialMessages);
  const naming = useMemo<Naming<TrialMessageKey>>(
    () => ({ definition, blocks, locale, t }),
    [definition, blocks, locale, t],
  );
  const words = useTrialWords(node, block, naming);
  const known = useMemo(
    () => trialData(definition, nodeId, values, naming),
    [definition, nodeId, values, naming],
  );
  const [choice, setChoice] = useState<Choice>(known.hasLast ? 'last' : 'sample');
  const [isConfirming, setConfirming] = useState(false);
  const result = useRef<HTMLDivElement>(null);
  const really = useRef<HTMLButtonElement>(null);
  const { state, ask } = useTrial(workflowId, nodeId);
  const blocking = issues.filter(({ severity, path }) => severity === 'error' && path !== undefined);
  const isReady = blocking.length === 0;
  const isLast = choice === 'last';
  const request = useMemo<TrialRequest>(
    () => ({
      definition,
      ...(isLast && known.payload !== undefined ? { payload: known.payload } : {}),
      ...(isLast ? { outputs: known.outputs } : {}),
    }),
    [definition, isLast, known],
  );
  const preview = useCallback(() => {
    if (isReady) void ask(request, false);
  }, [ask, request, isReady]);
  useEffect(preview, [preview]);
  const carryOut = () => {
    setConfirming(false);
    // The button that was pressed goes away; what comes of it is there.
    result.current?.focus();
    void ask(request, true);
  };
  const hasEffect = block.kind === 'action' && block.sideEffect !== 'none';
  const isBusy = state.kind === 'asking' && isReady;
  return (
    <Dialog
      title={t('trial.title', { label: words.label })}
      className="trama-trial"
      onOpenChange={onClose}
      onOpenAutoFocus={(event) => {
        event.preventDefault();
        result.current?.focus();
      }}
      footer={
        <TrialActions
          really={really}
          state={state}
          isReady={isReady}
          hasEffect={hasEffect}
          onClose={onClose}
          onPreview={preview}
          onReal={() => (hasEffect ? setConfirming(true) : carryOut())}
        />
      }
    >
      {known.hasLast && <DataChoice choice={choice} disabled={isBusy && state.isReal} onChoice={setChoice} />}
      {isLast && known.fromSamples.length > 0 && (
        <p className="trama-field-hint">
          {t('trial.fromSamples', { steps: words.formats.list(known.fromSamples) })}
        </p>
      )}
      {known.isInLoop && <p className="trama-field-hint">{t('trial.firstItem')}</p>}
      <div className="trama-trial-result" ref={result} tabIndex={-1} aria-busy={isBusy}>
        {isReady ? (
          <TrialAnswer
            state={state}
            words={words}
            missing={() => missingValues(node, block, isLast ? values : none, naming, formatting)}
            onPreview={preview}
          />
        ) : (
          <Incomplete texts={blocking.map((issue) => issueText(issue, naming))} />
        )}
      </div>
      <p className="trama-visually-hidden" role="status">
        {isReady && words.said(state)}
      </p>
      {isConfirming && state.kind === 'answered' && (
        <ConfirmTrial
          preview={state.trial.preview?.[locale] ?? null}
          words={words}
          onConfirm={carryOut}
          onCancel={() => setConfirming(false)}
          onGone={() => (really.current ?? result.current)?.focus()}
        />
      )}
    </Dialog>
  );
}

const none: SampleValues = {};

interface DataChoiceProps {
  choice: Choice;
  disabled: boolean;
  onChoice: (choice: Choice) => void;
}

function DataChoice({ choice, disabled, onChoice }: DataChoiceProps) {
  const t = useTexts(trialMessages);
  const group = useId();
  return (
    <fieldset className="trama-field" disabled={disabled}>
      <legend>{t('trial.data')}</legend>
      <div className="trama-segments">
        {(['last', 'sample'] as const).map((each) => (
          <label key={each} data-checked={choice === each || undefined}>
            <input type="radio" name={group} checked={choice === each} onChange={() => onChoice(each)} />
            {t(`trial.data.${each}`)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface TrialActionsProps {
  /** Is given the button that carries the step out, while there is one. */
  really: RefObject<HTMLButtonElement | null>;
  state: TrialState;
  isReady: boolean;
  hasEffect: boolean;
  onClose: () => void;
  onPreview: () => void;
  onReal: () => void;
}

function TrialActions({ really, state, isReady, hasEffect, onClose, onPreview, onReal }: TrialActionsProps) {
  const t = useTexts(trialMessages);
  const isAsking = state.kind === 'asking';
  const canDo = state.kind === 'answered' && state.trial.error === null;
  return (
    <>
      <Button onClick={onClose}>{t('common.close')}</Button>
      {isReady && !state.isReal && (
        // Not disabled while it waits: that would take the focus away.
        <Button ref={really} variant="primary" aria-disabled={!canDo} onClick={() => canDo && onReal()}>
          {t(hasEffect ? 'trial.really' : 'trial.run')}
        </Button>
      )}
      {state.isReal && (
        <Button aria-disabled={isAsking} onClick={() => !isAsking && onPreview()}>
          {t('trial.again')}
        </Button>
      )}
    </>
  );
}

function Incomplete({ texts }: { texts: readonly string[] }) {
  const t = useTexts(trialMessages);
  return (
    <div className="trama-step-failure" data-tone="warn" role="alert">
      <h3>{t('trial.incomplete')}</h3>
      <ul>
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  );
}
