import type { Step } from '../../core';
import { useTexts } from '../shared/provider';
import { StatusMark } from '../shared/status-mark';
import { useFormats } from '../shared/use-formats';
import { runsMessages } from './messages';

/** Every failed attempt with what came back and the pause after it. */
export function AttemptList({ attempts }: { attempts: Step['attempts'] }) {
  const t = useTexts(runsMessages);
  const formats = useFormats();
  return (
    <section className="trama-detail-section">
      <div className="trama-detail-section-head">
        <h4>{t('detail.attempts')}</h4>
      </div>
      <ol className="trama-attempts">
        {attempts.map((attempt) => (
          <li key={attempt.attempt}>
            <StatusMark look={{ tone: 'bad', symbol: 'cross' }} disc />
            <span className="trama-attempt-main">
              <span>{t('detail.attempt', { number: attempt.attempt })}</span>
              <code>{[attempt.error.providerStatus, attempt.error.code].filter(Boolean).join(' ')}</code>
              <span className="trama-muted">
                {attempt.delayMs === null
                  ? t('detail.lastAttempt')
                  : t('detail.attemptPause', { duration: formats.duration(attempt.delayMs) })}
              </span>
            </span>
            <span className="trama-num trama-muted">
              {formats.duration(Date.parse(attempt.finishedAt) - Date.parse(attempt.startedAt))}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
