import {
  type AnyBlock,
  type BlockLookup,
  handlesOf,
  labelOf,
  refusalReasons,
  type SkipReason,
  type Step,
  TRIGGER_ID,
  type WorkflowDefinition,
  type WorkflowNode,
} from '../../core';
import type { Formats } from '../shared/format';
import { type Locale, plural, type Translate } from '../shared/translate';
import { failureTitle } from './explain-failure';
import type { RunsMessageKey } from './messages';
import type { StepRow } from './run-tree';
import { describeWait } from './wait-words';

/** What the words about a step are made with. */
export interface Words {
  t: Translate<RunsMessageKey>;
  formats: Formats;
  locale: Locale;
  definition: WorkflowDefinition;
  blocks: BlockLookup;
  /** What the run is about. */
  title: string | null;
  providerLabel: (providerId: string) => string;
  /** The exit each step took, by step key. */
  branches: ReadonlyMap<string, string>;
}

/** One line about what a step did: the condition with its values, the attempts, why it was skipped. */
export function describeStep(row: StepRow, words: Words): string {
  const { step, block, node } = row;
  const { t, formats } = words;
  if (step.reusedFrom !== null) return t('step.reusedShort');
  switch (step.status) {
    case 'skipped':
      return step.skippedBecause ? describeSkip(step.skippedBecause, step.key, words) : t('step.skipped');
    case 'waiting':
      if (step.wait) return describeWait(step.wait, words);
      return step.wakeAt ? t('step.retryAt', { time: formats.time(step.wakeAt) }) : t('step.status.waiting');
    case 'failed':
    case 'in_doubt':
      return describeFailure(step, block, words);
    case 'succeeded':
      if (node.id !== TRIGGER_ID) return describeResult(row, words);
      return refusalText(step, t) ?? words.title ?? t('step.trigger');
    default:
      return t(`step.status.${step.status}`);
  }
}

/** Why the trigger ended the run: an email that was not to be acted on. */
export function refusalText({ branch, output }: Step, t: Translate<RunsMessageKey>): string | null {
  const message = branch === null && isRecord(output) ? output.message : undefined;
  const reason = refusalReasons.find((known) => known === message);
  return reason ? t(`inbound.reason.${reason}`) : null;
}

function describeFailure(step: Step, block: AnyBlock | undefined, { t, providerLabel }: Words): string {
  if (step.attempts.length > 1) return t('step.attempts.many', { count: step.attempts.length });
  return step.error
    ? failureTitle(step.error, providerLabel(block?.provider ?? ''), t)
    : t(`step.status.${step.status}`);
}

/** The block's own summary with the values of this run, and the exit it took. */
function describeResult({ step, block, node }: StepRow, words: Words): string {
  if (block?.kind === 'action' && block.bodyHandle) return describeLoop(step, words);
  const values = isRecord(step.input) ? step.input : {};
  const summary = block?.summary?.(values as Parameters<NonNullable<AnyBlock['summary']>>[0], words.locale);
  const exit = hasChoice(node, block) && step.branch ? branchLabel(step.branch, block, words) : null;
  // Of a wait the outcome is the news; of a condition it follows from the values before it.
  const parts = step.wait ? [exit, summary] : [summary, exit];
  return parts.filter(Boolean).join(' · ') || words.t('step.status.succeeded');
}

function describeLoop(step: Step, { t }: Words): string {
  const output = isRecord(step.output) ? step.output : {};
  const count = Number(output.count ?? 0);
  const failed = Number(output.failed ?? 0);
  if (failed > 0) return t('step.iterationsFailed', { failed, count });
  return t(`step.iterations.${plural(count)}`, { count });
}

/** Whether a step leaves by one of several exits of its own; a loop has only one way on. */
export function hasChoice(node: WorkflowNode, block: AnyBlock | undefined): boolean {
  if (block?.kind !== 'action' || block.bodyHandle) return false;
  return handlesOf({ ...node, onError: 'fail' }, block).length > 1;
}

export function branchLabel(
  handle: string,
  block: AnyBlock | undefined,
  { locale }: Pick<Words, 'locale'>,
): string {
  return block?.handleLabels?.[handle]?.[locale] ?? handle;
}

/** `Saltato: la condizione ha dato Sì`. */
function describeSkip(reason: SkipReason, key: string, words: Words): string {
  const { t } = words;
  switch (reason.code) {
    case 'branch_not_taken': {
      const taken = takenInstead(reason.nodeId, key, words);
      if (taken === null) return t('step.skipped.branch', { branch: branchOf(reason, words) });
      return t(taken.isCondition ? 'step.skipped.condition' : 'step.skipped.taken', { branch: taken.label });
    }
    case 'upstream_skipped':
      return t('step.skipped.upstream');
    case 'disabled':
      return t('step.skipped.disabled');
    case 'not_connected':
      return t('step.skipped.unconnected');
    default:
      return reason satisfies never;
  }
}

/** The reason in a sentence, with the name of the step it comes from. */
export function explainSkip(reason: SkipReason, words: Words): string {
  const { t } = words;
  switch (reason.code) {
    case 'branch_not_taken':
      return t('step.skipped.branchText', {
        label: labelById(reason.nodeId, words),
        branch: branchOf(reason, words),
      });
    case 'upstream_skipped':
      return t('step.skipped.upstreamText', { label: labelById(reason.nodeId, words) });
    case 'disabled':
      return t('step.skipped.disabledText');
    case 'not_connected':
      return t('step.skipped.unconnectedText');
    default:
      return reason satisfies never;
  }
}

/** What a choice came to when it led past the step with this key; `null` where the source is no choice. */
function takenInstead(
  nodeId: string,
  key: string,
  words: Words,
): { label: string; isCondition: boolean } | null {
  const node = words.definition.nodes.find((candidate) => candidate.id === nodeId);
  const block = words.blocks.get(node?.type ?? '');
  if (!node || !hasChoice(node, block)) return null;
  // Both stand in the same iteration: their keys differ in the last part only.
  const taken = words.branches.get(`${key.slice(0, key.lastIndexOf('/') + 1)}${nodeId}`);
  if (!taken || !block?.handles.includes(taken)) return null;
  return { label: branchLabel(taken, block, words), isCondition: block.handles.includes('true') };
}

function branchOf(reason: { nodeId: string; handle: string }, words: Words): string {
  const node = words.definition.nodes.find((candidate) => candidate.id === reason.nodeId);
  return branchLabel(reason.handle, words.blocks.get(node?.type ?? ''), words);
}

/** What people call a node of the workflow that ran. */
export function labelById(nodeId: string, { definition, blocks, locale }: Words): string {
  const node = definition.nodes.find((candidate) => candidate.id === nodeId);
  return node ? labelOf(node, blocks, locale) : nodeId;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
