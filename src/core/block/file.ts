import * as z from 'zod';
import { field } from './define';

/**
 * A file as steps pass it on: where it can be had, never its bytes and never an address. It is opened when a step needs it, through the
 * company's own connection, so a link that expires or a token in it is never stored.
 */
export const fileRefSchema = z.strictObject({
  kind: z.literal('file').meta(field({ label: { en: 'Kind', it: 'Tipo' } })),
  /** Id of the provider that opens it. */
  provider: z
    .string()
    .min(1)
    .max(60)
    .meta(field({ label: { en: 'Kept by', it: 'Conservato da' } })),
  /** The provider's own name for it. */
  id: z
    .string()
    .min(1)
    .max(400)
    .meta(field({ label: { en: 'File id', it: 'Id del file' } })),
  filename: z
    .string()
    .min(1)
    .max(255)
    .meta(field({ label: { en: 'File name', it: 'Nome del file' } })),
  contentType: z
    .string()
    .min(1)
    .max(120)
    .meta(field({ label: { en: 'Format', it: 'Formato' } })),
});
export type FileRef = z.infer<typeof fileRefSchema>;

/** What a block that takes a file accepts: a reference, or the id of one of the host's documents. */
export const fileInputSchema = z.union([fileRefSchema, z.string().min(1).max(200)]);
export type FileInput = z.infer<typeof fileInputSchema>;

export interface FileContent {
  filename: string;
  contentType: string;
  bytes: Uint8Array;
}

/** What a card says of a file: its name, or the text that stands for it; empty where there is none yet. */
export function fileLabel(file: unknown): string {
  if (typeof file === 'string') return file;
  return fileRefSchema.safeParse(file).data?.filename ?? '';
}

export const fileRef = (file: Omit<FileRef, 'kind'>): FileRef => ({ kind: 'file', ...file });

/** A name safe to store and send: no folders, no control characters, its ending kept, 200 characters at most. */
export function safeFilename(name: string, fallback = 'file'): string {
  const plain = (name.split(/[\\/]/).at(-1) ?? '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
    .replace(/[\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069<>:"|?*]/g, '')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  if (plain === '') return fallback;
  const dot = plain.lastIndexOf('.');
  const ending = dot > 0 && plain.length - dot <= 12 ? plain.slice(dot) : '';
  return plain.length <= 200 ? plain : plain.slice(0, 200 - ending.length) + ending;
}
