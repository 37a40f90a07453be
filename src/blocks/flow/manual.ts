import * as z from 'zod';
import { because, defineTrigger, field } from '../../core/block/define';
import { manualFieldSchema, manualPayloadSchema, manualSample, readManualFields } from './manual-fields';

/** Started by a person, from the builder or through the API. */
export const manual = defineTrigger({
  type: 'flow.manual',
  provider: 'flow',
  label: { en: 'Started by hand', it: 'Avvio manuale' },
  description: { en: 'Starts when a person runs it', it: 'Parte quando una persona lo esegue' },
  icon: '▶',
  input: z.strictObject({
    fields: z
      .array(manualFieldSchema)
      .max(40)
      .superRefine((fields, context) => {
        const names = fields.map(({ name }) => name);
        for (const [index, name] of names.entries()) {
          if (names.indexOf(name) === index) continue;
          const text = { en: 'another field has this name', it: 'un altro campo ha già questo nome' };
          context.addIssue({ code: 'custom', path: [index, 'name'], ...because(text) });
        }
      })
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
  // Without fields the payload is whatever the caller hands in.
  payloadFor: (config) => {
    const fields = readManualFields(config);
    if (fields.length === 0) return null;
    return { schema: manualPayloadSchema(fields), sample: manualSample(fields) };
  },
  summary: (config, locale) => {
    const count = Array.isArray(config.fields) ? config.fields.length : 0;
    if (count === 0) return locale === 'it' ? 'Nessun dato richiesto' : 'Asks for nothing';
    if (count === 1) return locale === 'it' ? 'Chiede un dato' : 'Asks for one value';
    return locale === 'it' ? `Chiede ${count} dati` : `Asks for ${count} values`;
  },
});
