import * as z from 'zod';
import { defineBlock, field } from '../../core/block/define';

const values = {
  succeeded: { en: 'as succeeded', it: 'come riuscita' },
  failed: { en: 'as failed', it: 'come non riuscita' },
};

export const stopBlock = defineBlock({
  type: 'flow.stop',
  provider: 'flow',
  label: { en: 'Stop', it: 'Ferma' },
  description: { en: 'Ends the run here', it: 'Termina qui l’esecuzione' },
  icon: '■',
  sideEffect: 'none',
  handles: [],
  input: z.strictObject({
    status: z
      .enum(['succeeded', 'failed'])
      .default('succeeded')
      .meta(
        field({
          label: { en: 'End the run', it: 'Termina l’esecuzione' },
          hint: {
            en: 'The whole run ends, also from inside “For each”',
            it: 'Termina l’intera esecuzione, anche da dentro “Per ogni elemento”',
          },
          values,
        }),
      ),
    message: z
      .string()
      .max(2000)
      .optional()
      .meta(
        field({
          label: { en: 'Reason', it: 'Motivo' },
          hint: { en: 'Shown with the run', it: 'Mostrato con l’esecuzione' },
          widget: 'long-text',
        }),
      ),
  }),
  output: z.object({
    status: z
      .enum(['succeeded', 'failed'])
      .meta(field({ label: { en: 'How it ended', it: 'Esito' }, values })),
    message: z.string().meta(field({ label: { en: 'Reason', it: 'Motivo' } })),
  }),
  sample: { status: 'succeeded', message: '' },
  summary: (config, locale) => {
    const ending = config.status === 'failed' ? values.failed : values.succeeded;
    return config.message
      ? String(config.message)
      : `${locale === 'it' ? 'Termina' : 'Ends'} ${ending[locale]}`;
  },
});
