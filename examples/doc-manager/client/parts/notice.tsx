import { useTexts } from '../preferences';

/** An error in the reader's words, with the way on where there is one. */
export function Notice({ code, onRetry }: { code: string; onRetry?: () => void }) {
  const t = useTexts();
  return (
    <div className="dm-notice" role="alert">
      <span>{t.errors[code] ?? t.errors.internal}</span>
      {onRetry && (
        <button type="button" className="dm-button" onClick={onRetry}>
          {t.retry}
        </button>
      )}
    </div>
  );
}
