import { useId } from 'react';
import { defaultRetryPolicy, type WorkflowNode } from '../../core';
import { useTexts } from '../shared/provider';
import { useFormats } from '../shared/use-formats';
import { configMessages } from './messages';

export interface FailureSettingsProps {
  retry: WorkflowNode['retry'];
  onError: WorkflowNode['onError'];
  readOnly: boolean;
  onRetry: (retry: WorkflowNode['retry']) => void;
  onOnError: (onError: WorkflowNode['onError']) => void;
}

const ATTEMPTS = [1, 2, 3, 5, 10];
const DELAYS = [
  { delayMs: 1000, backoff: 'exponential' },
  { delayMs: 5000, backoff: 'exponential' },
  { delayMs: 30_000, backoff: 'exponential' },
  { delayMs: 60_000, backoff: 'fixed' },
  { delayMs: 300_000, backoff: 'fixed' },
] as const;

/** What happens when the step fails: how often and how patiently it is tried again, and what then. */
export function FailureSettings({ retry, onError, readOnly, onRetry, onOnError }: FailureSettingsProps) {
  const t = useTexts(configMessages);
  const formats = useFormats();
  const id = useId();
  const policy = retry ?? defaultRetryPolicy;
  const attempts = ATTEMPTS.includes(policy.maxAttempts)
    ? ATTEMPTS
    : [...ATTEMPTS, policy.maxAttempts].sort((a, b) => a - b);
  const isKnown = DELAYS.some(
    (delay) => delay.delayMs === policy.delayMs && delay.backoff === policy.backoff,
  );
  const delays = isKnown ? DELAYS : [{ delayMs: policy.delayMs, backoff: policy.backoff }, ...DELAYS];
  const delayKey = (delay: { delayMs: number; backoff: string }) => `${delay.backoff}:${delay.delayMs}`;
  return (
    <div className="trama-if-fails">
      <div className="trama-field">
        <label htmlFor={`${id}-attempts`}>{t('config.ifFails')}</label>
        <select
          id={`${id}-attempts`}
          className="trama-field-box"
          disabled={readOnly}
          value={policy.maxAttempts}
          onChange={(event) => onRetry({ ...policy, maxAttempts: Number(event.target.value) })}
        >
          {attempts.map((count) => (
            <option key={count} value={count}>
              {count === 1 ? t('config.retry.never') : t('config.retry.times', { count })}
            </option>
          ))}
        </select>
      </div>
      {policy.maxAttempts > 1 && (
        <div className="trama-field">
          <label htmlFor={`${id}-delay`}>{t('config.delay')}</label>
          <select
            id={`${id}-delay`}
            className="trama-field-box"
            disabled={readOnly}
            value={delayKey(policy)}
            onChange={(event) => {
              const chosen = delays.find((delay) => delayKey(delay) === event.target.value);
              if (chosen)
                onRetry({ ...policy, ...chosen, maxDelayMs: Math.max(policy.maxDelayMs, chosen.delayMs) });
            }}
          >
            {delays.map((delay) => (
              <option key={delayKey(delay)} value={delayKey(delay)}>
                {t(`config.delay.${delay.backoff}`, { delay: formats.duration(delay.delayMs) })}
              </option>
            ))}
          </select>
        </div>
      )}
      <div className="trama-field">
        <label htmlFor={`${id}-then`}>{t('config.then')}</label>
        <select
          id={`${id}-then`}
          className="trama-field-box"
          disabled={readOnly}
          value={onError ?? 'fail'}
          onChange={(event) => {
            const chosen = event.target.value as NonNullable<WorkflowNode['onError']>;
            onOnError(chosen === 'fail' ? undefined : chosen);
          }}
        >
          {(['fail', 'continue', 'branch'] as const).map((choice) => (
            <option key={choice} value={choice}>
              {t(`config.onError.${choice}`)}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
