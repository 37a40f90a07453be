import * as z from 'zod';
import { defineBlock, field } from '../../core/block/define';
import { fileInputSchema, fileLabel } from '../../core/block/file';
import { documentOutput, isText } from './fields';

export const uploadDocument = defineBlock({
  type: 'doc-manager.upload-document',
  provider: 'doc-manager',
  label: { en: 'Upload document', it: 'Carica documento' },
  description: { en: 'Puts a file among your documents', it: 'Mette un file tra i tuoi documenti' },
  icon: '⇧',
  sideEffect: 'idempotent',
  input: z.strictObject({
    file: fileInputSchema.meta(
      field({
        label: { en: 'File', it: 'File' },
        hint: {
          en: 'A file an earlier step gives, or the id of a document: then its signed version, where there is one',
          it: 'Un file di un passo precedente, o l’id di un documento: allora la sua versione firmata, se c’è',
        },
        widget: 'reference',
      }),
    ),
    title: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta(
        field({
          label: { en: 'Title', it: 'Titolo' },
          hint: { en: 'Empty: the name of the file', it: 'Vuoto: il nome del file' },
        }),
      ),
    folder: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta(
        field({
          label: { en: 'Folder', it: 'Cartella' },
          hint: { en: 'Empty: where new documents go', it: 'Vuoto: dove vanno i documenti nuovi' },
          widget: 'remote-select',
          options: 'folders',
        }),
      ),
    tags: z
      .array(
        z
          .string()
          .min(1)
          .max(120)
          .meta(field({ label: { en: 'Tag', it: 'Etichetta' } })),
      )
      .max(50)
      .optional()
      .meta(field({ label: { en: 'Tags', it: 'Etichette' } })),
    customFields: z
      .record(
        z.string().min(1).max(120),
        z
          .unknown()
          .refine(isPlain, 'it must be a text, a number, yes or no, or empty')
          .meta(field({ label: { en: 'Value', it: 'Valore' } })),
      )
      .optional()
      .meta(field({ label: { en: 'Custom fields', it: 'Campi personalizzati' } })),
    externalId: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta(
        field({
          label: { en: 'External id', it: 'Id esterno' },
          hint: {
            en: 'What another system calls it, such as an invoice number',
            it: 'Come lo chiama un altro sistema, per esempio il numero di una fattura',
          },
        }),
      ),
  }),
  output: z.object({ document: documentOutput }),
  sample: { document: { id: 'doc_12', title: 'Fattura 41/2026', status: 'draft' } },
  preview: ({ file, title, folder }) => {
    const name = title ?? '';
    return {
      en: `Would upload ${fileLabel(file)}${name && ` as “${name}”`}${folder ? ` into the folder ${folder}` : ''}.`,
      it: `Caricherebbe ${fileLabel(file)}${name && ` come «${name}»`}${folder ? ` nella cartella ${folder}` : ''}.`,
    };
  },
  summary: ({ title, file }, locale) => {
    if (isText(title)) return title;
    return fileLabel(file) || (locale === 'it' ? 'File da scegliere' : 'Choose a file');
  },
});

function isPlain(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
