import { type KeyboardEvent, useId, useState } from 'react';
import { type InsertionPoint, labelOf, TRIGGER_ID } from '../../core';
import { Popover } from '../shared/popover';
import { useTexts, useTrama } from '../shared/provider';
import { Button, Tile } from '../shared/ui';
import { fold, groupBlocks, isDisconnected } from './block-groups';
import { builderMessages } from './messages';
import type { Editor } from './use-editor';

export interface InsertMenuProps {
  editor: Editor;
  point: InsertionPoint;
  anchor: HTMLElement;
  connections: ReadonlySet<string> | undefined;
  onClose: () => void;
}

interface Option {
  id: string;
  group: string;
  label: string;
  detail: string | undefined;
  icon: string;
  providerId: string;
  onChoose: () => void;
}

/** What a "+" offers: every block by name, and the steps already there to continue at. Search, arrows and Enter work throughout. */
export function InsertMenu(props: InsertMenuProps) {
  const { editor, point, anchor, onClose } = props;
  const { providers } = useTrama();
  const t = useTexts(builderMessages);
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const listId = useId();
  const options = useOptions(props, query);
  const choose = (option: Option | undefined) => {
    if (!option) return;
    onClose();
    option.onChoose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && options.length > 0) {
      event.preventDefault();
      setActive((active + step + options.length) % options.length);
    } else if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      choose(options[active]);
    }
  };
  return (
    <Popover
      anchor={anchor}
      role="dialog"
      label={t('insert.title')}
      className="trama-insert"
      onClose={onClose}
      onKeyDown={onKeyDown}
    >
      <input
        // biome-ignore lint/a11y/noAutofocus: the person just opened this menu to search in it
        autoFocus
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={options[active] && `${listId}-${active}`}
        aria-label={t('insert.search')}
        placeholder={t('insert.search')}
        className="trama-search"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
      />
      <div role="listbox" id={listId} aria-label={t('insert.title')} className="trama-insert-list">
        {options.length === 0 && (
          <p className="trama-muted trama-palette-none">{t('palette.none', { query })}</p>
        )}
        {options.map((option, index) => (
          <div key={option.id} role="presentation">
            {options[index - 1]?.group !== option.group && (
              <div className="trama-insert-group" role="presentation">
                {option.group}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the search chooses */}
            <div
              role="option"
              id={`${listId}-${index}`}
              aria-selected={index === active}
              className="trama-insert-option"
              ref={index === active ? scrollIntoSight : undefined}
              onPointerMove={() => setActive(index)}
              onClick={() => choose(option)}
            >
              <Tile provider={providers.get(option.providerId)} icon={option.icon} />
              <span className="trama-node-text">
                <span className="trama-insert-label">{option.label}</span>
                {option.detail && <span className="trama-node-summary">{option.detail}</span>}
              </span>
            </div>
          </div>
        ))}
      </div>
      {'edgeId' in point && (
        <div className="trama-insert-foot">
          <Button
            variant="ghost"
            onClick={() => {
              onClose();
              editor.remove({ nodeId: null, edgeId: point.edgeId });
            }}
          >
            {t('insert.removeConnection')}
          </Button>
        </div>
      )}
    </Popover>
  );
}

const scrollIntoSight = (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest' });

function useOptions({ editor, point, connections }: InsertMenuProps, query: string): Option[] {
  const { blocks, providers, locale } = useTrama();
  const t = useTexts(builderMessages);
  const added = groupBlocks(blocks, providers, 'action', query, locale).flatMap(
    ({ provider, blocks: found }) =>
      found.map((block): Option => {
        const isOff = isDisconnected(provider, connections);
        return {
          id: block.type,
          group: provider.label[locale],
          label: block.label[locale],
          detail: isOff
            ? t('palette.notConnected', { provider: provider.label[locale] })
            : block.description[locale],
          icon: block.icon,
          providerId: provider.id,
          onChoose: () => editor.add(block.type, point),
        };
      }),
  );
  if ('edgeId' in point) return added;
  const existing = editor.definition.nodes
    .filter((node) => node.id !== TRIGGER_ID && editor.canConnect({ ...point, target: node.id }))
    .map((node): Option => {
      const block = blocks.get(node.type);
      const label = labelOf(node, blocks, locale);
      return {
        id: `node:${node.id}`,
        group: t('insert.existing'),
        label,
        detail: block?.label[locale] === label ? undefined : block?.label[locale],
        icon: block?.icon ?? '?',
        providerId: block?.provider ?? '',
        onChoose: () => editor.connect({ ...point, target: node.id }),
      };
    });
  return [...added, ...existing.filter((option) => fold(option.label).includes(fold(query)))];
}
