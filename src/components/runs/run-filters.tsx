import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react';
import type { RunStatus } from '../../core';
import { runStatusLook } from '../shared/format';
import { useTexts } from '../shared/provider';
import { StatusMark } from '../shared/status-mark';
import { IconButton } from '../shared/ui';
import { type RunsMessageKey, runsMessages } from './messages';

/** A chip stands for the statuses a person thinks of together. */
const chips: { statuses: readonly RunStatus[]; label: RunsMessageKey }[] = [
  { statuses: ['failed', 'needs_attention'], label: 'runs.filterFailed' },
  { statuses: ['waiting'], label: 'runs.filterWaiting' },
  { statuses: ['running', 'queued'], label: 'runs.filterRunning' },
  { statuses: ['succeeded'], label: 'runs.filterSucceeded' },
];

export interface RunFiltersProps {
  /** Hides the search when the history is that of one document anyway. */
  hasSearch: boolean;
  search: string;
  onSearch: (text: string) => void;
  statuses: readonly RunStatus[];
  onStatuses: (statuses: readonly RunStatus[]) => void;
}

/** The search by business key and the status chips above the list. */
export function RunFilters({ hasSearch, search, onSearch, statuses, onStatuses }: RunFiltersProps) {
  const t = useTexts(runsMessages);
  return (
    <div className="trama-history-filters">
      {hasSearch && <KeySearch value={search} onChange={onSearch} />}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a legend the design has no place for */}
      <div className="trama-chips" role="group" aria-label={t('runs.filterLabel')}>
        {chips.map((chip) => {
          const [first = 'queued'] = chip.statuses;
          const isOn = statuses.includes(first);
          const next = isOn
            ? statuses.filter((status) => !chip.statuses.includes(status))
            : [...statuses, ...chip.statuses];
          const look = runStatusLook(first);
          return (
            <button
              key={chip.label}
              type="button"
              className="trama-chip-button"
              aria-pressed={isOn}
              onClick={() => onStatuses(next)}
            >
              <span className="trama-pill" data-tone={isOn ? look.tone : 'neutral'}>
                <StatusMark look={look} />
                {t(chip.label)}
              </span>
            </button>
          );
        })}
      </div>
    </div>
  );
}

const PAUSE_MS = 400;

/** Asks when the person pauses or presses Enter: each question is a request. */
function KeySearch({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const t = useTexts(runsMessages);
  const [text, setText] = useState(value);
  const asked = useRef(value);
  // What was asked here comes back while the person may be typing on; only what others set takes its place.
  useEffect(() => {
    if (value !== asked.current) setText(value);
    asked.current = value;
  }, [value]);
  const ask = useCallback(
    (next: string) => {
      asked.current = next;
      onChange(next);
    },
    [onChange],
  );
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => ask(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, value, ask]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask(text.trim());
  };
  const clear = () => {
    setText('');
    ask('');
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: `search` as an element is newer than the browsers the kit supports
    <form className="trama-key-search" role="search" onSubmit={submit}>
      <input
        type="search"
        className="trama-key-input"
        value={text}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        aria-label={t('runs.searchLabel')}
        placeholder={t('runs.searchPlaceholder')}
        onChange={(event) => setText(event.target.value)}
      />
      {text !== '' && (
        <IconButton label={t('runs.clearSearch')} onClick={clear}>
          ✕
        </IconButton>
      )}
    </form>
  );
}
