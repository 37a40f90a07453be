import { type KeyboardEvent, useId, useRef } from 'react';
import { Popover } from './popover';

export interface MenuItem {
  label: string;
  /** A second line: what it means. */
  detail?: string;
  isDanger?: boolean;
  /** Set for one of several choices; choosing it leaves the menu open. */
  isChecked?: boolean;
  onChoose: () => void;
}

export interface MenuGroup {
  /** Stands over the items. @default none */
  label?: string;
  items: readonly MenuItem[];
}

export interface MenuProps {
  anchor: HTMLElement;
  label: string;
  groups: readonly MenuGroup[];
  onClose: () => void;
}

/** Actions behind a button, moved through with the arrows, Home and End. */
export function Menu({ anchor, label, groups, onClose }: MenuProps) {
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const [firstAction] = groups.flatMap(({ items }) => items).filter((item) => item.isChecked === undefined);
  const onKeyDown = (event: KeyboardEvent) => {
    const items = [...(list.current?.querySelectorAll<HTMLButtonElement>('[role^="menuitem"]') ?? [])];
    const index = items.indexOf(document.activeElement as HTMLButtonElement);
    const next = targetOf(event.key, index, items.length);
    if (next === null) return;
    event.preventDefault();
    items[next]?.focus();
  };
  const choose = (item: MenuItem) => {
    if (item.isChecked === undefined) {
      onClose();
      anchor.focus();
    }
    item.onChoose();
  };
  return (
    <Popover {...{ anchor, label, onClose, onKeyDown }} role="menu" className="trama-menu">
      <div ref={list} role="presentation">
        {groups.map(({ label: heading, items }, place) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a menu
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: groups have no identity but their place
            key={place}
            role="group"
            className="trama-menu-group"
            aria-labelledby={heading && `${id}-${place}`}
          >
            {heading && (
              <div id={`${id}-${place}`} className="trama-menu-heading">
                {heading}
              </div>
            )}
            {items.map((item) => (
              // biome-ignore lint/a11y/useAriaPropsSupportedByRole: only those with the role of a choice are checked
              <button
                key={item.label}
                type="button"
                role={item.isChecked === undefined ? 'menuitem' : 'menuitemradio'}
                aria-checked={item.isChecked}
                className="trama-menu-item"
                data-danger={item.isDanger || undefined}
                // biome-ignore lint/a11y/noAutofocus: a menu takes the focus to its first action
                autoFocus={item === firstAction}
                tabIndex={-1}
                onClick={() => choose(item)}
              >
                <span>{item.label}</span>
                {item.detail && <span className="trama-menu-detail">{item.detail}</span>}
              </button>
            ))}
          </div>
        ))}
      </div>
    </Popover>
  );
}

function targetOf(key: string, index: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return (index + 1) % count;
    case 'ArrowUp':
      return (index - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
