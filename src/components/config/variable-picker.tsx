import { type KeyboardEvent, type RefObject, useState } from 'react';
import type { Variable, VariableGroup } from '../../core';
import { fold } from '../builder/block-groups';
import { Icon } from '../shared/icons';
import { useTrama } from '../shared/provider';
import type { Translate } from '../shared/translate';
import { Tile } from '../shared/ui';
import { useConfig } from './config-context';
import type { ConfigMessageKey } from './messages';
import { sampleText } from './sample-text';

export interface VariablePickerProps {
  search: RefObject<HTMLInputElement | null>;
  /** Whether the samples come from a run. */
  isFromRun: boolean;
  onInsert: (reference: string) => void;
  /** Escape in the search: back to the field. */
  onLeave: () => void;
}

/** What earlier steps give, by step, with sample values. Choosing one puts it at the caret of the field that was last used. */
export function VariablePicker({ search, isFromRun, onInsert, onLeave }: VariablePickerProps) {
  const { groups, naming } = useConfig();
  const { t } = naming;
  const [query, setQuery] = useState('');
  const shown = groups
    .map((group) => ({ ...group, variables: filterVariables(group, query, naming.locale) }))
    .filter((group) => group.variables.length > 0);
  const insert = (reference: string) => {
    setQuery('');
    onInsert(reference);
  };
  const onType = (text: string) => {
    // Someone who knows the path types it to its closing braces; the first pair opened this search.
    if (text.endsWith('}}')) insert(text.slice(0, -2).trim());
    else setQuery(text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      const first = query === '' ? undefined : firstMatch(shown, query, naming.locale);
      if (first) insert(first.reference);
    } else if (event.key === 'Escape') {
      setQuery('');
      onLeave();
    }
  };
  return (
    <aside className="trama-picker" aria-label={t('picker.label')}>
      <input
        ref={search}
        type="search"
        className="trama-search"
        data-keeps-escape=""
        placeholder={t('picker.search')}
        aria-label={t('picker.search')}
        value={query}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="trama-picker-list">
        {shown.length === 0 && (
          <p className="trama-muted trama-palette-none">
            {query === '' ? t('picker.empty') : t('picker.none', { query })}
          </p>
        )}
        {shown.map((group) => (
          <PickerGroup
            key={group.nodeId ?? 'run'}
            group={group}
            isSearching={query !== ''}
            onInsert={insert}
          />
        ))}
      </div>
      <p className="trama-picker-note">{t(isFromRun ? 'picker.fromRun' : 'picker.fromSample')}</p>
    </aside>
  );
}

interface PickerGroupProps {
  group: VariableGroup;
  isSearching: boolean;
  onInsert: (reference: string) => void;
}

function PickerGroup({ group, isSearching, onInsert }: PickerGroupProps) {
  const { naming } = useConfig();
  const { providers } = useTrama();
  const node = naming.definition.nodes.find((candidate) => candidate.id === group.nodeId);
  const block = node && naming.blocks.get(node.type);
  return (
    <section>
      <h3 className="trama-picker-group">
        {block && <Tile provider={providers.get(block.provider)} icon={block.icon} />}
        {group.label[naming.locale]}
      </h3>
      <ul>
        {group.variables.map((variable) => (
          <PickerRow
            key={variable.reference}
            variable={variable}
            depth={0}
            isSearching={isSearching}
            onInsert={onInsert}
          />
        ))}
      </ul>
    </section>
  );
}

interface PickerRowProps extends Omit<PickerGroupProps, 'group'> {
  variable: Variable;
  depth: number;
}

function PickerRow({ variable, depth, isSearching, onInsert }: PickerRowProps) {
  const { naming } = useConfig();
  const { timeZone } = useTrama();
  const { t, locale } = naming;
  const isList = Array.isArray(variable.sample);
  const [isAsked, setIsAsked] = useState(depth === 0 && !isList && variable.children.length > 0);
  const isOpen = isAsked || isSearching;
  const label = labelOf(variable, locale, t);
  const sample = sampleText(variable.sample, locale, timeZone);
  return (
    <li>
      <div className="trama-picker-row" style={{ paddingInlineStart: depth * 14 }}>
        {variable.children.length > 0 ? (
          <button
            type="button"
            className="trama-picker-toggle"
            aria-expanded={isOpen}
            aria-label={t(isOpen ? 'picker.collapse' : 'picker.expand', { label })}
            onClick={() => setIsAsked(!isAsked)}
          >
            <Icon name="right" size={12} />
          </button>
        ) : (
          <span className="trama-picker-indent" />
        )}
        <button
          type="button"
          className="trama-picker-item"
          title={`{{${variable.reference}}}`}
          // The caret stays in the field: it is where the value goes.
          onPointerDown={(event) => event.preventDefault()}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onInsert(variable.reference)}
        >
          <span>{label}</span>
          {sample !== '' && <span className="trama-picker-sample">{sample}</span>}
        </button>
      </div>
      {isOpen && variable.children.length > 0 && (
        <ul>
          {variable.children.map((child) => (
            <PickerRow
              key={child.reference}
              variable={child}
              depth={depth + 1}
              isSearching={isSearching}
              onInsert={onInsert}
            />
          ))}
        </ul>
      )}
    </li>
  );
}

function labelOf(variable: Variable, locale: 'en' | 'it', t: Translate<ConfigMessageKey>): string {
  const position = /\[(\d+)\]$/.exec(variable.reference)?.[1];
  const label = position === undefined ? variable.label[locale] : `#${Number(position) + 1}`;
  return Array.isArray(variable.sample) ? t('picker.count', { label, count: variable.sample.length }) : label;
}

/** Variables whose name or path matches, and those around and inside a match. */
function filterVariables(group: VariableGroup, query: string, locale: 'en' | 'it'): Variable[] {
  const word = fold(query.trim());
  if (word === '' || fold(group.label[locale]).includes(word)) return group.variables;
  const keep = (variable: Variable): Variable[] => {
    if (matches(variable, word, locale)) return [variable];
    const children = variable.children.flatMap(keep);
    return children.length > 0 ? [{ ...variable, children }] : [];
  };
  return group.variables.flatMap(keep);
}

const matches = (variable: Variable, word: string, locale: 'en' | 'it'): boolean =>
  fold(variable.label[locale]).includes(word) || fold(variable.reference).includes(word);

/** What Enter takes: the first variable that itself matches. */
function firstMatch(
  groups: readonly VariableGroup[],
  query: string,
  locale: 'en' | 'it',
): Variable | undefined {
  const word = fold(query.trim());
  const find = (variables: readonly Variable[]): Variable | undefined => {
    for (const variable of variables) {
      const found = matches(variable, word, locale) ? variable : find(variable.children);
      if (found) return found;
    }
    return undefined;
  };
  return find(groups.flatMap((group) => group.variables));
}
