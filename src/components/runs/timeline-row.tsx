import { type CSSProperties, memo } from 'react';
import { TRIGGER_ID } from '../../core';
import { stepStatusLook } from '../shared/format';
import { useTexts } from '../shared/provider';
import { StatusMark } from '../shared/status-mark';
import { runsMessages } from './messages';
import { type RunRow, statusOf } from './run-tree';
import { type Axis, type Bar, barsOf, durationOf, place, spanOf } from './step-bars';
import { describeStep, type Words } from './step-words';

export interface TimelineRowProps {
  row: RunRow;
  axis: Axis;
  now: number;
  words: Words;
  isSelected: boolean;
  isTabStop: boolean;
  isOpen: boolean;
  onToggle: (row: RunRow, isOpen: boolean) => void;
  onSelect: (rowId: string) => void;
}

/** One line of the timeline: mark, name, bars, duration. */
export const TimelineRow = memo(function TimelineRow(props: TimelineRowProps) {
  const { row, axis, now, words, isSelected, isTabStop, isOpen, onToggle, onSelect } = props;
  const t = useTexts(runsMessages);
  const status = statusOf(row);
  const look = stepStatusLook(status);
  const label = labelOfRow(row, words);
  const hasToggle = row.children.length > 0;
  return (
    <li className="trama-tl-row" data-status={status} data-selected={isSelected || undefined}>
      <button
        type="button"
        className="trama-tl-main"
        data-row-id={row.id}
        tabIndex={isTabStop ? 0 : -1}
        aria-current={isSelected ? 'true' : undefined}
        onClick={() => onSelect(row.id)}
      >
        <span className="trama-tl-name" style={{ '--trama-depth': row.depth } as CSSProperties}>
          <StatusMark look={look} disc />
          <span className="trama-tl-label">{label}</span>
          <span className="trama-visually-hidden">, {t(look.label)}</span>
        </span>
        {row.kind === 'step' && (status === 'skipped' || row.step.reusedFrom !== null) ? (
          <span className="trama-tl-note">
            {row.step.reusedFrom === null ? describeStep(row, words) : t('step.reused')}
          </span>
        ) : (
          <span className="trama-tl-track" aria-hidden="true">
            {barsOfRow(row, now).map((bar) => (
              <BarMark key={`${bar.kind} ${bar.from}`} bar={bar} axis={axis} words={words} />
            ))}
          </span>
        )}
        <span className="trama-tl-duration trama-num">{durationText(row, now, words)}</span>
      </button>
      {hasToggle && (
        <button
          type="button"
          className="trama-tl-toggle"
          aria-expanded={isOpen}
          aria-label={t(isOpen ? 'step.collapse' : 'step.expand', { label })}
          onClick={() => onToggle(row, isOpen)}
        >
          <span className="trama-chevron" aria-hidden="true" />
        </button>
      )}
    </li>
  );
});

function BarMark({ bar, axis, words: { t, formats } }: { bar: Bar; axis: Axis; words: Words }) {
  const { left, width } = place(bar, axis);
  const duration = formats.duration(bar.to - bar.from);
  const title =
    bar.kind === 'pause'
      ? t('step.gap', { duration })
      : t(bar.kind === 'failed' ? 'step.barFailed' : 'step.bar', { number: bar.attempt, duration });
  return (
    <i
      className="trama-tl-bar"
      data-kind={bar.kind}
      style={{ left: `${left}%`, width: `${width}%` }}
      title={title}
    />
  );
}

export function labelOfRow(row: RunRow, { t }: Pick<Words, 't'>): string {
  const { iteration } = row;
  if (!iteration) return row.kind === 'step' ? row.label : row.id;
  const number = iteration.index + 1;
  return iteration.name === null
    ? t('step.iteration', { number })
    : t('step.iterationNamed', { number, name: iteration.name });
}

function barsOfRow(row: RunRow, now: number): Bar[] {
  if (row.kind === 'step') return barsOf(row.step, now);
  const span = spanOf(row, now);
  if (!span) return [];
  const kind =
    row.status === 'failed' || row.status === 'in_doubt'
      ? 'failed'
      : row.status === 'running'
        ? 'running'
        : 'done';
  return [{ kind, ...span, attempt: 1 }];
}

function durationText(row: RunRow, now: number, { formats }: Words): string {
  if (row.kind === 'iteration') {
    const span = spanOf(row, now);
    return span ? formats.duration(span.to - span.from) : '–';
  }
  if (row.node.id === TRIGGER_ID) return '–';
  if (row.step.status === 'running' && row.step.startedAt)
    return formats.duration(Math.max(0, now - Date.parse(row.step.startedAt)));
  const duration = durationOf(row.step);
  return duration === null ? '–' : formats.duration(duration);
}
