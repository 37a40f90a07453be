import type { AnyBlock } from '../core/block/define';
import type { ProviderDefinition } from '../core/block/provider';
import { archiveDocument } from './doc-manager/archive-document';
import { documentCompleted } from './doc-manager/document-completed';
import { docManager } from './doc-manager/provider';
import { requestSignature } from './doc-manager/request-signature';
import { updateStatus } from './doc-manager/update-status';
import { uploadDocument } from './doc-manager/upload-document';
import { createInvoice } from './fatture-in-cloud/create-invoice';
import { listInvoices } from './fatture-in-cloud/list-invoices';
import { fattureInCloud } from './fatture-in-cloud/provider';
import { sendInvoicePdf } from './fatture-in-cloud/send-invoice-pdf';
import { updateInvoiceStatus } from './fatture-in-cloud/update-invoice-status';
import { approval } from './flow/approval';
import { ifBlock } from './flow/if';
import { loop } from './flow/loop';
import { manual } from './flow/manual';
import { flow } from './flow/provider';
import { schedule } from './flow/schedule';
import { stopBlock } from './flow/stop';
import { waitBlock } from './flow/wait';
import { inboundEmail } from './resend/inbound-email';
import { resend } from './resend/provider';
import { sendEmail } from './resend/send-email';
import { notifyStatus } from './slack/notify-status';
import { slack } from './slack/provider';
import { replyInThread } from './slack/reply-in-thread';
import { sendMessage } from './slack/send-message';
import { uploadFile } from './slack/upload-file';

/** Every block that acts; `blocks/server.ts` must implement each, or it does not compile. */
export const actions = [
  ifBlock,
  loop,
  waitBlock,
  approval,
  stopBlock,
  uploadDocument,
  requestSignature,
  updateStatus,
  archiveDocument,
  sendMessage,
  replyInThread,
  uploadFile,
  notifyStatus,
  createInvoice,
  updateInvoiceStatus,
  sendInvoicePdf,
  listInvoices,
  sendEmail,
] as const;

export const triggers = [manual, schedule, documentCompleted, inboundEmail] as const;

/** The built-in blocks, definitions only: safe in a browser. */
export const blocks: readonly AnyBlock[] = [...triggers, ...actions];

/** The built-in providers, in the order the palette shows them. */
export const providers: readonly ProviderDefinition[] = [flow, docManager, slack, fattureInCloud, resend];
