import * as z from 'zod';
import type { WorkflowNode } from '../definition/schema';
import type { StepFailure } from '../errors';
import { toRunError } from './failure';
import type { StepResult } from './settle-step';

/** What a step that stops the run keeps as its output. */
export const stopSchema = z.object({ status: z.enum(['succeeded', 'failed']), message: z.string() });

/** The end of a run that one of its steps stopped. */
export function endOfStop(
  { status, message }: z.infer<typeof stopSchema>,
  node: WorkflowNode,
  key: string,
): StepResult {
  if (status === 'succeeded') return { kind: 'halt', isFinal: true, end: { status } };
  const text = message || 'The workflow ended the run as failed.';
  const failure: StepFailure = { kind: 'terminal', code: 'stopped', message: text, actor: 'customer' };
  return { kind: 'halt', isFinal: true, end: { status, error: toRunError(failure, node, key) } };
}
