import { createContext, useContext } from 'react';
import type { Issue, RemoteOption, Scope, VariableGroup } from '../../core';
import type { Naming } from '../shared/reference-label';
import type { ConfigMessageKey } from './messages';

export interface OptionPage {
  items: RemoteOption[];
  nextCursor: string | null;
}

/** Loads a page of remote choices: channels, statuses. */
export type LoadOptions = (
  provider: string,
  name: string,
  query: string,
  cursor?: string,
) => Promise<OptionPage>;

/** The choice with a value, to name an id that is stored; `null` when the provider has none. */
export type FindOption = (provider: string, name: string, value: string) => Promise<RemoteOption | null>;

/** A field that can take a reference at its caret. */
export interface InsertTarget {
  insert: (reference: string) => void;
  focus: () => void;
}

/** What the controls of one node's form share. */
export interface ConfigScope {
  naming: Naming<ConfigMessageKey>;
  provider: string;
  /** Where the definition is that of a kept workflow. */
  workflowId: string | undefined;
  groups: readonly VariableGroup[];
  /** Sample values, for previews. */
  scope: Scope;
  readOnly: boolean;
  /** Whether anything comes before this step that a field could refer to; a trigger has nothing. */
  canRefer: boolean;
  loadOptions: LoadOptions | undefined;
  findOption: FindOption | undefined;
  /** What is wrong at a place, once the person has been there or has tried to save. */
  issuesAt: (path: string) => readonly Issue[];
  onTouch: (path: string) => void;
  /** Makes a field the one the picker inserts into. */
  register: (target: InsertTarget) => () => void;
  activate: (target: InsertTarget) => void;
  /** Brings the picker up and puts the focus into its search. */
  openPicker: () => void;
}

const ConfigContext = createContext<ConfigScope | null>(null);

export const ConfigProvider = ConfigContext.Provider;

export function useConfig(): ConfigScope {
  const value = useContext(ConfigContext);
  if (!value)
    throw new Error('A field was rendered outside the dialog of a step, which knows its earlier steps.');
  return value;
}
