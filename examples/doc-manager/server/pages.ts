import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { Router } from 'express';

/** No script but our own, and none made at run time: Trama's components work under it. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The built pages. Any address that is no file is the single page, which reads the address itself. */
export function pages(folder: string): Router {
  const page = join(folder, 'index.html');
  if (!existsSync(page))
    throw new Error(`The pages are not built (${page} is missing). Run "npm start", which builds them.`);
  return Router()
    .use('/assets', express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y' }))
    .use(express.static(folder, { index: false }))
    .get('/{*path}', (_req, res) => {
      // A signing link is a secret: no address of ours travels to another site.
      res.set({
        'content-security-policy': contentSecurityPolicy,
        'referrer-policy': 'same-origin',
        'cache-control': 'no-cache',
      });
      res.sendFile(page);
    });
}
