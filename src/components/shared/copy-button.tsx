import { useEffect, useState } from 'react';
import { useTrama } from './provider';

const CONFIRM_MS = 1600;

/** Copies a text and says so for a moment; absent where the browser lets no page write to the clipboard. */
export function CopyButton({ label, text }: { label: string; text: () => string }) {
  const { t } = useTrama();
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
      aria-label={isCopied ? t('common.copied') : label}
      onClick={copy}
    >
      {isCopied ? t('common.copied') : t('common.copy')}
    </button>
  );
}
