import { isFinished, type Run } from '../../core';
import { useTrama } from '../shared/provider';
import { useQuery } from '../shared/use-query';

/** The published version a finished run could be retried with, when it is another than the one that ran. */
export function useLatestVersion({ workflowId, version, status }: Run): number | null {
  const { client } = useTrama();
  const isOver = isFinished(status);
  const { data } = useQuery(
    // Where it cannot be told (the workflow was deleted), the version that ran is left.
    async () => (isOver ? (await client.getWorkflow({ params: { id: workflowId } })).publishedVersion : null),
    [client, workflowId, isOver],
  );
  return data === undefined || data === version ? null : data;
}
