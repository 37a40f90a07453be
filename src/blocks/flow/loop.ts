import * as z from 'zod';
import { defineBlock, field } from '../../core/block/define';

export const loop = defineBlock({
  type: 'flow.loop',
  provider: 'flow',
  label: { en: 'For each', it: 'Per ogni elemento' },
  description: {
    en: 'Repeats its steps for every item of a list',
    it: 'Ripete i passi per ogni elemento di una lista',
  },
  icon: '↻',
  sideEffect: 'none',
  handles: ['each', 'done'],
  handleLabels: { each: { en: 'For each', it: 'Per ogni' }, done: { en: 'Then', it: 'Poi' } },
  bodyHandle: 'each',
  passHandle: 'done',
  input: z.strictObject({
    items: z.array(z.json()).meta(
      field({
        label: { en: 'List', it: 'Lista' },
        hint: { en: 'A list from an earlier step', it: 'Una lista di un passo precedente' },
        widget: 'reference',
      }),
    ),
    collect: z
      .string()
      .optional()
      .meta(
        field({
          label: { en: 'Keep from each item', it: 'Da conservare per ogni elemento' },
          hint: {
            en: 'Empty: what the last step inside gives',
            it: 'Vuoto: ciò che dà l’ultimo passo interno',
          },
          deferred: true,
        }),
      ),
    onItemError: z
      .enum(['fail', 'continue'])
      .default('fail')
      .meta(
        field({
          label: { en: 'When an item fails', it: 'Se un elemento non riesce' },
          values: {
            fail: { en: 'stop', it: 'ferma' },
            continue: { en: 'count it and go on', it: 'contalo e prosegui' },
          },
        }),
      ),
  }),
  output: z.object({
    count: z.int().meta(field({ label: { en: 'Items', it: 'Elementi' } })),
    results: z.array(z.json()).meta(field({ label: { en: 'Results', it: 'Risultati' } })),
    failed: z.int().meta(field({ label: { en: 'Failed', it: 'Non riusciti' } })),
  }),
  sample: { count: 2, results: [], failed: 0 },
  summary: (config, locale) => String(config.items ?? (locale === 'it' ? 'Nessuna lista' : 'No list')),
});
