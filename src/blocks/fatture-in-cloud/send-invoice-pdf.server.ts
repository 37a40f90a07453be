import * as z from 'zod';
import { implementBlock } from '../../core/block/implement';
import { done } from '../../core/block/outcome';
import { BlockError } from '../../core/errors';
import { type FicClient, readAnswer, toId } from './client.server';
import { failure } from './failure.server';
import { fattureInCloudServer } from './provider.server';
import { sendInvoicePdf } from './send-invoice-pdf';

/** Fatture in Cloud's own placeholder for the buttons; it fills it in when the email goes out. */
const BUTTONS = '{{allegati}}';

export const runSendInvoicePdf = implementBlock(sendInvoicePdf, {
  provider: fattureInCloudServer,
  run: async ({ input, client }) => {
    await client.pace('send', 2);
    const id = toId(input.invoiceId, 'invoiceId');
    const usual = await readEmailData(client, id);
    const recipients = readRecipients(input.to || usual.recipient_email || '');
    const subject = input.subject || usual.subject || '';
    const data = {
      ...senderOf(usual),
      recipient_email: recipients.join(','),
      subject,
      body: input.body ? toHtml(input.body) : (usual.body ?? BUTTONS),
      include: { document: true, delivery_note: false, attachment: false, accompanying_invoice: false },
      attach_pdf: input.attachPdf,
      send_copy: input.sendCopy,
    };
    await client.documents.scheduleEmail(client.companyId(), id, { data });
    return done({ invoiceId: String(id), recipients, subject });
  },
});

const emailDataSchema = z.object({
  data: z.object({
    recipient_email: z.string().nullish(),
    default_sender_email: z.object({ id: z.number().nullish(), email: z.string().nullish() }).nullish(),
    subject: z.string().nullish(),
    body: z.string().nullish(),
  }),
});
type EmailData = z.output<typeof emailDataSchema>['data'];

async function readEmailData(client: FicClient, id: number): Promise<EmailData> {
  const answer = await client.documents.getEmailData(client.companyId(), id);
  return readAnswer(emailDataSchema, answer.data, 'email').data;
}

/** The usual sender has the id 0. */
function senderOf({
  default_sender_email: sender,
}: EmailData): { sender_id: number } | { sender_email: string } {
  return typeof sender?.id !== 'number' && sender?.email
    ? { sender_email: sender.email }
    : { sender_id: sender?.id ?? 0 };
}

function readRecipients(text: string): string[] {
  const addresses = text.split(/[,;\s]+/).filter((address) => address !== '');
  if (addresses.length === 0) {
    const what =
      'has no email address of this client. Write one into the step, or add it to the client there';
    throw new BlockError({ ...failure('terminal', 'recipient_missing', 'customer', what), path: 'to' });
  }
  const wrong = addresses.find((address) => !z.email().safeParse(address).success);
  if (wrong === undefined) return addresses;
  const what = `cannot send to "${wrong.slice(0, 80)}", which is no email address. Correct it, then run again`;
  throw new BlockError({ ...failure('terminal', 'recipient_invalid', 'customer', what), path: 'to' });
}

/** A text as a person writes it, with the buttons at its end unless they have a place in it. */
function toHtml(text: string): string {
  const html = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\r?\n/g, '<br>');
  return html.includes(BUTTONS) ? html : `${html}<br><br>${BUTTONS}`;
}
