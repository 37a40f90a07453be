import express, { type Request, type Response, Router } from 'express';
import { hasRole } from 'trama/core';
import * as z from 'zod';
import type { DocumentView, User } from '../../shared/types';
import type { Documents } from '../documents';
import type { Files, Rendition } from '../files';
import { HttpError } from '../http-error';
import { type Sessions, users } from '../people';
import type { StoredDocument } from '../store';

const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** The other form fields and the boundaries around them. */
const FORM_OVERHEAD_BYTES = 64 * 1024;

const fieldsSchema = z.object({
  title: z.string().trim().min(1).max(200),
  tags: z
    .string()
    .max(400)
    .transform((text) =>
      text
        .split(',')
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ''),
    ),
  cliente: z.string().trim().max(200),
  importo: z
    .string()
    .trim()
    .transform((text) => (text === '' ? null : Number(text)))
    .pipe(z.number().min(0).max(1e9).nullable()),
});
const signersSchema = z.object({
  signers: z
    .array(z.object({ name: z.string().trim().min(1).max(120), email: z.email().max(200) }))
    .min(1)
    .max(10),
});

/** Documents of the caller's company: upload, list, read, ask for signatures. */
export function documentRoutes(documents: Documents, files: Files, sessions: Sessions): Router {
  const requireEditor = (req: Request): User => {
    const user = sessions.requireUser(req);
    if (!hasRole(user.role, 'editor')) throw new HttpError(403, 'forbidden');
    return user;
  };
  const sendFile = (rendition: Rendition) => (req: Request<{ id: string }>, res: Response) => {
    const document = documents.get(sessions.requireUser(req).companyId, req.params.id);
    const file = rendition === 'original' ? document.file : document.signedFile;
    if (!file) throw new HttpError(404, 'not_found');
    sendPdf(res, files.pathOf(document.id, rendition), file.filename);
  };
  const upload = express.raw({ type: 'multipart/form-data', limit: MAX_FILE_BYTES + FORM_OVERHEAD_BYTES });

  return Router()
    .get('/documents', (req, res) => {
      const user = sessions.requireUser(req);
      res.json({ items: documents.list(user.companyId).map((document) => viewOf(document, user)) });
    })
    .post('/documents', upload, async (req, res) => {
      const user = requireEditor(req);
      const { file, ...fields } = await readForm(req);
      const { title, tags, cliente, importo } = parse(fieldsSchema, fields);
      const added = await documents.add(user.companyId, user.id, {
        ...file,
        title,
        tags,
        customFields: { cliente, importo },
      });
      res.status(201).json(viewOf(added, user));
    })
    .get('/documents/:id', (req, res) => {
      const user = sessions.requireUser(req);
      res.json(viewOf(documents.get(user.companyId, req.params.id), user));
    })
    .get('/documents/:id/file', sendFile('original'))
    .get('/documents/:id/signed-file', sendFile('signed'))
    .post('/documents/:id/signature-request', express.json(), (req, res) => {
      const user = requireEditor(req);
      const { signers } = parse(signersSchema, req.body);
      res.status(201).json(viewOf(documents.requestSignature(user.companyId, req.params.id, signers), user));
    });
}

/** Node reads multipart forms by itself: no parser is needed, only the size cap above. */
async function readForm(req: Request) {
  if (!Buffer.isBuffer(req.body)) throw new HttpError(415, 'unsupported_media_type');
  const headers = { 'content-type': req.get('content-type') ?? '' };
  const form = await new Response(new Uint8Array(req.body), { headers }).formData().catch(() => null);
  const file = form?.get('file');
  if (!form || !(file instanceof File)) throw new HttpError(400, 'invalid_request');
  if (file.size > MAX_FILE_BYTES) throw new HttpError(413, 'file_too_large');
  const text = (name: string) => String(form.get(name) ?? '');
  return {
    file: {
      filename: file.name.slice(0, 200) || 'documento.pdf',
      bytes: new Uint8Array(await file.arrayBuffer()),
    },
    title: text('title') || file.name.replace(/\.pdf$/i, ''),
    tags: text('tags'),
    cliente: text('cliente'),
    importo: text('importo'),
  };
}

function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new HttpError(400, 'invalid_request');
  return parsed.data;
}

/** A PDF shown in the page: never sniffed as anything else, never able to run anything. */
export function sendPdf(res: Response, path: string, filename: string): void {
  res.set({
    'content-type': 'application/pdf',
    'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent(filename)}`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  });
  res.sendFile(path);
}

function viewOf(document: StoredDocument, user: User): DocumentView {
  const {
    id,
    title,
    status,
    tags,
    customFields,
    file,
    signedFile,
    note,
    createdAt,
    completedAt,
    signatureRequest,
  } = document;
  const isEditor = hasRole(user.role, 'editor');
  return {
    ...{ id, title, status, tags, customFields, file, signedFile, note, createdAt, completedAt },
    createdBy: users.find((candidate) => candidate.id === document.createdBy)?.name ?? document.createdBy,
    signers: (signatureRequest?.signers ?? []).map(({ name, email, signedAt, token }) => ({
      name,
      email,
      status: signedAt ? 'signed' : 'pending',
      signedAt,
      link: isEditor ? `/sign/${token}` : null,
    })),
  };
}
