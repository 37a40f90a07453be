import { parseTemplate } from '../../core';
import { describeReference, type Naming, type ReferenceLabel, referenceText } from './reference-label';

export interface SummaryTextProps {
  /** Text with references in it, as a block's `summary` gives it. */
  text: string;
  naming: Naming;
}

/** One line of text in which references stand as small chips. */
export function SummaryText({ text, naming }: SummaryTextProps) {
  const parts = parseTemplate(text);
  return parts.map((part, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
    if (part.kind === 'text') return <span key={index}>{part.text}</span>;
    // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
    if (part.kind !== 'reference') return <span key={index}>{part.source}</span>;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
      <Chip key={index} label={describeReference(part.reference, naming)} />
    );
  });
}

/** The step's name gives way where room is short: the value's name tells more. */
function Chip({ label }: { label: ReferenceLabel }) {
  return (
    <span className="trama-chip" data-size="small" title={referenceText(label)}>
      {label.field !== '' && <span className="trama-chip-group">{label.group}</span>}
      {label.field === '' ? label.group : `\u00a0· ${label.field}`}
    </span>
  );
}
