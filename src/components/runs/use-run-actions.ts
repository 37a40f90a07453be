import { useRef, useState } from 'react';
import { type Json, WorkflowError } from '../../core';
import { decisionProblem } from '../approvals/approval-words';
import { findApproval } from '../approvals/find-approval';
import { createIdempotencyKey } from '../shared/idempotency-key';
import { problemText } from '../shared/problem-text';
import { useTexts, useTrama } from '../shared/provider';
import { useFormats } from '../shared/use-formats';
import { runsMessages } from './messages';

type ActionName = 'cancel' | 'retry' | 'settle' | 'decide';

export interface RetryWish {
  /** `failed`, `start`, or the key of a step. */
  from: string;
  version: 'same' | 'latest';
}

export interface Decision {
  decision: 'approved' | 'rejected';
  comment: string;
}

export interface RunActions {
  /** The call under way. */
  busy: ActionName | null;
  /** Why the last one came to nothing. */
  problem: { action: ActionName; text: string } | null;
  dismiss: () => void;
  cancel: (runId: string) => Promise<void>;
  retry: (runId: string, wish: RetryWish) => Promise<void>;
  /** @param output what the step gave; `null` when it did not happen */
  settle: (runId: string, stepKey: string, happened: { output: Json } | null) => Promise<void>;
  decide: (runId: string, stepKey: string, decision: Decision) => Promise<void>;
}

export interface RunActionsOptions {
  /** Something changed, or is not as it was shown. */
  onChanged: () => void;
  /** A retry is a run of its own. */
  onRetried: (runId: string) => void;
}

/** What a person can do with a run. Who may do it is the server's to say. */
export function useRunActions({ onChanged, onRetried }: RunActionsOptions): RunActions {
  const { client, userName } = useTrama();
  const t = useTexts(runsMessages);
  const formats = useFormats();
  const [busy, setBusy] = useState<ActionName | null>(null);
  const [problem, setProblem] = useState<RunActions['problem']>(null);
  // The same retry again after a lost answer is the same run.
  const keys = useRef(new Map<string, string>());
  const isUnderWay = useRef(false);

  const perform = async (action: ActionName, call: () => Promise<void>): Promise<void> => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    setBusy(action);
    setProblem(null);
    try {
      await call();
    } catch (error) {
      const isDecision = action === 'decide';
      const text = isDecision ? decisionProblem(error, { t, formats, userName }) : problemText(error, t);
      setProblem({ action, text });
      if (error instanceof WorkflowError && error.status === 409) onChanged();
    }
    isUnderWay.current = false;
    setBusy(null);
  };

  return {
    busy,
    problem,
    dismiss: () => setProblem(null),
    cancel: (id) =>
      perform('cancel', async () => {
        await client.cancelRun({ params: { id } });
        onChanged();
      }),
    retry: (id, { from, version }) =>
      perform('retry', async () => {
        const question = JSON.stringify([id, from, version]);
        const key = keys.current.get(question) ?? createIdempotencyKey();
        keys.current.set(question, key);
        const headers = { 'idempotency-key': key };
        const { run } = await client.retryRun({ params: { id }, body: { from, version }, headers });
        keys.current.delete(question);
        onRetried(run.id);
      }),
    settle: (id, stepKey, happened) =>
      perform('settle', async () => {
        const answer = happened ? { happened: true, output: happened.output } : { happened: false };
        await client.settleStep({ params: { id }, body: { stepKey, ...answer } });
        onChanged();
      }),
    decide: (runId, stepKey, { decision, comment }) =>
      perform('decide', async () => {
        const approval = await findApproval(client, runId, stepKey);
        if (!approval) throw new WorkflowError('already_decided', 'The step no longer waits for a decision.');
        const { id } = approval;
        const text = comment.trim();
        const body = { decision, ...(text === '' ? {} : { comment: text }) };
        await client.decideApproval({ params: { id }, body });
        onChanged();
      }),
  };
}
