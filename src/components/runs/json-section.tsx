import { useEffect, useId, useState } from 'react';
import type { Json } from '../../core';
import { useTexts } from '../shared/provider';
import { JsonTree } from './json-tree';
import { runsMessages } from './messages';

export interface JsonSectionProps {
  title: string;
  /** What the copy button says to screen readers. */
  copyLabel: string;
  value: Json;
}

/** A titled value with a button that copies it whole. */
export function JsonSection({ title, copyLabel, value }: JsonSectionProps) {
  const t = useTexts(runsMessages);
  const id = useId();
  const isEmpty = value === null || (typeof value === 'object' && Object.keys(value).length === 0);
  return (
    <section className="trama-detail-section" aria-labelledby={id}>
      <div className="trama-detail-section-head">
        <h4 id={id}>{title}</h4>
        {!isEmpty && <CopyButton label={copyLabel} text={() => JSON.stringify(value, null, 2)} />}
      </div>
      {isEmpty ? <p className="trama-muted">{t('detail.nothing')}</p> : <JsonTree value={value} />}
    </section>
  );
}

const CONFIRM_MS = 1600;

/** Copies a text and says so for a moment; absent where the browser lets no page write to the clipboard. */
export function CopyButton({ label, text }: { label: string; text: () => string }) {
  const t = useTexts(runsMessages);
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), CONFIRM_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  if (typeof navigator === 'undefined' || !navigator.clipboard) return null;
  const copy = () =>
    void navigator.clipboard.writeText(text()).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <button
      type="button"
      className="trama-copy"
      aria-label={isCopied ? t('detail.copied') : label}
      onClick={copy}
    >
      {isCopied ? t('detail.copied') : t('detail.copy')}
    </button>
  );
}
