import type { IssuedDocumentPaymentsListItem } from '@fattureincloud/fattureincloud-ts-sdk';
import * as z from 'zod';
import { implementBlock, type StepContext } from '../../core/block/implement';
import { done } from '../../core/block/outcome';
import { BlockError } from '../../core/errors';
import { readAnswer, toId } from './client.server';
import { dayOf, toDay } from './day';
import { type Document, documentSchema, getInvoice, type Payment, toInvoice } from './document.server';
import { failure } from './failure.server';
import { fattureInCloudServer } from './provider.server';
import { updateInvoiceStatus } from './update-invoice-status';

type Input = z.output<typeof updateInvoiceStatus.input>;

export const runUpdateInvoiceStatus = implementBlock(updateInvoiceStatus, {
  provider: fattureInCloudServer,
  run: async ({ input, client, step }) => {
    await client.pace('update', 2);
    const id = toId(input.invoiceId, 'invoiceId');
    const document = await getInvoice(client, id);
    const payments = document.payments_list ?? [];
    const isAlready = payments.every(({ status }) => settled(status, input.status));
    if (payments.length > 0 && isAlready) return done(toInvoice(document));
    refuseUnchangeable(document);
    // All of them, changed or not: whether the list is taken as a whole or in part is not said.
    const payments_list = payments.map((payment) => toPayment(payment, input, step));
    const answer = await client.documents.modifyIssuedDocument(client.companyId(), id, {
      data: { payments_list: payments_list as IssuedDocumentPaymentsListItem[] },
    });
    const changed = readAnswer(z.object({ data: documentSchema }), answer.data, 'invoice').data;
    return done(
      toInvoice({ ...document, ...changed, payments_list: changed.payments_list ?? payments_list }),
    );
  },
});

/** A reversed payment is neither to come nor come; it stays as it is. */
const settled = (status: Payment['status'], wanted: Input['status']): boolean =>
  status === 'reversed' || (status ?? 'not_paid') === wanted;

function toPayment(payment: Payment, input: Input, step: StepContext): Payment {
  if (settled(payment.status, input.status)) return payment;
  if (input.status === 'not_paid') return { ...payment, status: 'not_paid', paid_date: null };
  return {
    ...payment,
    status: 'paid',
    paid_date: input.paidDate ? toDay(input.paidDate, step.timeZone) : dayOf(step.now(), step.timeZone),
    payment_account: { id: toId(input.paymentAccount ?? '', 'paymentAccount') },
  };
}

function refuseUnchangeable({ locked, payments_list }: Document): void {
  if (locked) {
    const what =
      'has locked this invoice, so its payments cannot be changed from outside. Record the payment there, or unlock it';
    throw new BlockError(failure('terminal', 'invoice_locked', 'customer', what));
  }
  if ((payments_list ?? []).length > 0) return;
  const what = 'has no payments on this invoice that could be marked. Add its due date there, then run again';
  throw new BlockError(failure('terminal', 'payments_missing', 'customer', what));
}
