import type { ReactNode } from 'react';

/** A control with its label above and, where it helps, a hint below. */
export function Field({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="dm-field">
      <span className="dm-label">{label}</span>
      {children}
      {hint && <span className="dm-hint">{hint}</span>}
    </label>
  );
}
