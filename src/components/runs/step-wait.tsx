import type { Run, Step, Wait } from '../../core';
import { approverText } from '../approvals/approval-words';
import { DecisionForm } from '../approvals/decision-form';
import { findApproval } from '../approvals/find-approval';
import { approvalsMessages } from '../approvals/messages';
import { useTexts, useTrama } from '../shared/provider';
import { useQuery } from '../shared/use-query';
import type { Words } from './step-words';
import type { Decision, RunActions } from './use-run-actions';
import { eventFieldLabel, eventLabel } from './wait-words';

export interface StepWaitProps {
  run: Run;
  step: Step & { wait: Exclude<Wait, { kind: 'connection' }> };
  words: Words;
  now: number;
  actions: RunActions;
}

/** What a parked step waits for and until when; a decision can be made right here. */
export function StepWait({ run, step, words, now, actions }: StepWaitProps) {
  const { t, formats } = words;
  const { userName } = useTrama();
  const approverWords = { t: useTexts(approvalsMessages), formats, userName };
  const { wait } = step;
  const isOverdue = wait.until !== null && Date.parse(wait.until) <= now;
  const limit = wait.kind === 'time' ? null : wait.until;
  const title = {
    time: () => t('wait.untilTitle', { time: formats.day(wait.until ?? '') }),
    event: () => t('wait.eventTitle', { event: wait.kind === 'event' ? eventLabel(wait.type, words) : '' }),
    decision: () => t('wait.decisionTitle'),
  }[wait.kind]();
  return (
    <div className="trama-step-failure" data-tone="wait">
      <h3>{title}</h3>
      {wait.kind === 'event' && <EventFields wait={wait} words={words} />}
      {wait.kind === 'decision' && <p className="trama-wait-message">{wait.message}</p>}
      {!isOverdue && wait.kind === 'time' && <p>{t('wait.untilText')}</p>}
      {wait.kind === 'decision' && (
        <p>
          {wait.approvers.length === 0
            ? t('wait.anybody')
            : t('wait.approvers', { who: approverText(wait.approvers, approverWords) })}
        </p>
      )}
      {!isOverdue && limit !== null && <p>{t('wait.deadline', { time: formats.day(limit) })}</p>}
      {isOverdue && <p>{t('wait.overdue', { ago: formats.relative(wait.until ?? '') })}</p>}
      {run.canAct && !isOverdue && wait.kind === 'decision' && (
        <DecideHere runId={run.id} stepKey={step.key} actions={actions} />
      )}
    </div>
  );
}

/** The answer, for those who are asked and have not answered yet; the others are told above who they are. */
function DecideHere({ runId, stepKey, actions }: { runId: string; stepKey: string; actions: RunActions }) {
  const { client } = useTrama();
  const t = useTexts(approvalsMessages);
  const { data, error, reload } = useQuery(
    () => findApproval(client, runId, stepKey),
    [client, runId, stepKey],
  );
  const decide = async (decision: Decision) => {
    await actions.decide(runId, stepKey, decision);
    reload();
  };
  // Where that cannot be read, who may decide is the server's to say.
  const mayDecide = data ? data.canDecide : error !== undefined;
  return (
    <>
      {data && data.required > 1 && (
        <p>{t('approvals.progress', { given: data.decisions.length, needed: data.required })}</p>
      )}
      {mayDecide && (
        <DecisionForm
          isBusy={actions.busy !== null}
          onDecide={(decision, comment) => void decide({ decision, comment })}
        />
      )}
    </>
  );
}

function EventFields({ wait, words }: { wait: Extract<Wait, { kind: 'event' }>; words: Words }) {
  const { t } = words;
  if (wait.where.length === 0) return null;
  return (
    <div>
      <p>{t('wait.eventWhere')}</p>
      <ul className="trama-wait-fields">
        {wait.where.map((field) => (
          <li key={field.path}>
            {t('wait.eventField', {
              field: eventFieldLabel(field, wait.type, words),
              value: field.equals,
            })}
          </li>
        ))}
      </ul>
    </div>
  );
}
