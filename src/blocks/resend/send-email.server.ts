import type { FileContent, FileInput } from '../../core/block/file';
import { safeFilename } from '../../core/block/file';
import { implementBlock, type StepContext } from '../../core/block/implement';
import { done } from '../../core/block/outcome';
import { BlockError } from '../../core/errors';
import { resendServer } from './client.server';
import { RUN_HEADER } from './provider';
import { CALL_INTERVAL_MS } from './receiving.server';
import { sendEmail } from './send-email';

/** Resend forgets a key after 24 hours; an hour less allows for clocks and for the call itself. */
const KEY_LIFETIME_MS = 23 * 3_600_000;
/** With the third that encoding adds, what most mailboxes take (25 MB). */
const MAX_ATTACHED_BYTES = 18 * 1024 * 1024;

export const runSendEmail = implementBlock(sendEmail, {
  provider: resendServer,
  timeoutMs: 60_000,
  run: async ({ input, client: { sdk, from, pace }, step, openFile }) => {
    if (step.attempt > 1 && !isKeyKept(step)) throw keyForgotten();
    const sender = senderOf(from, input.senderName);
    const { to, cc, bcc, replyTo, text, html } = input;
    const subject = input.subject.replace(/\s+/g, ' ').trim();
    const attachments = await openAll(input.attachments ?? [], openFile);
    await pace('call', CALL_INTERVAL_MS);
    const { data } = await sdk.emails.send(
      {
        ...{ from: sender, to, subject },
        ...(cc ? { cc } : {}),
        ...(bcc ? { bcc } : {}),
        ...(replyTo ? { replyTo } : {}),
        ...(attachments.length > 0 ? { attachments } : {}),
        // RFC 3834: what answers by itself does not answer this. Of a repeated email Resend compares every word, so that a retry says the same.
        headers: { 'Auto-Submitted': 'auto-generated', [RUN_HEADER]: step.effectKey },
        ...bodyOf(text, html),
      },
      { idempotencyKey: step.effectKey, signal: step.signal },
    );
    return done({ id: data?.id, to, subject });
  },
  /** While Resend knows the key, sending again finds out: it answers with the first email's id and sends nothing. */
  recover: async ({ step }) => (isKeyKept(step) ? { happened: false } : { happened: 'unknown' }),
});

const isKeyKept = ({ now, firstAttemptAt }: StepContext): boolean => now() - firstAttemptAt < KEY_LIFETIME_MS;

/** The SDK's types want one of the two by name. */
const bodyOf = (text: string | undefined, html: string | undefined) =>
  html === undefined ? { text: text ?? '' } : { html, ...(text === undefined ? {} : { text }) };

function senderOf(from: string | null, name: string | undefined): string {
  if (!from) {
    const message =
      'The application chose no sender, so the email was not sent. Pass providers.resend.from to createWorkflowServer.';
    throw new BlockError({ kind: 'terminal', code: 'sender_missing', message, actor: 'developer' });
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these would begin another header
  const shown = (name ?? '').replace(/[\u0000-\u001f\u007f"\\<>]/g, ' ').trim();
  return shown === '' ? from : `"${shown}" <${/<([^<>]+)>$/.exec(from)?.[1] ?? from}>`;
}

/** One after the other: together they are held in memory, and no more than what may be sent. */
async function openAll(files: readonly FileInput[], openFile: (file: FileInput) => Promise<FileContent>) {
  const attachments: { filename: string; content: string; contentType: string }[] = [];
  let size = 0;
  for (const file of files) {
    const { filename, contentType, bytes } = await openFile(file);
    size += bytes.byteLength;
    if (size > MAX_ATTACHED_BYTES) throw tooLarge();
    const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    attachments.push({ filename: safeFilename(filename), content, contentType });
  }
  return attachments;
}

function tooLarge(): BlockError {
  const message = `The attachments have more than ${MAX_ATTACHED_BYTES / 1024 / 1024} MB together, so the email was not sent. Send fewer, or a link.`;
  return new BlockError({
    kind: 'terminal',
    code: 'attachments_too_large',
    message,
    actor: 'customer',
    path: 'attachments',
  });
}

/** An earlier attempt may have sent it, and by now nobody would notice a second email. */
function keyForgotten(): BlockError {
  const message =
    'The first attempt at this email was about a day ago: Resend would no longer recognise a repeated one. Look there whether it was sent.';
  return new BlockError({ kind: 'uncertain', code: 'key_forgotten', message, actor: 'customer' });
}
