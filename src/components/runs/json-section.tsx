import { useId } from 'react';
import type { Json } from '../../core';
import { CopyButton } from '../shared/copy-button';
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
