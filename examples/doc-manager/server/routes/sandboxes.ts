import express, { type RequestHandler, type Response, Router } from 'express';
import { hasRole } from 'trama/core';
import type {
  FakeEmail,
  FakeFattureInCloud,
  FakeFicDocument,
  FakeResend,
  FakeSlack,
  FakeSlackMessage,
} from 'trama/testing';
import type {
  InvoicesView,
  InvoiceView,
  MailsView,
  MailView,
  SlackMessageView,
  SlackView,
} from '../../shared/types';
import { HttpError } from '../http-error';
import { createSampleContract } from '../pdf';
import { companies, companyOf, type Sessions, senderOf } from '../people';
import { type Sandboxes, sandboxInbound, teamIdOf } from '../sandboxes';

/** What the sandbox pages show: messages, invoices and emails as they arrived at the fakes. And what people do at the provider itself. */
export function sandboxRoutes(sandboxes: Sandboxes, sessions: Sessions, emailHook: string): Router {
  const router = Router();
  const { slack, resend, 'fatture-in-cloud': fic } = sandboxes;
  if (slack) router.use('/sandbox/slack', slackRoutes(slack, sessions));
  if (fic) router.use('/sandbox/fatture-in-cloud', invoiceRoutes(fic, sessions));
  if (resend) router.use('/sandbox/resend', mailRoutes(resend, sessions, emailHook));
  router.post('/sandbox/:name/revoke', (req, res) => {
    const user = sessions.requireUser(req);
    const sandbox = { slack, 'fatture-in-cloud': fic }[req.params.name];
    if (!sandbox) throw new HttpError(404, 'not_found');
    if (!hasRole(user.role, 'admin')) throw new HttpError(403, 'forbidden');
    sandbox.revokeTokens();
    res.json({});
  });
  return router;
}

const slackRoutes = (slack: FakeSlack, sessions: Sessions): Router =>
  Router()
    .get('/', (req, res) => {
      const view: SlackView = {
        teams: [...slack.teams],
        ownTeamId: teamIdOf(sessions.requireUser(req).companyId),
        channels: slack.channels
          .filter(({ isArchived }) => !isArchived)
          .map(({ id, teamId, name, isPrivate }) => ({ id, teamId, name, isPrivate })),
        messages: slack.messages.map((message) => messageView(slack, message)),
      };
      res.json(view);
    })
    .get('/files/:id', (req, res) => {
      sessions.requireUser(req);
      const file = slack.files.find(({ id }) => id === req.params.id);
      sendFile(res, file?.filename, slack.bytesOf(req.params.id));
    });

const messageView = (slack: FakeSlack, message: FakeSlackMessage): SlackMessageView => {
  const { teamId, channelId, ts, text, fileIds, threadTs } = message;
  const files = slack.files.filter(({ id }) => fileIds.includes(id));
  return {
    ...{ teamId, channelId, ts, text },
    isReply: threadTs !== null && threadTs !== ts,
    files: files.map(({ id, title }) => ({ id, name: title, isKept: slack.bytesOf(id) !== undefined })),
  };
};

const invoiceRoutes = (fic: FakeFattureInCloud, sessions: Sessions): Router =>
  Router()
    .get('/', (req, res) => {
      const view: InvoicesView = {
        companies: companies.map(({ ficId, name }) => ({ id: ficId, name })),
        ownCompanyId: companyOf(sessions.requireUser(req)).ficId,
        invoices: fic.documents.map((document) => invoiceView(fic, document)).reverse(),
      };
      res.json(view);
    })
    .get('/:id/pdf', (req, res) => {
      sessions.requireUser(req);
      sendFile(res, 'fattura.pdf', fic.pdfOf(Number(req.params.id)));
    });

const invoiceView = (fic: FakeFattureInCloud, document: FakeFicDocument): InvoiceView => ({
  id: document.id,
  companyId: document.companyId,
  number: `${document.number}${document.numeration}`,
  date: document.date,
  client: document.entity.name,
  lines: document.items_list.map(({ name }) => String(name ?? '')),
  net: document.amount_net,
  gross: document.amount_gross,
  dueDate: document.payments_list.find(({ status }) => status === 'not_paid')?.due_date ?? null,
  isPaid: document.payments_list.every(({ status }) => status === 'paid'),
  sentTo: fic.emails
    .filter(({ documentId }) => documentId === document.id)
    .map(({ recipient_email }) => recipient_email),
});

const mailRoutes = (resend: FakeResend, sessions: Sessions, emailHook: string): Router =>
  Router()
    .get('/', (req, res) => {
      const own = senderOf(sessions.requireUser(req).companyId).replace(/^.*<|>$/g, '');
      const mails = resend.emails.filter(({ from }) => from.includes(own));
      const view: MailsView = { mails: mails.map(mailView).reverse() };
      res.json(view);
    })
    .post('/inbox', express.json(), receiveEmail(resend, sessions, emailHook))
    .get('/:id/attachments/:index', (req, res) => {
      sessions.requireUser(req);
      const email = resend.emails.find(({ id }) => id === req.params.id);
      const attachment = email?.attachments[Number(req.params.index)];
      sendFile(res, attachment?.filename, attachment?.content);
    });

/** Somebody outside writes to the address of a workflow: the email lies at Resend, whose notice reaches the workflows' server. */
const receiveEmail =
  (resend: FakeResend, sessions: Sessions, url: string): RequestHandler =>
  async (req, res) => {
    sessions.requireUser(req);
    const { from, to, subject, text, hasFile } = (req.body ?? {}) as Record<string, unknown>;
    const texts = [from, to, subject, text];
    if (!texts.every((value) => typeof value === 'string' && value.length <= 2_000))
      throw new HttpError(400, 'invalid_request');
    const [sender, address, about, body] = texts as [string, string, string, string];
    const attachments = hasFile === true ? [await samplePdf()] : [];
    const email = resend.receive({ from: sender, to: [address], subject: about, text: body, attachments });
    const answer = await resend.notify(email, { url, secret: sandboxInbound.webhookSecret });
    if (!answer.ok) throw new HttpError(502, 'unavailable');
    res.status(201).json({});
  };

async function samplePdf() {
  const content = await createSampleContract('Allegato', ['Una prova, come la manderebbe un cliente.']);
  return { filename: 'allegato.pdf', contentType: 'application/pdf', content };
}

const mailView = ({
  id,
  from,
  to,
  cc,
  subject,
  text,
  html,
  createdAt,
  attachments,
}: FakeEmail): MailView => ({
  ...{ id, from, to, cc, subject, text, html, createdAt },
  attachments: attachments.map(({ filename }) => filename),
});

/** Whatever a workflow sent is handed out as a download, never shown as a page of ours. */
function sendFile(res: Response, filename: string | undefined, bytes: Uint8Array | undefined): void {
  if (!filename || !bytes) throw new HttpError(404, 'not_found');
  res.attachment(filename).set('x-content-type-options', 'nosniff').send(Buffer.from(bytes));
}
