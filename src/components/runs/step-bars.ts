import type { RunDetail, Step } from '../../core';
import { flattenRows, type RunRow } from './run-tree';

/** A stretch of a step's time: an attempt, or the pause before the next one. Times are milliseconds since the epoch. */
export interface Bar {
  kind: 'done' | 'failed' | 'running' | 'pause';
  from: number;
  to: number;
  /** 1 for the first; of a pause, the attempt it comes after. */
  attempt: number;
}

/** The attempts of a step and the pauses between them, in order. */
export function barsOf(step: Step, now: number): Bar[] {
  // What was done in an earlier run lies before this one began.
  if (step.startedAt === null || step.reusedFrom !== null) return [];
  const bars: Bar[] = [];
  for (const [index, record] of step.attempts.entries()) {
    const to = Date.parse(record.finishedAt);
    bars.push({ kind: 'failed', from: Date.parse(record.startedAt), to, attempt: record.attempt });
    const next =
      step.attempts[index + 1]?.startedAt ?? (step.status === 'waiting' ? step.wakeAt : step.startedAt);
    const resumesAt = next ? Date.parse(next) : to;
    if (record.delayMs !== null && resumesAt > to)
      bars.push({ kind: 'pause', from: to, to: resumesAt, attempt: record.attempt });
  }
  const last = lastBar(step, now);
  return last ? [...bars, last] : bars;
}

function lastBar(step: Step, now: number): Bar | null {
  const from = Date.parse(step.startedAt ?? '');
  const attempt = step.attempt;
  const to = step.finishedAt ? Date.parse(step.finishedAt) : Math.max(now, from);
  // Without an attempt it waits for its turn.
  if (step.status === 'waiting' && (step.wait || step.attempts.length === 0))
    return { kind: 'pause', from, to, attempt };
  if (step.status === 'running') return { kind: 'running', from, to, attempt };
  if (step.status === 'succeeded') return { kind: 'done', from, to, attempt };
  // A failed attempt is among the records; a loop that failed by its item has none of its own.
  if (step.status === 'failed' && step.attempts.length === 0) return { kind: 'failed', from, to, attempt };
  return null;
}

/** Milliseconds a step took from its first attempt to its end, pauses included; `null` while it goes on or if it never ran. */
export function durationOf(step: Step): number | null {
  if (step.reusedFrom !== null) return null;
  const start = step.attempts[0]?.startedAt ?? step.startedAt;
  const end = step.finishedAt ?? (step.status === 'in_doubt' ? step.attempts.at(-1)?.finishedAt : null);
  return start && end ? Date.parse(end) - Date.parse(start) : null;
}

export interface Axis {
  from: number;
  to: number;
}

/** The stretch of time the timeline shows. */
export function axisOf(detail: RunDetail, rows: readonly RunRow[], now: number): Axis {
  const bars = flattenRows(rows).flatMap((row) => (row.kind === 'step' ? barsOf(row.step, now) : []));
  const start = Date.parse(detail.run.startedAt ?? detail.run.createdAt);
  const from = Math.min(start, ...bars.map((bar) => bar.from));
  const end = detail.run.finishedAt ? Date.parse(detail.run.finishedAt) : from;
  return { from, to: Math.max(end, from + 1, ...bars.map((bar) => bar.to)) };
}

/** First start to last end of everything under a row. */
export function spanOf(row: RunRow, now: number): Axis | null {
  const bars = flattenRows([row]).flatMap((child) => (child.kind === 'step' ? barsOf(child.step, now) : []));
  if (bars.length === 0) return null;
  return { from: Math.min(...bars.map((bar) => bar.from)), to: Math.max(...bars.map((bar) => bar.to)) };
}

/** Where a stretch lies on the axis, in percent. */
export function place({ from, to }: Axis, axis: Axis): { left: number; width: number } {
  const length = axis.to - axis.from;
  const left = Math.min(99, Math.max(0, ((from - axis.from) / length) * 100));
  return { left, width: Math.min(100 - left, Math.max(0, ((to - from) / length) * 100)) };
}
