import * as z from 'zod';
import { field } from '../../core/block/define';
import { documentSchema } from './document';

/** The document a step is about: nearly always one an earlier step or the trigger gives. */
export const documentIdField = z
  .string()
  .min(1)
  .max(200)
  .meta(field({ label: { en: 'Document', it: 'Documento' }, widget: 'reference' }));

export const documentOutput = documentSchema.meta(field({ label: { en: 'Document', it: 'Documento' } }));

export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
