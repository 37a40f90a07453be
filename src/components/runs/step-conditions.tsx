import { type AnyBlock, type Condition, describeForm, evaluateCondition, type Json } from '../../core';
import { useTexts, useTrama } from '../shared/provider';
import { StatusMark } from '../shared/status-mark';
import { runsMessages } from './messages';
import { isRecord } from './step-words';

export interface StepConditionsProps {
  input: { match: string; conditions: Condition[] };
  block: AnyBlock | undefined;
}

/** The conditions a step decided by, with the values of this run and whether each held. */
export function StepConditions({ input, block }: StepConditionsProps) {
  const { locale, timeZone } = useTrama();
  const t = useTexts(runsMessages);
  const labelOf = operatorLabels(block);
  return (
    <section className="trama-detail-section">
      <div className="trama-detail-section-head">
        <h4>{t('detail.conditions')}</h4>
        <span className="trama-muted">
          {t(input.match === 'any' ? 'detail.conditionsAny' : 'detail.conditionsAll')}
        </span>
      </div>
      <ul className="trama-conditions">
        {input.conditions.map((condition) => {
          const result = holds(condition, timeZone);
          const outcome = result
            ? ({ tone: 'ok', symbol: 'check' } as const)
            : ({ tone: 'neutral', symbol: 'cross' } as const);
          return (
            <li key={JSON.stringify(condition)}>
              <StatusMark look={outcome} disc />
              <span>
                <b>{textOf(condition.left as Json)}</b> {labelOf(condition.op)?.[locale] ?? condition.op}{' '}
                {condition.right !== undefined && condition.right !== null && (
                  <b>{textOf(condition.right as Json)}</b>
                )}
                <span className="trama-visually-hidden">
                  {': '}
                  {t(result ? 'detail.holds' : 'detail.holdsNot')}
                </span>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Whether a resolved input is a decision by conditions. */
export function isDecision(input: Json): input is Json & StepConditionsProps['input'] {
  if (!isRecord(input) || !Array.isArray(input.conditions)) return false;
  return input.conditions.every((condition) => isRecord(condition) && typeof condition.op === 'string');
}

function holds(condition: Condition, timeZone: string): boolean {
  try {
    return evaluateCondition(condition, timeZone);
  } catch {
    // The comparison could not be made: the step's failure says why.
    return false;
  }
}

function textOf(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** What the block's own form calls its operators. */
function operatorLabels(block: AnyBlock | undefined): (op: string) => { en: string; it: string } | undefined {
  const list = block ? describeForm(block.input).find((field) => field.name === 'conditions') : undefined;
  const item = list?.kind === 'list' && list.item.kind === 'object' ? list.item : undefined;
  const operator = item?.fields.find((field) => field.name === 'op');
  const choices = operator?.kind === 'enum' ? operator.choices : [];
  return (op) => choices.find((choice) => choice.value === op)?.label;
}
