import type { RunDetail, Step, StepFailure } from '../../core';
import type { Formats } from '../shared/format';
import type { Translate } from '../shared/translate';
import { type FailureMessageKey, failureMessages } from './failure-messages';

export interface FailureContext {
  failure: StepFailure;
  /** The failed step; absent when the run failed as a whole. */
  step?: Step | undefined;
  stepLabel: string;
  providerLabel: string;
  /** False for blocks that change nothing outside: nothing can have happened. */
  hasEffect: boolean;
  t: Translate<FailureMessageKey>;
  formats: Formats;
}

export interface FailureExplanation {
  title: string;
  /** What happened, and what did not. */
  text: string;
  /** Who must act and what to do. */
  who: string;
}

/** A failure in the words of the person who looks at it. */
export function explainFailure(context: FailureContext): FailureExplanation {
  const { failure, step, t } = context;
  const words = wordsOf(failure);
  const params = {
    provider: context.providerLabel,
    status: failure.providerStatus ?? '',
    message: failure.message,
  };
  const text = words ? t(`failure.text.${words}` as FailureMessageKey, params) : failure.message;
  return {
    title: words ? t(`failure.title.${words}` as FailureMessageKey, params) : t(titleByStatus(step)),
    text: [attemptsText(context), text, effectText(context)].filter(Boolean).join(' '),
    who: whoMustAct(context),
  };
}

/** What a failed run is called in a list. */
export function failureTitle(
  failure: StepFailure,
  providerLabel: string,
  t: Translate<FailureMessageKey>,
): string {
  const words = wordsOf(failure);
  return words
    ? t(`failure.title.${words}` as FailureMessageKey, { provider: providerLabel })
    : t('failure.title');
}

/** The failure's code where we have words for it; every lost connection is told alike. */
function wordsOf({ code, kind }: StepFailure): string | null {
  const own = Object.hasOwn(failureMessages.en, `failure.title.${code}`);
  if (own) return code;
  return kind === 'reconnect' ? 'reconnect' : null;
}

function titleByStatus(step: Step | undefined): FailureMessageKey {
  if (step?.status === 'in_doubt') return 'failure.doubtTitle';
  return step?.status === 'waiting' ? 'failure.waitingTitle' : 'failure.title';
}

function attemptsText({ step, t }: FailureContext): string | null {
  const count = step?.attempts.length ?? 0;
  return count > 1 ? t('failure.attempts', { count }) : null;
}

function effectText({ failure, step, hasEffect, t }: FailureContext): string | null {
  if (!hasEffect || failure.code === 'output_too_large') return null;
  // An attempt before the last may have done it.
  const isOpen =
    failure.kind === 'uncertain' || step?.attempts.some(({ error }) => error.kind === 'uncertain');
  return t(isOpen ? 'failure.effectUnknown' : 'failure.effectNone');
}

function whoMustAct({ failure, step, stepLabel, providerLabel, t, formats }: FailureContext): string {
  const provider = providerLabel;
  if (step?.status === 'waiting' && step.wait?.kind === 'connection')
    return t('failure.who.connection', { provider });
  if (step?.status === 'waiting' && step.wakeAt)
    return t('failure.who.waiting', { time: formats.time(step.wakeAt) });
  if (step?.status === 'in_doubt') return t('failure.who.doubt', { provider });
  if (failure.code === 'stopped') return t('failure.who.stopped', { step: stepLabel });
  if (failure.kind === 'reconnect') return t('failure.who.reconnect', { provider });
  switch (failure.actor) {
    case 'customer':
      return step ? t('failure.who.customer', { step: stepLabel }) : t('failure.who.customerRun');
    case 'provider':
      return t('failure.who.provider', { provider });
    case 'developer':
    case undefined:
      return t('failure.who.developer');
    default:
      return failure.actor satisfies never;
  }
}

/** A run's failure that no step of the timeline tells: a limit it ran into. */
export function runLevelFailure(detail: RunDetail): RunDetail['run']['error'] {
  const { error } = detail.run;
  if (!error) return null;
  return detail.steps.some((step) => step.error !== null && step.nodeId === error.nodeId) ? null : error;
}
