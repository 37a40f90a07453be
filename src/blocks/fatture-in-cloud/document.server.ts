import * as z from 'zod';
import { fileRef, safeFilename } from '../../core/block/file';
import { BlockError } from '../../core/errors';
import { type FicClient, readAnswer } from './client.server';
import { failure } from './failure.server';
import type { Invoice } from './invoice';

const paymentSchema = z.looseObject({
  amount: z.number().nullish(),
  status: z.enum(['not_paid', 'paid', 'reversed']).nullish(),
  due_date: z.string().nullish(),
});
export type Payment = z.infer<typeof paymentSchema>;

/** What is used of an issued document; everything else of a payment is kept, as it must be sent back. */
export const documentSchema = z.object({
  id: z.number(),
  type: z.string().nullish(),
  number: z.number().nullish(),
  numeration: z.string().nullish(),
  date: z.string().nullish(),
  next_due_date: z.string().nullish(),
  subject: z.string().nullish(),
  amount_net: z.number().nullish(),
  amount_vat: z.number().nullish(),
  amount_gross: z.number().nullish(),
  entity: z.object({ id: z.number().nullish(), name: z.string().nullish() }).nullish(),
  payments_list: z.array(paymentSchema).nullish(),
  locked: z.boolean().nullish(),
  url: z.string().nullish(),
});
export type Document = z.infer<typeof documentSchema>;

/** The fields of `documentSchema` that lists are asked for. */
export const listedFields =
  'id,type,number,numeration,date,next_due_date,subject,amount_net,amount_vat,amount_gross,entity,payments_list';

export function toInvoice(document: Document): Invoice {
  const { id, entity } = document;
  return {
    id: String(id),
    number: document.number ?? null,
    numeration: document.numeration ?? '',
    date: document.date ?? '',
    nextDueDate: nextDueDateOf(document),
    amountNet: document.amount_net ?? 0,
    amountVat: document.amount_vat ?? 0,
    amountGross: document.amount_gross ?? 0,
    status: statusOf(document),
    client: { id: entity?.id ? String(entity.id) : null, name: entity?.name ?? '' },
    pdf: fileRef({
      provider: 'fatture-in-cloud',
      id: String(id),
      filename: filenameOf(document),
      contentType: 'application/pdf',
    }),
  };
}

/** A reversed payment is neither owed nor paid, so that only the others count. A document without payments counts as one that nobody paid. */
export function statusOf({ payments_list }: Document): Invoice['status'] {
  const payments = (payments_list ?? []).map(({ status }) => status ?? 'not_paid');
  const standing = new Set(payments.filter((status) => status !== 'reversed'));
  if (standing.size === 0) return payments.length > 0 ? 'reversed' : 'not_paid';
  if (standing.size > 1) return 'partly_paid';
  return standing.has('paid') ? 'paid' : 'not_paid';
}

/** From the payments where they are known: what is said beside them may be left over from before a change. */
function nextDueDateOf({ payments_list, next_due_date }: Document): string | null {
  if (!payments_list) return next_due_date ?? null;
  const open = payments_list.filter(({ status }) => (status ?? 'not_paid') === 'not_paid');
  return open.flatMap(({ due_date }) => due_date ?? []).sort()[0] ?? null;
}

/** `fattura-42-A.pdf`. */
function filenameOf({ id, number, numeration }: Document): string {
  const name = [number ?? id, numeration].filter(
    (part) => part !== null && part !== '' && part !== undefined,
  );
  return `${safeFilename(`fattura-${name.join('-').replace(/[\\/]+/g, '')}`)}.pdf`;
}

/** An invoice in full. */
export async function getInvoice(client: FicClient, id: number): Promise<Document> {
  const answer = await client.documents.getIssuedDocument(client.companyId(), id, undefined, 'detailed');
  const document = readAnswer(z.object({ data: documentSchema }), answer.data, 'invoice').data;
  if ((document.type ?? 'invoice') === 'invoice') return document;
  const what = `has a document of another kind under the id ${id}. Refer to an invoice`;
  throw new BlockError(failure('terminal', 'no_invoice', 'customer', what));
}

const pageSchema = z.object({
  data: z.array(documentSchema),
  last_page: z.number().nullish(),
});

/** One page of invoices, the latest first. */
export async function listPage(
  client: FicClient,
  { page, perPage, q }: { page: number; perPage: number; q?: string | undefined },
): Promise<{ documents: Document[]; isLast: boolean }> {
  const answer = await client.documents.listIssuedDocuments(
    client.companyId(),
    'invoice',
    listedFields,
    undefined,
    '-date',
    page,
    perPage,
    q,
  );
  const { data, last_page } = readAnswer(pageSchema, answer.data, 'list of invoices');
  return { documents: data, isLast: page >= (last_page ?? page) };
}
