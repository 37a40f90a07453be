import * as z from 'zod';
import { defineTrigger, field } from '../../core/block/define';

/** Started by a person, from the builder or through the API. */
export const manual = defineTrigger({
  type: 'flow.manual',
  provider: 'flow',
  label: { en: 'Started by hand', it: 'Avvio manuale' },
  description: { en: 'Starts when a person runs it', it: 'Parte quando una persona lo esegue' },
  icon: '▶',
  input: z.strictObject({
    fields: z
      .array(
        z.strictObject({
          name: z
            .string()
            .regex(/^[A-Za-z_][A-Za-z0-9_]{0,59}$/, 'use letters, digits and _')
            .meta(field({ label: { en: 'Name', it: 'Nome' } })),
          type: z
            .enum(['text', 'number', 'date', 'boolean'])
            .default('text')
            .meta(
              field({
                label: { en: 'Kind', it: 'Tipo' },
                values: {
                  text: { en: 'Text', it: 'Testo' },
                  number: { en: 'Number', it: 'Numero' },
                  date: { en: 'Date', it: 'Data' },
                  boolean: { en: 'Yes or no', it: 'Sì o no' },
                },
              }),
            ),
          required: z
            .boolean()
            .default(false)
            .meta(field({ label: { en: 'Required', it: 'Obbligatorio' } })),
        }),
      )
      .max(40)
      .optional()
      .meta(
        field({
          label: { en: 'Asked at the start', it: 'Dati chiesti all’avvio' },
          hint: {
            en: 'What the person fills in to start a run',
            it: 'Ciò che la persona compila per avviare',
          },
        }),
      ),
  }),
  output: z.json(),
  sample: {},
  summary: (config, locale) => {
    const count = Array.isArray(config.fields) ? config.fields.length : 0;
    if (count === 0) return locale === 'it' ? 'Nessun dato richiesto' : 'Asks for nothing';
    return locale === 'it' ? `Chiede ${count} dati` : `Asks for ${count} values`;
  },
});
