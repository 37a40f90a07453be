import { useCallback, useEffect, useRef, useState } from 'react';
import type { RouteCalls } from '../../../core';
import { useTrama } from '../../shared/provider';

type TestNode = RouteCalls['testNode'];
export type TrialRequest = Omit<Parameters<TestNode>[0]['body'], 'dryRun'>;
export type StepTrial = Awaited<ReturnType<TestNode>>;

/** `isReal`: the step was, or is being, carried out; else it was only asked what it would do. */
export type TrialState = { isReal: boolean } & (
  | { kind: 'asking' }
  | { kind: 'answered'; trial: StepTrial }
  /** The call itself failed. */
  | { kind: 'failed'; error: unknown }
);

/** Asks the server to try a step. Only the answer to the last question counts; a step being carried out is never asked for twice. */
export function useTrial(workflowId: string, nodeId: string) {
  const { client } = useTrama();
  const [state, setState] = useState<TrialState>({ kind: 'asking', isReal: false });
  const question = useRef(0);
  const isCarryingOut = useRef(false);
  useEffect(
    () => () => {
      question.current += 1;
    },
    [],
  );
  const ask = useCallback(
    async (request: TrialRequest, isReal: boolean) => {
      if (isCarryingOut.current) return;
      isCarryingOut.current = isReal;
      question.current += 1;
      const own = question.current;
      const show = (next: TrialState) => {
        if (own === question.current) setState(next);
      };
      show({ kind: 'asking', isReal });
      try {
        const body = { ...request, dryRun: !isReal };
        const trial = await client.testNode({ params: { id: workflowId, nodeId }, body });
        show({ kind: 'answered', isReal, trial });
      } catch (error) {
        show({ kind: 'failed', isReal, error });
      } finally {
        if (isReal) isCarryingOut.current = false;
      }
    },
    [client, workflowId, nodeId],
  );
  return { state, ask };
}
