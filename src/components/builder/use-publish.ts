import { useCallback, useState } from 'react';
import { type Issue, type Workflow, type WorkflowClient, WorkflowError } from '../../core';
import { toError } from '../shared/use-query';

export type PublishState =
  | { kind: 'idle' }
  | { kind: 'publishing' }
  | { kind: 'failed'; error: Error }
  /** The server found what the browser did not (its blocks or caps may differ). */
  | { kind: 'refused'; issues: Issue[] };

export interface PublishOptions {
  client: WorkflowClient;
  workflowId: string;
  save: () => Promise<boolean>;
  getRevision: () => number;
  onPublished: (workflow: Workflow) => void;
}

/** Saves the draft, then makes it the live version. */
export function usePublish({ client, workflowId, save, getRevision, onPublished }: PublishOptions) {
  const [state, setState] = useState<PublishState>({ kind: 'idle' });
  const publish = useCallback(async (): Promise<boolean> => {
    setState({ kind: 'publishing' });
    if (!(await save())) {
      // Why it could not be saved is shown by the draft itself.
      setState({ kind: 'idle' });
      return false;
    }
    try {
      const published = await client.publishWorkflow({
        params: { id: workflowId },
        body: { revision: getRevision() },
      });
      setState({ kind: 'idle' });
      onPublished(published);
      return true;
    } catch (cause) {
      const issues = refusedIssues(cause);
      setState(issues ? { kind: 'refused', issues } : { kind: 'failed', error: toError(cause) });
      return false;
    }
  }, [client, workflowId, save, getRevision, onPublished]);
  const reset = useCallback(() => setState({ kind: 'idle' }), []);
  return { state, publish, reset };
}

function refusedIssues(cause: unknown): Issue[] | null {
  if (!(cause instanceof WorkflowError) || cause.code !== 'definition_invalid') return null;
  return (cause.details as { issues?: Issue[] } | undefined)?.issues ?? [];
}
