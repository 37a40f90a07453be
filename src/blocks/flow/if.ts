import * as z from 'zod';
import { defineBlock, field } from '../../core/block/define';
import { type ConditionOperator, conditionOperatorSchema, unaryOperators } from '../../core/condition';
import type { Json } from '../../core/json';

/** `sign` where everybody knows it; in a line of summary the others are said in words. */
const operators: Record<ConditionOperator, { en: string; it: string; sign?: string }> = {
  eq: { en: 'is', it: 'è', sign: '=' },
  neq: { en: 'is not', it: 'non è', sign: '≠' },
  gt: { en: 'is over', it: 'supera', sign: '>' },
  gte: { en: 'is at least', it: 'è almeno', sign: '≥' },
  lt: { en: 'is under', it: 'è sotto', sign: '<' },
  lte: { en: 'is at most', it: 'è al massimo', sign: '≤' },
  contains: { en: 'contains', it: 'contiene' },
  not_contains: { en: 'does not contain', it: 'non contiene' },
  starts_with: { en: 'starts with', it: 'inizia con' },
  ends_with: { en: 'ends with', it: 'finisce con' },
  in: { en: 'is one of', it: 'è uno tra' },
  not_in: { en: 'is none of', it: 'non è tra' },
  matches_any: { en: 'contains any of', it: 'contiene uno tra' },
  is_empty: { en: 'is empty', it: 'è vuoto' },
  is_not_empty: { en: 'is not empty', it: 'non è vuoto' },
  is_true: { en: 'is true', it: 'è vero' },
  is_false: { en: 'is false', it: 'è falso' },
  before: { en: 'is before', it: 'è prima di' },
  after: { en: 'is after', it: 'è dopo' },
};

export const ifBlock = defineBlock({
  type: 'flow.if',
  provider: 'flow',
  label: { en: 'Condition', it: 'Condizione' },
  description: { en: 'Goes one way or the other', it: 'Prosegue da una parte o dall’altra' },
  icon: '◇',
  sideEffect: 'none',
  handles: ['true', 'false'],
  handleLabels: { true: { en: 'Yes', it: 'Sì' }, false: { en: 'No', it: 'No' } },
  input: z.strictObject({
    match: z
      .enum(['all', 'any'])
      .default('all')
      .meta(
        field({
          label: { en: 'Yes when', it: 'Sì quando' },
          values: {
            all: { en: 'all conditions hold', it: 'valgono tutte le condizioni' },
            any: { en: 'at least one holds', it: 'ne vale almeno una' },
          },
        }),
      ),
    conditions: z
      .array(
        z.strictObject({
          left: z.unknown().meta(field({ label: { en: 'Value', it: 'Valore' }, widget: 'reference' })),
          op: conditionOperatorSchema.meta(
            field({
              label: { en: 'Comparison', it: 'Confronto' },
              widget: 'condition-operator',
              values: operators,
            }),
          ),
          right: z
            .unknown()
            .optional()
            .meta(field({ label: { en: 'With', it: 'Con' } })),
        }),
      )
      .min(1)
      .max(20)
      .meta(field({ label: { en: 'Conditions', it: 'Condizioni' } })),
  }),
  output: z.object({
    result: z.boolean().meta(field({ label: { en: 'Result', it: 'Esito' } })),
  }),
  sample: { result: true },
  summary: (config, locale) => {
    const [first, ...rest] = (Array.isArray(config.conditions) ? config.conditions : []) as Record<
      string,
      Json
    >[];
    if (!first) return locale === 'it' ? 'Nessuna condizione' : 'No condition';
    // A run resolves what is missing to null; only a step still to be set up has no left side at all.
    if (first.left === undefined) return locale === 'it' ? 'Da configurare' : 'Not set up yet';
    const op = first.op as ConditionOperator;
    const right = unaryOperators.has(op) ? '' : ` ${String(first.right ?? '')}`;
    const more = rest.length > 0 ? ` +${rest.length}` : '';
    const comparison = operators[op]?.sign ?? operators[op]?.[locale] ?? '';
    return `${String(first.left ?? '')} ${comparison}${right}${more}`;
  },
});
