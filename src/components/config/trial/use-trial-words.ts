import { useMemo } from 'react';
import type * as z from 'zod';
import {
  type AnyBlock,
  describeForm,
  httpStatusByCode,
  labelOf,
  type StepFailure,
  WorkflowError,
  type WorkflowNode,
} from '../../../core';
import { exitLabel } from '../../canvas/exit-label';
import { explainFailure } from '../../runs/explain-failure';
import { describeWait } from '../../runs/wait-words';
import { fieldAt } from '../../shared/field-path';
import type { Formats } from '../../shared/format';
import type { Naming } from '../../shared/reference-label';
import { plural } from '../../shared/translate';
import { useFormats } from '../../shared/use-formats';
import { useProviderLabel } from '../../shared/use-provider-label';
import type { TrialMessageKey } from './messages';
import type { StepTrial, TrialState } from './use-trial';

export interface TrialFailure {
  title: string;
  text: string;
  /** What to do about it. */
  act: string;
  /** The field it is about. */
  field: string | undefined;
}

export interface TrialWords {
  label: string;
  provider: string;
  providerLabel: (providerId: string) => string;
  block: AnyBlock;
  formats: Formats;
  /** What a trial that was carried out came to, beside its output. */
  outcome: (trial: StepTrial) => string | null;
  failure: (failure: StepFailure, isReal: boolean) => TrialFailure;
  /** For those who listen. */
  said: (state: TrialState) => string;
}

/** The words of one step's trial. */
export function useTrialWords(
  node: WorkflowNode,
  block: AnyBlock,
  naming: Naming<TrialMessageKey>,
): TrialWords {
  const providerLabel = useProviderLabel();
  const formats = useFormats();
  return useMemo(() => {
    const { t, locale, blocks } = naming;
    const provider = providerLabel(block.provider);
    const label = labelOf(node, blocks, locale);
    const hasEffect = block.kind === 'action' && block.sideEffect !== 'none';
    const failure = (found: StepFailure, isReal: boolean): TrialFailure => {
      const own = found.provider === undefined ? provider : providerLabel(found.provider);
      const explained = explainFailure({
        ...{ failure: found, stepLabel: label, providerLabel: own, t, formats },
        hasEffect: hasEffect && isReal,
      });
      const form = describeForm(block.input as z.ZodObject);
      return {
        // Only a trial finds a loop empty: a run goes through it no times.
        ...(found.code === 'loop_empty'
          ? { title: t('trial.loopEmptyTitle'), text: t('trial.loopEmpty') }
          : { title: explained.title, text: explained.text }),
        act: t(`trial.act.${whatToDo(found, isReal)}`, { provider: own, code: found.code }),
        field: found.path === undefined ? undefined : fieldAt(form, found.path)?.label[locale],
      };
    };
    const outcome = ({ outcome: kind, handle, wait, output }: StepTrial): string | null => {
      switch (kind) {
        case 'branch': {
          const exit = handle === null ? undefined : exitLabel(node, handle, naming);
          return exit === undefined ? null : t('trial.branch', { exit });
        }
        case 'wait': {
          const shared = { t, formats, locale, blocks, providerLabel };
          return wait && t('trial.wait', { wait: describeWait(wait, shared) });
        }
        case 'stop': {
          const { status, message = '' } = output as { status: 'succeeded' | 'failed'; message?: string };
          return t(`trial.stop.${status}`, { message });
        }
        case 'forEach': {
          const count = Array.isArray(output) ? output.length : 0;
          return t(`trial.items.${plural(count)}`, { count });
        }
        case 'done':
        case null:
          return null;
        default:
          return kind satisfies never;
      }
    };
    const said = (state: TrialState): string => {
      if (state.kind === 'asking') return t(state.isReal ? 'trial.carrying' : 'trial.asking');
      // What was refused is an alert of its own.
      if (state.kind === 'failed') return '';
      const { error, preview } = state.trial;
      if (error) return t('trial.said.failed', { title: failure(error, state.isReal).title });
      if (!state.isReal) return `${t('trial.said.preview')} ${preview?.[locale] ?? ''}`;
      return [t(hasEffect ? 'trial.done' : 'trial.doneInside'), outcome(state.trial)]
        .filter(Boolean)
        .join('. ');
    };
    return { label, provider, providerLabel, block, formats, outcome, failure, said };
  }, [node, block, naming, providerLabel, formats]);
}

function whatToDo({ kind, actor }: StepFailure, isReal: boolean) {
  if (kind === 'reconnect') return 'reconnect';
  if (kind === 'uncertain' && isReal) return 'uncertain';
  if (kind === 'retry') return 'retry';
  return actor ?? 'developer';
}

/** Whether the server said no before it did anything. Any other failed call may have carried the step out. */
export function isRefusal(error: unknown): boolean {
  return error instanceof WorkflowError && httpStatusByCode[error.code] < 500;
}
