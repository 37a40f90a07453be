import type { FileContent } from '../../core/block/file';
import { BlockError } from '../../core/errors';
import { type FicClient, toId } from './client.server';
import { getInvoice, toInvoice } from './document.server';
import { failure, refusedCall, unansweredCall } from './failure.server';

/** No token goes to the files' host: the address itself is the permission. */
const call = { isRepeatable: true, token: '' };

/** An invoice's PDF. Its address expires, so it is asked for anew and used at once. */
export async function openInvoicePdf(client: FicClient, id: string): Promise<FileContent> {
  await client.pace('file', 2);
  const document = await getInvoice(client, toId(id, ''));
  const { url } = document;
  if (!url || !URL.canParse(url)) {
    const what = 'has no PDF of this invoice yet; it is asked for again';
    throw new BlockError(failure('retry', 'pdf_missing', 'provider', what));
  }
  const { filename } = toInvoice(document).pdf;
  const bytes = await download(client, url);
  if (isPdf(bytes)) return { filename, contentType: 'application/pdf', bytes };
  const what = 'gave something else in place of the invoice’s PDF; it is asked for again';
  throw new BlockError(failure('retry', 'pdf_unreadable', 'provider', what));
}

async function download(client: FicClient, url: string): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await client.download(url);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw unansweredCall(call, error);
  }
  await response.body?.cancel();
  // An address that expired between the two calls is not the customer's mistake.
  if (response.status === 403 || response.status === 404 || response.status === 410)
    throw new BlockError(
      failure(
        'retry',
        'pdf_expired',
        'provider',
        'no longer gives the PDF under the address it named; it is asked for again',
      ),
    );
  throw refusedCall(call, { status: response.status, headers: response.headers, body: '' });
}

/** By its first bytes: what a storage host says of a type is often `application/octet-stream`. */
const isPdf = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-';
