import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { createPortal } from 'react-dom';
import { useTrama } from './provider';
import { joinClasses } from './ui';

export interface PopoverProps {
  /** What it stands by; it gets the focus back. */
  anchor: HTMLElement;
  role: 'dialog' | 'menu';
  label: string;
  className?: string;
  onClose: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ReactNode;
}

const GAP = 6;
const EDGE = 8;

/** A small layer beside a button. Escape, a press elsewhere and leaving it with Tab close it. */
export function Popover({ anchor, role, label, className, onClose, onKeyDown, children }: PopoverProps) {
  const { portalContainer, colorMode, locale } = useTrama();
  const box = useRef<HTMLDivElement>(null);
  // Unseen until it is placed, yet not `visibility: hidden`: browsers refuse the focus to what is.
  const [place, setPlace] = useState<CSSProperties>({ opacity: 0, top: 0, left: 0 });
  const close = useRef(onClose);
  close.current = onClose;

  useLayoutEffect(() => {
    if (box.current) setPlace(placeBy(anchor.getBoundingClientRect(), box.current));
  }, [anchor]);

  useEffect(() => {
    anchor.setAttribute('aria-expanded', 'true');
    const onPress = (event: PointerEvent) => {
      const target = event.target as Node;
      if (!box.current?.contains(target) && !anchor.contains(target)) close.current();
    };
    document.addEventListener('pointerdown', onPress, true);
    return () => {
      anchor.removeAttribute('aria-expanded');
      document.removeEventListener('pointerdown', onPress, true);
    };
  }, [anchor]);

  const onKey = (event: KeyboardEvent) => {
    onKeyDown?.(event);
    if (event.key !== 'Escape' && event.key !== 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    close.current();
    anchor.focus();
  };

  if (!portalContainer) return null;
  return createPortal(
    <div className="trama" data-trama-theme={colorMode} lang={locale}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: its role is `dialog` or `menu`, whichever the caller says */}
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles have a name */}
      <div
        ref={box}
        role={role}
        aria-label={label}
        className={joinClasses('trama-surface trama-popover', className)}
        style={place}
        onKeyDown={onKey}
      >
        {children}
      </div>
    </div>,
    portalContainer,
  );
}

/** Under the anchor, above it when there is more room, and never outside the window. */
function placeBy(anchor: DOMRect, box: HTMLElement): CSSProperties {
  const { innerWidth, innerHeight } = window;
  const width = Math.min(box.offsetWidth, innerWidth - 2 * EDGE);
  const below = innerHeight - anchor.bottom - GAP - EDGE;
  const above = anchor.top - GAP - EDGE;
  const isBelow = below >= Math.min(box.offsetHeight, 320) || below >= above;
  const maxHeight = Math.max(160, isBelow ? below : above);
  const height = Math.min(box.offsetHeight, maxHeight);
  const left = Math.max(
    EDGE,
    Math.min(anchor.left + anchor.width / 2 - width / 2, innerWidth - width - EDGE),
  );
  return { left, top: isBelow ? anchor.bottom + GAP : Math.max(EDGE, anchor.top - GAP - height), maxHeight };
}
