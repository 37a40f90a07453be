import { fileRef } from '../../core/block/file';
import { implementTrigger } from '../../core/block/implement';
import { done, type Outcome, stop } from '../../core/block/outcome';
import { BlockError } from '../../core/errors';
import { jsonBytes } from '../../core/json';
import { whyToPassOver } from './automatic.server';
import { resendServer } from './client.server';
import { textOfHtml } from './html-text.server';
import { inboundEmail } from './inbound-email';
import { CALL_INTERVAL_MS, describeFile, receiving } from './receiving.server';

/** More would not be an email to file one by one. */
const MAX_ATTACHMENTS = 50;
/** Bytes as JSON; with all the rest well under what a step may give. */
const MAX_TEXT_BYTES = 64 * 1024;
const MAX_HTML_BYTES = 112 * 1024;
/** Characters of HTML that are looked through for text. */
const READ_HTML_CHARS = 1_000_000;

/** Fetches what the notice of an email leaves out: its headers, which may say not to go on, its text and its attachments. */
export const runInboundEmail = implementTrigger(inboundEmail, {
  provider: resendServer,
  complete: async ({ input: { announced, config }, client: { sdk, pace }, step }): Promise<Outcome> => {
    await pace('call', CALL_INTERVAL_MS);
    const { data } = await receiving(
      // Images stay attachments; as `data:` addresses they would stand in the text.
      sdk.emails.receiving.get(announced.emailId, { html_format: 'cid' }, { signal: step.signal }),
    );
    const reason = whyToPassOver(data?.headers ?? {}, config);
    if (reason) return stop('succeeded', reason);
    const html = data?.html ?? '';
    const text = data?.text || textOfHtml(html.slice(0, READ_HTML_CHARS));
    const files = filesOf(announced.emailId, data?.attachments ?? []);
    const [shortText, shortHtml] = [shorten(text, MAX_TEXT_BYTES), shorten(html, MAX_HTML_BYTES)];
    const isShortened = shortText !== text || shortHtml !== html;
    return done({ ...announced, text: shortText, html: shortHtml, isShortened, ...files });
  },
});

interface Attachment {
  id: string;
  filename?: string | null;
  content_type?: string | null;
  content_disposition?: string | null;
  content_id?: string | null;
}

/** References, opened when a step needs them: links to the files end after an hour. A logo in a signature is no attachment. */
function filesOf(emailId: string, attachments: readonly Attachment[]) {
  if (attachments.length > MAX_ATTACHMENTS) throw tooMany(attachments.length);
  const isImage = ({ content_type: type, content_disposition: place, content_id: id }: Attachment) =>
    place === 'inline' && Boolean(id) && /^image\//i.test(type ?? '');
  const toFile = ({ id, filename, content_type: type }: Attachment) =>
    fileRef({ provider: resendServer.provider.id, id: `${emailId}/${id}`, ...describeFile(filename, type) });
  return {
    attachments: attachments.filter((file) => !isImage(file)).map(toFile),
    images: attachments.filter(isImage).map(toFile),
  };
}

function shorten(text: string, limit: number): string {
  let short = text;
  for (let size = jsonBytes(short); size > limit; size = jsonBytes(short))
    short = short.slice(0, Math.floor((short.length * limit) / size) - 1);
  return short;
}

function tooMany(count: number): BlockError {
  const message = `The email has ${count} attachments; at most ${MAX_ATTACHMENTS} are taken in. Ask for it in several emails, or as one archive.`;
  return new BlockError({ kind: 'terminal', code: 'attachments_too_many', message, actor: 'customer' });
}
