import type { ErrorRequestHandler, RequestHandler } from 'express';

/** Ends a request with a status and a code the pages have words for. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code);
    this.name = 'HttpError';
  }
}

/** Answers JSON for every error; what was not foreseen is logged and told as `internal`. */
export const answerError: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent) return next(error);
  const known = toHttpError(error);
  if (!known) console.error(error);
  res.status(known?.status ?? 500).json({ error: { code: known?.code ?? 'internal' } });
};

function toHttpError(error: unknown): HttpError | null {
  if (error instanceof HttpError) return error;
  const type = (error as { type?: string } | null)?.type;
  if (type === 'entity.too.large') return new HttpError(413, 'file_too_large');
  return type === 'entity.parse.failed' ? new HttpError(400, 'invalid_request') : null;
}

/** Changes come from our own pages only: a browser tells where a request was made. */
export const refuseOtherSites: RequestHandler = (req, _res, next) => {
  const site = req.get('sec-fetch-site');
  const isChange = req.method !== 'GET' && req.method !== 'HEAD';
  next(
    isChange && site !== undefined && site !== 'same-origin' ? new HttpError(403, 'forbidden') : undefined,
  );
};
