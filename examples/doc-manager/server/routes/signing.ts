import express, { Router } from 'express';
import type { SigningView } from '../../shared/types';
import type { Documents } from '../documents';
import type { Files } from '../files';
import { HttpError } from '../http-error';
import { companies } from '../people';
import { sendPdf } from './documents';

/** The signer's side: no session, the secret in the address is the key. Opening the page changes nothing; signing is a POST. */
export function signingRoutes(documents: Documents, files: Files): Router {
  const view = (token: string): SigningView => {
    const { document, signer } = documents.findBySigningToken(token);
    return {
      title: document.title,
      companyName: companies.find(({ id }) => id === document.companyId)?.name ?? '',
      signerName: signer.name,
      message: document.signatureRequest?.message ?? null,
      status: signer.signedAt ? 'signed' : 'pending',
      signedAt: signer.signedAt,
      isCompleted: document.completedAt !== null,
    };
  };

  return Router()
    .get('/sign/:token', (req, res) => void res.json(view(req.params.token)))
    .get('/sign/:token/file', (req, res) => {
      const { document } = documents.findBySigningToken(req.params.token);
      sendPdf(res, files.pathOf(document.id, 'original'), document.file.filename);
    })
    .get('/sign/:token/signed-file', (req, res) => {
      const { document } = documents.findBySigningToken(req.params.token);
      if (!document.signedFile) throw new HttpError(404, 'not_found');
      sendPdf(res, files.pathOf(document.id, 'signed'), document.signedFile.filename);
    })
    .post('/sign/:token', express.json(), async (req, res) => {
      const { name } = (req.body ?? {}) as { name?: unknown };
      if (typeof name !== 'string' || name.trim() === '' || name.length > 120)
        throw new HttpError(400, 'name_needed');
      await documents.sign(req.params.token, name.trim());
      res.json(view(req.params.token));
    });
}
