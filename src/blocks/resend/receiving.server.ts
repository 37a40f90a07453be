import { isUnsent } from '../../core/block/call-failure';
import { type FileContent, safeFilename } from '../../core/block/file';
import { BlockError, type StepFailure } from '../../core/errors';
import type { ResendClient } from './client.server';
import { mapError, ResendError } from './failures.server';

/** Two calls a second are allowed to a team. */
export const CALL_INTERVAL_MS = 550;
/** Bytes of one file, the most `fetch` reads of an answer. */
const MAX_FILE_BYTES = 12 * 1024 * 1024;

/** Waits for an answer about a received email. @throws BlockError that speaks of reading, where `mapError` speaks of sending */
export async function receiving<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw new BlockError(readFailure(error), { cause: error });
  }
}

/** Reading changes nothing, so that all that may pass is tried again. */
function readFailure(error: unknown): StepFailure {
  const failure = mapError(error);
  if (isUnsent(error) || failure.kind === 'uncertain') {
    const message = 'Resend did not hand over the received email; it is asked again.';
    return { ...failure, kind: 'retry', message };
  }
  if (!(error instanceof ResendError) || failure.kind !== 'terminal') return failure;
  if (error.status === 404) {
    // The notice may be faster than the email behind it.
    const message = 'Resend does not know the received email or its attachment (yet); it is asked again.';
    return { ...failure, kind: 'retry', message, actor: 'provider' };
  }
  if (failure.code === 'restricted_api_key' || error.status === 403 || error.status === 401) {
    const message =
      'The application’s Resend key may not read received emails. The developer of this application must mend this: providers.resend.apiKey needs full access.';
    return { ...failure, message, actor: 'developer' };
  }
  const message = `Resend did not hand over the received email ("${failure.code}").`;
  return { ...failure, message, actor: 'developer' };
}

/** Opens an attachment of an email the step's own workflow received, by a link made now: links end after an hour. */
export async function openAttachment(client: ResendClient, id: string): Promise<FileContent> {
  const [, emailId = '', attachmentId = ''] = /^([\w-]{1,190})\/([\w-]{1,190})$/.exec(id) ?? [];
  if (emailId === '' || !(await client.hasReceived(emailId))) throw unknownFile();
  await client.pace('call', CALL_INTERVAL_MS);
  const { data } = await receiving(
    client.sdk.emails.receiving.attachments.get({ emailId, id: attachmentId }),
  );
  if (!data) throw unknownFile();
  if (data.size > MAX_FILE_BYTES) throw tooLarge(data.size);
  const bytes = await receiving(download(client.fetch, data.download_url));
  return { ...describeFile(data.filename, data.content_type), bytes };
}

/** Name and type of an attachment as they may be passed on: a sender writes there what he likes. */
export function describeFile(
  name: string | null | undefined,
  type: string | null | undefined,
): Omit<FileContent, 'bytes'> {
  const [plain = ''] = (type ?? '').toLowerCase().split(';');
  const isType = plain.length <= 120 && /^[a-z0-9.+-]+\/[a-z0-9.+-]+\s*$/.test(plain);
  return {
    filename: safeFilename(name ?? '', 'attachment'),
    contentType: isType ? plain.trim() : 'application/octet-stream',
  };
}

async function download(fetch: ResendClient['fetch'], url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  await response.body?.cancel();
  // A link that has ended (403) is replaced by the next attempt's.
  const isPassing = response.status >= 500 || response.status === 429 || response.status === 403;
  const message = `The attachment could not be fetched from Resend (${response.status}).`;
  throw new BlockError({
    ...{ kind: isPassing ? 'retry' : 'terminal', code: 'attachment_unavailable', message },
    ...{ actor: 'provider', providerStatus: response.status },
  });
}

function unknownFile(): BlockError {
  const message =
    'The attachment is an example, or does not belong to an email this workflow received, so it was not opened. Choose a file the trigger gives, and send an email.';
  return new BlockError({ kind: 'terminal', code: 'file_unknown', message, actor: 'customer' });
}

function tooLarge(size: number): BlockError {
  const message = `The attachment has ${size} bytes; at most ${MAX_FILE_BYTES} can be passed on. Ask for a smaller file.`;
  return new BlockError({ kind: 'terminal', code: 'file_too_large', message, actor: 'customer' });
}
