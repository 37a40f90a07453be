import type { Json, StepFailure } from '../../../core';
import { ConnectHere } from '../../runs/connect-here';
import { JsonSection } from '../../runs/json-section';
import { problemText } from '../../shared/problem-text';
import { useTexts, useTrama } from '../../shared/provider';
import { StatusMark } from '../../shared/status-mark';
import { Button, ErrorState, Skeleton } from '../../shared/ui';
import { trialMessages } from './messages';
import { TrialInput } from './trial-input';
import type { StepTrial, TrialState } from './use-trial';
import { isRefusal, type TrialWords } from './use-trial-words';

export interface TrialAnswerProps {
  state: TrialState;
  words: TrialWords;
  /** Names of the values that are not there; asked when the step failed for that. */
  missing: () => string[];
  /** Asks again what would happen. */
  onPreview: () => void;
}

/** What came of a trial: what would happen, what happened, or why not. */
export function TrialAnswer({ state, words, missing, onPreview }: TrialAnswerProps) {
  const t = useTexts(trialMessages);
  if (state.kind === 'asking') return <Asking isReal={state.isReal} />;
  if (state.kind === 'failed') return <CallFailed {...{ ...state, words, onPreview }} />;
  const { trial, isReal } = state;
  if (trial.error) {
    return (
      <>
        <Failure {...{ words, missing, isReal, onPreview }} failure={trial.error} />
        {trial.input !== null && <TrialInput input={trial.input} words={words} />}
      </>
    );
  }
  if (!isReal) return <Preview trial={trial} words={words} />;
  const { output, outcome } = trial;
  const told = words.outcome(trial);
  return (
    <>
      <div className="trama-run-started">
        <StatusMark look={{ tone: 'ok', symbol: 'check' }} disc />
        <div>
          <strong>{t(hasEffect(words) ? 'trial.done' : 'trial.doneInside')}</strong>
          {told && <p className="trama-muted">{told}</p>}
        </div>
      </div>
      {outcome !== 'stop' && outcome !== 'wait' && <Output output={output} />}
    </>
  );
}

const hasEffect = ({ block }: TrialWords): boolean => block.kind === 'action' && block.sideEffect !== 'none';

function Asking({ isReal }: { isReal: boolean }) {
  const t = useTexts(trialMessages);
  return (
    <>
      <p className="trama-muted">{t(isReal ? 'trial.carrying' : 'trial.asking')}</p>
      <Skeleton width="70%" />
      <Skeleton width="45%" />
    </>
  );
}

function Preview({ trial, words }: { trial: StepTrial; words: TrialWords }) {
  const { locale } = useTrama();
  const t = useTexts(trialMessages);
  const isSafe = !hasEffect(words);
  const text = trial.preview?.[locale] ?? t(isSafe ? 'trial.noEffect' : 'trial.ready');
  return (
    <>
      <div className="trama-trial-preview">
        <h3>{t('trial.wouldDo')}</h3>
        <p>{text}</p>
        {!isSafe && <p className="trama-field-hint">{t('trial.onlyPreview')}</p>}
      </div>
      <TrialInput input={trial.input} words={words} />
    </>
  );
}

function Output({ output }: { output: Json }) {
  const t = useTexts(trialMessages);
  return <JsonSection title={t('detail.output')} copyLabel={t('detail.copyOutput')} value={output} />;
}

interface FailureProps extends Pick<TrialAnswerProps, 'words' | 'missing' | 'onPreview'> {
  failure: StepFailure;
  isReal: boolean;
}

/** What went wrong, why, and what to do; a connection is mended right here. */
function Failure({ failure, words, isReal, missing, onPreview }: FailureProps) {
  const t = useTexts(trialMessages);
  const { title, text, act, field } = words.failure(failure, isReal);
  const lacking = failure.code === 'reference_missing' ? missing() : [];
  const providerId = failure.provider ?? words.block.provider;
  return (
    <div className="trama-step-failure" data-tone={failure.kind === 'uncertain' && isReal ? 'warn' : 'bad'}>
      <h3>{title}</h3>
      <p>
        {text}
        {lacking.length > 0 && ` ${t('trial.missing', { values: words.formats.list(lacking) })}`}
        {field !== undefined && ` ${t('trial.field', { field })}`}
      </p>
      <p>
        <strong>{t('trial.act')}</strong> {act}
      </p>
      {failure.kind === 'reconnect' && (
        <ConnectHere
          providerId={providerId}
          provider={words.providerLabel(providerId)}
          onConnected={onPreview}
        />
      )}
    </div>
  );
}

interface CallFailedProps extends Pick<TrialAnswerProps, 'words' | 'onPreview'> {
  error: unknown;
  isReal: boolean;
}

/** The call failed, not the step. Whether a step was carried out is then only known when the server refused it. */
function CallFailed({ error, isReal, words, onPreview }: CallFailedProps) {
  const t = useTexts(trialMessages);
  if (!isReal) {
    return (
      <ErrorState
        title={t('trial.previewFailed')}
        actions={<Button onClick={onPreview}>{t('common.retry')}</Button>}
      >
        {problemText(error, t)}
      </ErrorState>
    );
  }
  if (isRefusal(error)) return <ErrorState title={t('trial.notDone')}>{problemText(error, t)}</ErrorState>;
  return (
    <ErrorState title={t('trial.unknownTitle')}>
      {t('trial.unknown', { provider: words.provider })}
    </ErrorState>
  );
}
