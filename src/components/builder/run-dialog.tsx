import { useId, useState } from 'react';
import { labelOf, type Run, type WorkflowDefinition } from '../../core';
import { failureTitle } from '../runs/explain-failure';
import { Dialog } from '../shared/dialog';
import { runStatusLook } from '../shared/format';
import { useTexts, useTrama } from '../shared/provider';
import { StatusMark } from '../shared/status-mark';
import { Button, ErrorState } from '../shared/ui';
import { dialogMessages } from './dialog-messages';
import { PayloadForm } from './payload-form';
import {
  type PayloadProblem,
  type PayloadResult,
  type PayloadWay,
  payloadProblem,
  payloadWay,
  readFields,
  readJson,
  triggerNode,
} from './run-payload';
import { useStartRun } from './use-start-run';

export interface RunDialogProps {
  workflowId: string;
  name: string;
  definition: WorkflowDefinition;
  publishedVersion: number | null;
  /** Saves the draft before it is run. */
  save: () => Promise<boolean>;
  onStarted?: ((run: Run) => void) | undefined;
  onOpenRun?: ((run: Run) => void) | undefined;
  onClose: () => void;
}

/** Starts the workflow now, with the data its trigger would bring. */
export function RunDialog(props: RunDialogProps) {
  const { definition, publishedVersion, onClose } = props;
  const { blocks, locale } = useTrama();
  const t = useTexts(dialogMessages);
  const node = triggerNode(definition);
  const trigger = blocks.get(node?.type ?? '');
  const way = payloadWay(node, trigger);
  const [version, setVersion] = useState<'published' | 'draft'>(
    publishedVersion === null ? 'draft' : 'published',
  );
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [json, setJson] = useState(() => JSON.stringify(trigger?.sample ?? {}, null, 2));
  const [problem, setProblem] = useState<PayloadProblem | null>(null);
  const group = useId();
  const { state, start } = useStartRun(props.workflowId);

  const readPayload = (): PayloadResult => {
    if (way.kind === 'fields') return readFields(way.fields, typed, locale, t);
    return way.kind === 'json' ? readJson(json, t) : { payload: undefined };
  };
  const run = async () => {
    const result = readPayload();
    const wrong = 'problem' in result ? result : payloadProblem(result.payload, node, trigger, t);
    setProblem(wrong);
    if (wrong !== null || 'problem' in result) return;
    if (version === 'draft' && !(await props.save())) {
      setProblem({ problem: t('builder.saveFailed') });
      return;
    }
    const started = await start(result.payload, version);
    if (started) props.onStarted?.(started);
  };

  if (state.kind === 'started') return <StartedDialog {...props} run={state.run} />;
  return (
    <Dialog
      title={t('runNow.title', { name: props.name })}
      className="trama-run-now"
      onOpenChange={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" disabled={state.kind === 'starting'} onClick={() => void run()}>
            {t(state.kind === 'starting' ? 'runNow.starting' : 'runNow.start')}
          </Button>
        </>
      }
    >
      {publishedVersion !== null && (
        <fieldset className="trama-field">
          <legend>{t('runNow.which')}</legend>
          <div className="trama-segments">
            {(['published', 'draft'] as const).map((choice) => (
              <label key={choice} data-checked={version === choice || undefined}>
                <input
                  type="radio"
                  name={group}
                  checked={version === choice}
                  onChange={() => setVersion(choice)}
                />
                {t(`runNow.${choice}`, { version: publishedVersion })}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <PayloadForm
        way={way}
        typed={typed}
        onTyped={(next) => {
          setTyped(next);
          setProblem(null);
        }}
        problem={problem}
        json={json}
        onJson={setJson}
        trigger={trigger}
      />
      {problem && !isShownAtField(problem, way) && (
        <p className="trama-field-errors" role="alert">
          {problem.problem}
        </p>
      )}
      {state.kind === 'failed' && <ErrorState title={t('runNow.failed')}>{state.error.message}</ErrorState>}
    </Dialog>
  );
}

const isShownAtField = ({ field }: PayloadProblem, way: PayloadWay): boolean =>
  way.kind === 'fields' && way.fields.some(({ name }) => name === field);

interface StartedDialogProps extends Pick<RunDialogProps, 'name' | 'definition' | 'onOpenRun' | 'onClose'> {
  run: Run;
}

function StartedDialog({ run, name, definition, onOpenRun, onClose }: StartedDialogProps) {
  const { locale, providers } = useTrama();
  const t = useTexts(dialogMessages);
  const failure = useFailureText(run, definition);
  const { waitingFor } = run;
  const provider = providers.get(waitingFor?.provider ?? '')?.label[locale] ?? '';
  const standing = waitingFor
    ? t(`runNow.waitsFor.${waitingFor.kind}`, { provider })
    : t(`runNow.is.${run.status}`);
  const look = runStatusLook(run.status);
  return (
    <Dialog
      title={t('runNow.title', { name })}
      onOpenChange={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.close')}</Button>
          {onOpenRun && (
            <Button variant="primary" onClick={() => onOpenRun(run)}>
              {t('runNow.open')}
            </Button>
          )}
        </>
      }
    >
      <div className="trama-run-started" role="status">
        <StatusMark look={look} disc />
        <div>
          <strong>{t(look.label)}</strong>
          <p className="trama-muted">{failure ?? standing}</p>
        </div>
      </div>
    </Dialog>
  );
}

/** Which step failed and how, in the reader's words; the run itself tells the rest. */
function useFailureText({ error }: Run, definition: WorkflowDefinition): string | null {
  const { blocks, providers, locale } = useTrama();
  const t = useTexts(dialogMessages);
  if (!error) return null;
  const node = definition.nodes.find((candidate) => candidate.id === error.nodeId);
  const provider = providers.get(blocks.get(node?.type ?? '')?.provider ?? '');
  const title = failureTitle(error, provider?.label[locale] ?? '', t);
  return node ? `${labelOf(node, blocks, locale)}: ${title}` : title;
}
