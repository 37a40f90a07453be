import { useCallback, useMemo, useState } from 'react';
import { type RunRow, statusOf } from './run-tree';

/** Iterations shown before the rest is asked for. */
const FIRST_ITERATIONS = 20;
const MAX_TROUBLED = 50;
const SMALL_LOOP = 3;
const troubled = new Set(['failed', 'in_doubt', 'running', 'waiting']);

/** A line to draw: a row, or the offer to show the iterations left out. */
export type TimelineLine =
  | { kind: 'row'; row: RunRow; isOpen: boolean }
  | { kind: 'more'; loop: RunRow; count: number };

export interface Expansion {
  lines: TimelineLine[];
  toggle: (row: RunRow, isOpen: boolean) => void;
  showAll: (row: RunRow) => void;
}

/** Which rows are open. A loop is; an iteration is when something went wrong in it, or when there are few. */
export function useExpansion(rows: readonly RunRow[]): Expansion {
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [whole, setWhole] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((row: RunRow, isOpen: boolean) => {
    setChosen((before) => new Map(before).set(row.id, !isOpen));
  }, []);
  const showAll = useCallback((row: RunRow) => setWhole((before) => new Set(before).add(row.id)), []);
  const lines = useMemo(() => linesOf(rows, chosen, whole), [rows, chosen, whole]);
  return { lines, toggle, showAll };
}

function opensByItself(row: RunRow, siblings: number): boolean {
  return row.kind === 'step' || siblings <= SMALL_LOOP || troubled.has(statusOf(row));
}

function linesOf(
  rows: readonly RunRow[],
  chosen: ReadonlyMap<string, boolean>,
  whole: ReadonlySet<string>,
): TimelineLine[] {
  return rows.flatMap((row): TimelineLine[] => {
    const isOpen = row.children.length > 0 && (chosen.get(row.id) ?? opensByItself(row, rows.length));
    const line: TimelineLine = { kind: 'row', row, isOpen };
    if (!isOpen) return [line];
    const shown = row.kind === 'step' && !whole.has(row.id) ? firstIterations(row.children) : row.children;
    const below = linesOf(shown, chosen, whole);
    const isCut = shown.length < row.children.length;
    return isCut
      ? [line, ...below, { kind: 'more', loop: row, count: row.children.length }]
      : [line, ...below];
  });
}

/** The first ones, and of the later ones those that need a look. */
function firstIterations(rows: readonly RunRow[]): RunRow[] {
  const first = rows.slice(0, FIRST_ITERATIONS);
  const later = rows.slice(FIRST_ITERATIONS).filter((row) => troubled.has(statusOf(row)));
  return [...first, ...later.slice(0, MAX_TROUBLED)];
}
