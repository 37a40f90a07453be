import type { StatusLook, StatusSymbol } from './format';

/** Shapes on a 12 px grid, so that a status is told apart without its colour. */
const shapes: Record<StatusSymbol, string> = {
  check: 'M2.5 6.3 5 8.8 9.5 3.6',
  cross: 'M3.2 3.2 8.8 8.8M8.8 3.2 3.2 8.8',
  clock: 'M6 3.2V6L7.9 7.4M10.5 6a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0',
  spinner: 'M10.5 6A4.5 4.5 0 1 1 6 1.5',
  question: 'M4.2 4.4a1.8 1.8 0 1 1 2.6 1.7c-.5.3-.8.6-.8 1.2M6 9.6v.1',
  skip: 'M3 2.8 6.4 6 3 9.2M8.8 2.8v6.4',
  circle: 'M9.5 6a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0',
  stop: 'M3.2 6h5.6',
};

export interface StatusMarkProps {
  look: Pick<StatusLook, 'tone' | 'symbol'>;
  /** A disc of the status colour behind the shape. */
  disc?: boolean;
}

/** The shape of a status. Decorative: the word stands beside it. */
export function StatusMark({ look, disc = false }: StatusMarkProps) {
  return (
    <span
      className="trama-mark"
      data-tone={look.tone}
      data-symbol={look.symbol}
      data-disc={disc || undefined}
      aria-hidden="true"
    >
      <svg viewBox="0 0 12 12" width="12" height="12" focusable="false" aria-hidden="true">
        <path d={shapes[look.symbol]} />
      </svg>
    </span>
  );
}
