import { useCallback, useState } from 'react';
import type { Workflow } from '../../core';
import { useTrama } from '../shared/provider';
import { toError } from '../shared/use-query';

/** Renames a workflow at once on the page; a name that could not be saved stays there and the error says so. */
export function useRename(workflow: Workflow, onChange: (workflow: Workflow) => void) {
  const { client } = useTrama();
  const [error, setError] = useState<Error | null>(null);
  const rename = useCallback(
    async (name: string) => {
      onChange({ ...workflow, name });
      try {
        onChange(await client.updateWorkflow({ params: { id: workflow.id }, body: { name } }));
        setError(null);
      } catch (cause) {
        setError(toError(cause));
      }
    },
    [client, workflow, onChange],
  );
  return { rename: (name: string) => void rename(name), error };
}
