import { useCallback, useEffect, useRef } from 'react';
import { getOwn, type Issue, type WorkflowDefinition, type WorkflowNode } from '../../core';
import { parsePath } from '../shared/field-path';
import { useTrama } from '../shared/provider';
import { useQuery } from '../shared/use-query';

/** What cannot be told in the browser: how the host is set up, what a connection may do, what a provider has. */
const serverOnly: readonly string[] = ['provider_not_configured', 'scope_missing', 'option_unknown'];

const none: Issue[] = [];

/**
 * What only the server can warn of. It is asked about each saved draft, and again when a provider is connected; what a definition has changed
 * since is not warned of any more. A server that does not answer warns of nothing.
 * @param held the definition the server holds
 */
export function useServerWarnings(
  held: WorkflowDefinition,
  connections: ReadonlySet<string> | undefined,
): (definition: WorkflowDefinition) => Issue[] {
  const { client } = useTrama();
  const { data, reload } = useQuery(
    () => client.validateDefinition({ body: { definition: held } }),
    [client],
  );
  const asked = useRef({ held, connections });
  useEffect(() => {
    if (asked.current.held === held && asked.current.connections === connections) return;
    asked.current = { held, connections };
    reload();
  }, [held, connections, reload]);
  return useCallback(
    ({ nodes }) => {
      const warnings = (data?.issues ?? []) as Issue[];
      const known = warnings.filter(({ code }) => serverOnly.includes(code));
      if (known.length === 0) return none;
      const now = new Map(nodes.map((node) => [node.id, node]));
      const then = new Map(held.nodes.map((node) => [node.id, node]));
      return known.filter(({ nodeId = '', path }) => isSame(now.get(nodeId), then.get(nodeId), path));
    },
    [data, held],
  );
}

/** Whether what was warned of is still as it was: the value at the path, or that the step is of its type. */
const isSame = (now: WorkflowNode | undefined, then: WorkflowNode | undefined, path: string | undefined) => {
  if (!now || !then || now.type !== then.type) return false;
  const valueIn = ({ config }: WorkflowNode) =>
    parsePath(path ?? '').reduce<unknown>((inside, key) => getOwn(inside, key), config);
  return path === undefined || valueIn(now) === valueIn(then);
};
