import { useCallback, useMemo } from 'react';
import { type Issue, validateDefinition, type WorkflowDefinition } from '../core';
import { useTrama } from './shared/provider';

export interface IssuesOptions {
  /** Connected providers by id; without them connections are not looked at. */
  connections?: ReadonlySet<string> | undefined;
}

/** Everything wrong or doubtful in a definition, found in the browser with the very code the server publishes by. */
export function useIssues(definition: WorkflowDefinition, options: IssuesOptions = {}): Issue[] {
  const validate = useValidate(options.connections);
  return useMemo(() => validate(definition), [validate, definition]);
}

/** A validator with the provider's blocks, languages and connections in it. */
export function useValidate(
  connections: ReadonlySet<string> | undefined,
): (definition: WorkflowDefinition) => Issue[] {
  const { blocks, providers, locale } = useTrama();
  return useCallback(
    (definition) => {
      const needing = [...providers.values()].filter((provider) => provider.auth.type === 'oauth2');
      return validateDefinition(definition, {
        blocks,
        ...(connections ? { connections } : {}),
        providerLabels: new Map(needing.map((provider) => [provider.id, provider.label[locale]])),
      });
    },
    [blocks, providers, locale, connections],
  );
}
