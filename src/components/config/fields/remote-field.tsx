import { useId, useRef, useState } from 'react';
import type { Json } from '../../../core';
import { useConfig } from '../config-context';
import type { ControlProps, FieldOf } from './control';
import type { FrameParts } from './field-frame';
import { SwitchableField } from './mode-switch';
import { useRemoteOptions } from './use-remote-options';

/** One of the choices a provider has: a channel, a status. An id can also be typed or pasted. */
export function RemoteField(props: ControlProps<FieldOf<'remote'>>) {
  return (
    <SwitchableField {...props}>{(parts) => <RemoteCombobox {...props} parts={parts} />}</SwitchableField>
  );
}

function RemoteCombobox({
  field,
  path,
  value,
  onChange,
  parts,
}: ControlProps<FieldOf<'remote'>> & { parts: FrameParts }) {
  const { naming, readOnly, issuesAt } = useConfig();
  const { t } = naming;
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const isOpen = query !== null;
  const remote = useRemoteOptions(
    field.options,
    query ?? '',
    isOpen,
    typeof value === 'string' ? value : undefined,
  );
  const isToldBelow = issuesAt(path).some(({ code }) => code === 'option_unknown');
  const isGone = remote.isGone && !isOpen && !isToldBelow;
  const typed = (query ?? '').trim();
  const isFree = typed !== '' && !remote.items.some((item) => item.value === typed || item.label === typed);
  const choices = [
    ...remote.items,
    ...(isFree ? [{ value: typed, label: t('remote.use', { value: typed }) }] : []),
  ];
  const open = (text = '') => {
    setQuery(text);
    setActive(0);
  };
  const choose = (next: Json | undefined) => {
    onChange(next);
    setQuery(null);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!isOpen) open();
      else if (choices.length > 0)
        setActive((active + (event.key === 'ArrowDown' ? 1 : -1) + choices.length) % choices.length);
    } else if (event.key === 'Enter' && isOpen) {
      event.preventDefault();
      if (choices[active]) choose(choices[active].value);
    } else if (event.key === 'Escape' && isOpen) {
      setQuery(null);
    }
  };
  const onBlur = () => {
    // What was typed and not chosen is meant as an id: nothing typed is dropped.
    if (typed !== '') choose(remote.items.find((item) => item.label === typed)?.value ?? typed);
    else setQuery(null);
    parts.onBlur();
  };
  return (
    <div className="trama-remote">
      <div className="trama-field-box trama-remote-box">
        <input
          ref={input}
          id={parts.id}
          type="text"
          role="combobox"
          autoComplete="off"
          aria-expanded={isOpen}
          data-keeps-escape={isOpen || undefined}
          aria-controls={listId}
          aria-activedescendant={isOpen && choices[active] ? `${listId}-${active}` : undefined}
          aria-describedby={
            [parts.describedBy, isGone && `${listId}-gone`].filter(Boolean).join(' ') || undefined
          }
          aria-invalid={parts.isInvalid}
          placeholder={t('field.choose')}
          readOnly={readOnly}
          value={query ?? remote.labelOf(value) ?? ''}
          onChange={(event) => open(event.target.value)}
          onClick={() => !readOnly && !isOpen && open()}
          onKeyDown={onKeyDown}
          onBlur={onBlur}
        />
        <span className="trama-caret" aria-hidden="true" />
      </div>
      {isGone && (
        <div id={`${listId}-gone`} className="trama-field-errors" role="status">
          <p data-severity="warning">
            {t('issue.option_unknown', { value: String(value), field: parts.label })}
          </p>
        </div>
      )}
      {isOpen && (
        <div
          id={listId}
          role="listbox"
          className="trama-remote-list"
          aria-label={parts.label}
          onPointerDown={(event) => event.preventDefault()}
        >
          {choices.map((choice, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the input chooses
            <div
              key={choice.value}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === active}
              data-chosen={choice.value === value || undefined}
              onPointerMove={() => setActive(index)}
              onClick={() => choose(choice.value)}
            >
              {choice.label}
            </div>
          ))}
          <RemoteStatus remote={remote} isEmpty={choices.length === 0} query={typed} />
        </div>
      )}
    </div>
  );
}

function RemoteStatus(props: {
  remote: ReturnType<typeof useRemoteOptions>;
  isEmpty: boolean;
  query: string;
}) {
  const { remote, isEmpty, query } = props;
  const { t } = useConfig().naming;
  if (remote.error) {
    return (
      <div className="trama-remote-status" role="status">
        {t('remote.failed', { reason: remote.error.message })}{' '}
        <button type="button" className="trama-link" onClick={remote.reload}>
          {t('common.retry')}
        </button>
      </div>
    );
  }
  if (remote.isLoading) return <div className="trama-remote-status">{t('remote.loading')}</div>;
  if (remote.more) {
    return (
      <button type="button" className="trama-link trama-remote-status" onClick={remote.more}>
        {t('remote.more')}
      </button>
    );
  }
  if (!isEmpty) return null;
  return (
    <div className="trama-remote-status">
      {query === '' ? t('remote.none') : t('remote.noneFor', { query })}
    </div>
  );
}
