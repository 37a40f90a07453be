import type { Json } from '../../core';
import type { SampleValues } from '../config/sample-scope';
import { useTrama } from '../shared/provider';
import { useQuery } from '../shared/use-query';

/** What each step gave in the workflow's last run, for the variable picker. Empty where there is none or it cannot be read. */
export function useLastValues(workflowId: string): SampleValues {
  const { client } = useTrama();
  const { data } = useQuery(async () => {
    const [last] = (await client.listRuns({ query: { workflowId, limit: 1 } })).items;
    if (!last) return {};
    const { steps } = await client.getRun({ params: { id: last.id } });
    const done = steps.filter((step) => step.status === 'succeeded' && step.output !== null);
    return Object.fromEntries(done.map((step) => [step.nodeId, step.output as Json]));
  }, [client, workflowId]);
  return data ?? none;
}

const none: SampleValues = {};
