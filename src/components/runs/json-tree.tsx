import { useId, useState } from 'react';
import type { Json } from '../../core';
import { useTexts } from '../shared/provider';
import { plural } from '../shared/translate';
import { runsMessages } from './messages';

/** Most children drawn at one level, and characters of one text: the rest is in the copy. */
const MAX_CHILDREN = 50;
const MAX_TEXT = 400;
const OPEN_LEVELS = 1;

export interface JsonTreeProps {
  value: Json;
}

/** A value as a tree that opens and closes. Everything is drawn as text; long values are cut. */
export function JsonTree({ value }: JsonTreeProps) {
  return (
    <div className="trama-json">
      <JsonNode name={null} value={value} level={0} />
    </div>
  );
}

interface JsonNodeProps {
  name: string | null;
  value: Json;
  level: number;
}

function JsonNode({ name, value, level }: JsonNodeProps) {
  if (value === null || typeof value !== 'object') return <JsonLeaf name={name} value={value} />;
  const entries = Array.isArray(value)
    ? value.map((child, index) => [String(index), child] as const)
    : Object.entries(value);
  if (entries.length === 0)
    return <JsonLeaf name={name} value={Array.isArray(value) ? '[]' : '{}'} isSyntax />;
  return <JsonBranch name={name} entries={entries} isList={Array.isArray(value)} level={level} />;
}

function JsonBranch(props: {
  name: string | null;
  entries: (readonly [string, Json])[];
  isList: boolean;
  level: number;
}) {
  const { name, entries, isList, level } = props;
  const t = useTexts(runsMessages);
  const [isOpen, setOpen] = useState(level < OPEN_LEVELS);
  const id = useId();
  const size = t(`detail.${isList ? 'items' : 'fields'}.${plural(entries.length)}`, {
    count: entries.length,
  });
  const hidden = entries.length - MAX_CHILDREN;
  const children = isOpen && (
    <ul id={id} className="trama-json-children" data-root={name === null || undefined}>
      {entries.slice(0, MAX_CHILDREN).map(([key, child]) => (
        <li key={key}>
          <JsonNode name={key} value={child} level={level + 1} />
        </li>
      ))}
      {hidden > 0 && <li className="trama-json-note">{t('detail.more', { count: hidden })}</li>}
    </ul>
  );
  if (name === null) return children;
  return (
    <>
      <button
        type="button"
        className="trama-json-toggle"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <span className="trama-chevron" aria-hidden="true" />
        <span className="trama-json-key">{name}</span>
        <span className="trama-json-size">{size}</span>
      </button>
      {children}
    </>
  );
}

type Primitive = string | number | boolean | null;

function JsonLeaf({
  name,
  value,
  isSyntax = false,
}: {
  name: string | null;
  value: Primitive;
  isSyntax?: boolean;
}) {
  const t = useTexts(runsMessages);
  const isCut = typeof value === 'string' && value.length > MAX_TEXT;
  const text = isCut ? `${value.slice(0, MAX_TEXT)}…` : String(value);
  return (
    <div className="trama-json-leaf">
      {name !== null && <span className="trama-json-key">{name}</span>}
      <span
        className="trama-json-value"
        data-kind={isSyntax ? 'empty' : value === null ? 'null' : typeof value}
      >
        {typeof value === 'string' && !isSyntax ? `“${text}”` : text}
      </span>
      {isCut && <span className="trama-json-note">{t('detail.longText')}</span>}
    </div>
  );
}
