import type { AnyExecutor, AnyProvider } from '../core/block/implement';
import { runArchiveDocument } from './doc-manager/archive-document.server';
import { docManagerServer } from './doc-manager/provider.server';
import { runRequestSignature } from './doc-manager/request-signature.server';
import { runUpdateStatus } from './doc-manager/update-status.server';
import { runUploadDocument } from './doc-manager/upload-document.server';
import { runCreateInvoice } from './fatture-in-cloud/create-invoice.server';
import { runListInvoices } from './fatture-in-cloud/list-invoices.server';
import { fattureInCloudServer } from './fatture-in-cloud/provider.server';
import { runSendInvoicePdf } from './fatture-in-cloud/send-invoice-pdf.server';
import { runUpdateInvoiceStatus } from './fatture-in-cloud/update-invoice-status.server';
import { runApproval } from './flow/approval.server';
import { runIf, runLoop, runStop } from './flow/executors';
import { flowServer } from './flow/provider.server';
import { runWait } from './flow/wait.server';
import type { actions } from './index';
import { resendServer } from './resend/client.server';
import { runInboundEmail } from './resend/inbound-email.server';
import { runSendEmail } from './resend/send-email.server';
import { slackServer } from './slack/client.server';
import { runNotifyStatus } from './slack/notify-status.server';
import { runReplyInThread } from './slack/reply-in-thread.server';
import { runSendMessage } from './slack/send-message.server';
import { runUploadFile } from './slack/upload-file.server';

type ActionType = (typeof actions)[number]['type'];
/** Triggers that make what was announced whole. */
type CompletingTrigger = 'resend.inbound-email';

/** The executor of every built-in action, and of every trigger that needs one. A block without one does not compile. */
export const executors = {
  'flow.if': runIf,
  'flow.loop': runLoop,
  'flow.wait': runWait,
  'flow.approval': runApproval,
  'flow.stop': runStop,
  'doc-manager.upload-document': runUploadDocument,
  'doc-manager.request-signature': runRequestSignature,
  'doc-manager.update-status': runUpdateStatus,
  'doc-manager.archive-document': runArchiveDocument,
  'slack.send-message': runSendMessage,
  'slack.reply-in-thread': runReplyInThread,
  'slack.upload-file': runUploadFile,
  'slack.notify-status': runNotifyStatus,
  'fatture-in-cloud.create-invoice': runCreateInvoice,
  'fatture-in-cloud.update-invoice-status': runUpdateInvoiceStatus,
  'fatture-in-cloud.send-invoice-pdf': runSendInvoicePdf,
  'fatture-in-cloud.list-invoices': runListInvoices,
  'resend.send-email': runSendEmail,
  'resend.inbound-email': runInboundEmail,
} satisfies Record<ActionType | CompletingTrigger, AnyExecutor>;

/** The server half of every provider that has one. */
export const providerImplementations: readonly AnyProvider[] = [
  flowServer,
  docManagerServer,
  slackServer,
  fattureInCloudServer,
  resendServer,
];
