/**
 * A new invoice, once.
 *
 * 1. What Fatture in Cloud fills in by itself only on its own pages is read: the client's data, the company's usual VAT, payment method,
 *    withholding tax and social security.
 * 2. Fatture in Cloud computes the totals; the payment is what is due of them, to the cent.
 * 3. The invoice is made, with the step's mark in its internal subject.
 *
 * An attempt whose end nobody saw is never made again before it was looked for by that mark.
 */
import type { CreateIssuedDocumentRequest, IssuedDocument } from '@fattureincloud/fattureincloud-ts-sdk';
import * as z from 'zod';
import { implementBlock, type RunArgument } from '../../core/block/implement';
import { done } from '../../core/block/outcome';
import { type FicClient, readAnswer } from './client.server';
import type { CreateInvoiceInput } from './create-invoice';
import { createInvoice } from './create-invoice';
import { documentSchema, toInvoice } from './document.server';
import { draftInvoice } from './draft-invoice.server';
import { lookForInvoice } from './look-for-invoice.server';
import { toCents } from './money';
import { fattureInCloudServer } from './provider.server';

type Argument = RunArgument<CreateInvoiceInput, FicClient>;

export const runCreateInvoice = implementBlock(createInvoice, {
  provider: fattureInCloudServer,
  timeoutMs: 60_000,
  run: async (argument) => {
    const { client, step } = argument;
    await client.pace('create', 4);
    const { document, due } = await draftInvoice(argument);
    const payment = { ...due, amount: await amountDue(client, document), status: 'not_paid' as const };
    const request: CreateIssuedDocumentRequest = {
      data: { ...document, subject: markOf(step), payments_list: [payment] },
      // Should the totals have changed in between, the payment follows them.
      options: { fix_payments: true },
    };
    const answer = await client.documents.createIssuedDocument(client.companyId(), request);
    return done(
      toInvoice(readAnswer(z.object({ data: documentSchema }), answer.data, 'invoice', false).data),
    );
  },
  recover: ({ client, step, input }) => lookForInvoice(client, { mark: markOf(step), input, step }),
});

/** Found again by it. The internal subject is never printed. */
const markOf = ({ effectKey }: Argument['step']): string => `trama:${effectKey}`;

const totalsSchema = z.object({
  data: z.object({ amount_due: z.number().nullish(), amount_gross: z.number().nullish() }),
});

/** Less than the total where tax is withheld. */
async function amountDue(client: FicClient, document: IssuedDocument): Promise<number> {
  const answer = await client.documents.getNewIssuedDocumentTotals(client.companyId(), { data: document });
  const { amount_due, amount_gross } = readAnswer(totalsSchema, answer.data, 'total').data;
  return toCents(amount_due ?? amount_gross ?? 0).toNumber();
}
