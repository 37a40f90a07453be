import { useMemo } from 'react';
import type { Issue, WorkflowDefinition } from '../../core';
import { useTrama } from '../shared/provider';
import { useQuery } from '../shared/use-query';

const none: Issue[] = [];

/**
 * Steps whose provider the host has not set up (no key, no domain for inbound emails), which only the server knows. It depends on what
 * kinds of blocks there are, so it is asked once for each set of them. A server that does not answer warns of nothing.
 * @param held the definition the server holds
 */
export function useSetUpWarnings(held: WorkflowDefinition, definition: WorkflowDefinition): Issue[] {
  const { client } = useTrama();
  const types = [...new Set(held.nodes.map(({ type }) => type))].sort().join(' ');
  const { data } = useQuery(() => client.validateDefinition({ body: { definition: held } }), [client, types]);
  return useMemo(() => {
    if (!data) return none;
    const there = new Set(definition.nodes.map(({ id }) => id));
    return data.issues.filter(
      ({ code, nodeId }) => code === 'provider_not_configured' && nodeId !== undefined && there.has(nodeId),
    ) as Issue[];
  }, [data, definition]);
}
