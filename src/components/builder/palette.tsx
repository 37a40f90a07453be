import { useState } from 'react';
import type { AnyBlock, ProviderDefinition } from '../../core';
import { BLOCK_DRAG_TYPE } from '../canvas/types';
import { useTexts, useTrama } from '../shared/provider';
import { Tile } from '../shared/ui';
import { groupBlocks, isDisconnected } from './block-groups';
import { builderMessages } from './messages';

export interface PaletteProps {
  /** Connected providers by id; absent where connections are not looked at. */
  connections: ReadonlySet<string> | undefined;
  onConnect: ((providerId: string) => void) | undefined;
  onAdd: (blockType: string) => void;
}

/** The blocks that can be added, by provider: press one to add it at the selection, or drag it to a "+". */
export function Palette({ connections, onConnect, onAdd }: PaletteProps) {
  const { blocks, providers, locale } = useTrama();
  const t = useTexts(builderMessages);
  const [query, setQuery] = useState('');
  const groups = groupBlocks(blocks, providers, 'action', query, locale);
  return (
    <nav className="trama-palette" aria-label={t('palette.label')}>
      <input
        type="search"
        className="trama-search"
        placeholder={t('palette.search')}
        aria-label={t('palette.search')}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      {groups.length === 0 && (
        <p className="trama-muted trama-palette-none">{t('palette.none', { query })}</p>
      )}
      {groups.map(({ provider, blocks: found }) => {
        const isOff = isDisconnected(provider, connections);
        return (
          <section key={provider.id} data-disconnected={isOff || undefined}>
            <div className="trama-palette-head">
              <h3>{provider.label[locale]}</h3>
              {isOff && !onConnect && <span className="trama-muted">{t('palette.off')}</span>}
              {isOff && onConnect && (
                <button
                  type="button"
                  className="trama-link"
                  aria-label={t('palette.connectProvider', { provider: provider.label[locale] })}
                  onClick={() => onConnect(provider.id)}
                >
                  {t('palette.connect')}
                </button>
              )}
            </div>
            <ul>
              {found.map((block) => (
                <li key={block.type}>
                  <PaletteItem block={block} provider={provider} onAdd={onAdd} />
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </nav>
  );
}

function PaletteItem(props: {
  block: AnyBlock;
  provider: ProviderDefinition;
  onAdd: (type: string) => void;
}) {
  const { block, provider, onAdd } = props;
  const { locale } = useTrama();
  return (
    <button
      type="button"
      className="trama-palette-item"
      title={block.description[locale]}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(BLOCK_DRAG_TYPE, block.type);
        event.dataTransfer.effectAllowed = 'copy';
      }}
      onClick={() => onAdd(block.type)}
    >
      <Tile provider={provider} icon={block.icon} />
      <span>{block.label[locale]}</span>
    </button>
  );
}
