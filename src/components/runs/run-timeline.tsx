import { useEffect, useRef } from 'react';
import { useTexts } from '../shared/provider';
import { runsMessages } from './messages';
import type { Axis } from './step-bars';
import type { Words } from './step-words';
import { TimelineRow } from './timeline-row';
import type { Expansion } from './use-expansion';

export interface RunTimelineProps {
  expansion: Expansion;
  axis: Axis;
  now: number;
  words: Words;
  selectedId: string | null;
  onSelect: (rowId: string) => void;
}

/** The steps of a run over time, one line each. */
export function RunTimeline({ expansion, axis, now, words, selectedId, onSelect }: RunTimelineProps) {
  const t = useTexts(runsMessages);
  const { lines, toggle, showAll } = expansion;
  const list = useRef<HTMLOListElement>(null);
  const hasGroups = lines.some((line) => line.kind === 'row' && line.row.children.length > 0);
  const hasSelected = lines.some((line) => line.kind === 'row' && line.row.id === selectedId);

  // Scrolls the list only, never the page around the viewer.
  useEffect(() => {
    const box = list.current?.parentElement;
    const selected = selectedId === null ? null : list.current?.querySelector<HTMLElement>('[data-selected]');
    if (!box || !selected) return;
    const { top, bottom } = selected.getBoundingClientRect();
    const frame = box.getBoundingClientRect();
    if (top < frame.top) box.scrollTop -= frame.top - top;
    if (bottom > frame.bottom) box.scrollTop += bottom - frame.bottom;
  }, [selectedId]);

  return (
    <section className="trama-timeline" aria-label={t('run.timeline')}>
      <ol
        ref={list}
        className="trama-tl"
        data-groups={hasGroups || undefined}
        aria-description={t('run.timelineHelp')}
      >
        {lines.map((line, index) =>
          line.kind === 'row' ? (
            <TimelineRow
              key={line.row.id}
              {...{ row: line.row, axis, now, words }}
              isSelected={line.row.id === selectedId}
              isTabStop={hasSelected ? line.row.id === selectedId : index === 0}
              isOpen={line.isOpen}
              onToggle={toggle}
              onSelect={onSelect}
            />
          ) : (
            <li key={`${line.loop.id} more`} className="trama-tl-more">
              <button type="button" className="trama-link" onClick={() => showAll(line.loop)}>
                {t('step.moreIterations', { count: line.count })}
              </button>
            </li>
          ),
        )}
      </ol>
    </section>
  );
}
