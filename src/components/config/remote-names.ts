import { useEffect, useMemo, useRef, useState } from 'react';
import type * as z from 'zod';
import {
  type BlockLookup,
  describeForm,
  type Json,
  type ProviderDefinition,
  shownFields,
  type WorkflowDefinition,
  type WorkflowNode,
} from '../../core';
import { listRemoteValues } from '../../core/definition/remote-values';
import { parsePath } from '../shared/field-path';
import { useTrama } from '../shared/provider';
import type { FindOption } from './config-context';
import { inLanguage } from './in-language';

export type Config = WorkflowNode['config'];

/** Answers are kept for as long as the builder is open. A failure or a miss is not: who asks again may have better luck. */
export function rememberOptions(find: FindOption): FindOption {
  const answers = new Map<string, ReturnType<FindOption>>();
  return (provider, name, value) => {
    const key = keyOf(provider, name, value);
    const known = answers.get(key);
    if (known) return known;
    const answer = find(provider, name, value);
    answers.set(key, answer);
    answer.then(
      (option) => option === null && answers.delete(key),
      () => answers.delete(key),
    );
    return answer;
  };
}

export interface RemoteNamesProps {
  definition: WorkflowDefinition;
  find: FindOption;
  /** Connected providers; the others have nothing to ask. `undefined`: not known. */
  connections: ReadonlySet<string> | undefined;
  /** Configurations as cards show them, by the configuration they stand for. */
  onNamed: (configs: ReadonlyMap<Config, Config>) => void;
}

/** Asks for the names of the ids that a workflow holds: each once, and again when other providers are connected. Draws nothing. */
export function RemoteNames({ definition, find, connections, onNamed }: RemoteNamesProps) {
  const { blocks, providers, locale } = useTrama();
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const asked = useRef<{ find?: FindOption; connections?: unknown; keys: Set<string> }>({ keys: new Set() });
  const isThere = useRef(true);
  const stored = useMemo(() => listStored(definition, blocks), [definition, blocks]);
  useEffect(() => {
    isThere.current = true;
    return () => {
      isThere.current = false;
    };
  }, []);
  useEffect(() => {
    if (asked.current.find !== find || asked.current.connections !== connections)
      asked.current = { find, connections, keys: new Set() };
    for (const { key, provider, options, value } of stored) {
      if (asked.current.keys.has(key) || !canAsk(providers.get(provider), connections)) continue;
      asked.current.keys.add(key);
      find(provider, options, value).then(
        (option) => {
          if (option && isThere.current)
            setNames((previous) => new Map(previous).set(key, inLanguage(option, locale).label));
        },
        // The card goes on showing the id.
        () => undefined,
      );
    }
  }, [stored, find, connections, providers, locale]);
  useEffect(() => onNamed(nameConfigs(stored, names)), [stored, names, onNamed]);
  return null;
}

interface Stored {
  config: Config;
  provider: string;
  options: string;
  path: string;
  value: string;
  key: string;
}

const keyOf = (...parts: string[]): string => JSON.stringify(parts);

function listStored({ nodes }: WorkflowDefinition, blocks: BlockLookup): Stored[] {
  return nodes.flatMap(({ type, config }) => {
    const block = blocks.get(type);
    if (!block) return [];
    const fields = shownFields(describeForm(block.input as z.ZodObject), config);
    const { provider } = block;
    return listRemoteValues(fields, config).map(({ options, path, value }) => ({
      ...{ config, provider, options, path, value },
      key: keyOf(provider, options, value),
    }));
  });
}

const canAsk = (provider: ProviderDefinition | undefined, connections: ReadonlySet<string> | undefined) =>
  provider?.auth.type !== 'oauth2' || connections === undefined || connections.has(provider.id);

function nameConfigs(stored: readonly Stored[], names: ReadonlyMap<string, string>): Map<Config, Config> {
  const named = new Map<Config, Config>();
  for (const { config, path, key } of stored) {
    const name = names.get(key);
    if (name === undefined) continue;
    named.set(config, replaceAt(named.get(config) ?? config, parsePath(path), name) as Config);
  }
  return named;
}

/** A copy with another text at a place. */
function replaceAt(value: Json, [key, ...rest]: (string | number)[], text: string): Json {
  if (key === undefined) return text;
  if (Array.isArray(value))
    return value.map((item, index) => (index === key ? replaceAt(item, rest, text) : item));
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return value;
  return { ...value, [key]: replaceAt(value[key] as Json, rest, text) };
}
