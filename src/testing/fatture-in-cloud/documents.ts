import { paymentAccounts, vatTypes } from './seed';
import type { FakeFicDocument, FakeFicPayment, FicState } from './state';
import { listOf, numberOf, paymentsSum, totalsOf } from './totals';

type JsonRecord = Record<string, unknown>;

/** What is wrong with a request, in the API's own form. */
export interface Invalid {
  message: string;
  validation_result: Record<string, string[]> | null;
  extra?: JsonRecord;
}

export type Checked<T> = { ok: T } | { invalid: Invalid };

const invalid = (path: string, text: string): { invalid: Invalid } => ({
  invalid: { message: 'I dati inviati non sono validi.', validation_result: { [path]: [text] } },
});

/** A new invoice: checked, numbered and kept. */
export function createDocument(
  state: FicState,
  companyId: number,
  body: JsonRecord,
): Checked<FakeFicDocument> {
  const data = (body.data ?? null) as JsonRecord | null;
  if (!data) return invalid('data', 'Il campo data è richiesto.');
  const problem = problemOf(state, companyId, data);
  if (problem) return problem;
  const withPayments = fixPayments(data, (body.options as JsonRecord | undefined)?.fix_payments === true);
  if (!withPayments) return wrongPayments(data);
  const document = toDocument(state, companyId, withPayments);
  state.addDocument(document);
  return { ok: document };
}

export function modifyDocument(
  state: FicState,
  document: FakeFicDocument,
  body: JsonRecord,
): Checked<FakeFicDocument> {
  const data = { ...document, ...(body.data as JsonRecord | undefined) } as JsonRecord;
  const problem = problemOf(state, document.companyId, data);
  if (problem) return problem;
  const withPayments = fixPayments(data, (body.options as JsonRecord | undefined)?.fix_payments === true);
  if (!withPayments) return wrongPayments(data);
  const { payments_list, subject, visible_subject } = withPayments as unknown as FakeFicDocument;
  const payments = listOf(payments_list).map((payment) => toPayment(state, payment));
  state.changeDocument(document.id, {
    payments_list: payments,
    subject,
    visible_subject,
    updated_at: stampOf(state),
  });
  return { ok: document };
}

function problemOf(state: FicState, companyId: number, data: JsonRecord): { invalid: Invalid } | null {
  const entity = data.entity as JsonRecord | undefined;
  if (!entity?.name) return invalid('data.entity.name', 'Il campo nome è richiesto.');
  if (
    entity.id !== undefined &&
    !state.clients.some((one) => one.id === entity.id && one.companyId === companyId)
  )
    return invalid('data.entity.id', 'Il cliente non esiste.');
  if (data.date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(String(data.date)))
    return invalid('data.date', 'La data non è valida.');
  if (listOf(data.items_list).length === 0) return invalid('data.items_list', 'Il documento non ha righe.');
  const wrongVat = listOf(data.items_list).find((item) => !hasVat(item));
  if (wrongVat) return invalid('data.items_list.vat.id', 'L’aliquota IVA non esiste o è disattivata.');
  if (data.e_invoice === true && !(data.ei_data as JsonRecord | undefined)?.payment_method)
    return invalid(
      'data.ei_data.payment_method',
      'Il metodo di pagamento è richiesto per le fatture elettroniche.',
    );
  const wrongAccount = listOf(data.payments_list).find((payment) => !hasAccount(payment));
  if (wrongAccount) return invalid('data.payments_list.payment_account', 'Il conto di saldo non esiste.');
  if (totalsOf(data).amount_gross < 0)
    return invalid('data.items_list', 'Il totale non può essere negativo.');
  return null;
}

const hasVat = (item: JsonRecord): boolean =>
  vatTypes.some((vat) => vat.id === (item.vat as JsonRecord | undefined)?.id && !vat.is_disabled);

function hasAccount({ status, payment_account }: JsonRecord): boolean {
  const id = (payment_account as JsonRecord | null | undefined)?.id;
  if (id === undefined || id === null) return status !== 'paid';
  return paymentAccounts.some((account) => account.id === id);
}

/** With `fix_payments` the last payment is made to fit; without, the sum has to. */
function fixPayments(data: JsonRecord, isFixed: boolean): JsonRecord | null {
  const payments = listOf(data.payments_list);
  const missing = totalsOf(data).amount_due - paymentsSum(data).toNumber();
  if (Math.abs(missing) < 0.005 || payments.length === 0) return data;
  if (!isFixed) return null;
  const last = payments.at(-1) as JsonRecord;
  const fixed = { ...last, amount: Number((numberOf(last.amount, 0) + missing).toFixed(2)) };
  return { ...data, payments_list: [...payments.slice(0, -1), fixed] };
}

const wrongPayments = (data: JsonRecord): { invalid: Invalid } => ({
  invalid: {
    message: 'Il totale dei pagamenti non corrisponde al totale da pagare.',
    validation_result: null,
    extra: { totals: totalsOf(data) },
  },
});

function toDocument(state: FicState, companyId: number, data: JsonRecord): FakeFicDocument {
  const date = String(data.date ?? new Date(state.now()).toISOString().slice(0, 10));
  const numeration = String(data.numeration ?? '');
  const { amount_net, amount_vat, amount_gross } = totalsOf(data);
  const text = (name: string) => String(data[name] ?? '');
  return {
    id: state.nextId(),
    companyId,
    type: text('type') || 'invoice',
    number: typeof data.number === 'number' ? data.number : nextNumber(state, companyId, numeration, date),
    numeration,
    year: Number(date.slice(0, 4)),
    date,
    subject: text('subject'),
    visible_subject: text('visible_subject'),
    notes: text('notes'),
    entity: data.entity as FakeFicDocument['entity'],
    items_list: listOf(data.items_list).map((item) => ({ id: state.nextId(), ...item })),
    payments_list: listOf(data.payments_list).map((payment) => toPayment(state, payment)),
    payment_method: (data.payment_method as FakeFicDocument['payment_method'] | undefined) ?? null,
    e_invoice: data.e_invoice === true,
    ei_data: (data.ei_data as JsonRecord | undefined) ?? null,
    amount_net,
    amount_vat,
    amount_gross,
    locked: false,
    created_at: stampOf(state),
    updated_at: stampOf(state),
  };
}

/** Each numeration begins at one every year. */
export function nextNumber(state: FicState, companyId: number, numeration: string, date: string): number {
  const same = state.documents.filter(
    (document) =>
      document.companyId === companyId &&
      document.numeration === numeration &&
      document.year === Number(date.slice(0, 4)),
  );
  return Math.max(0, ...same.map(({ number }) => number)) + 1;
}

function toPayment(state: FicState, payment: JsonRecord): FakeFicPayment {
  const accountId = (payment.payment_account as JsonRecord | null | undefined)?.id;
  const account = paymentAccounts.find(({ id }) => id === accountId);
  const status = (payment.status as FakeFicPayment['status'] | undefined) ?? 'not_paid';
  return {
    id: numberOf(payment.id, 0) || state.nextId(),
    amount: numberOf(payment.amount, 0),
    due_date: String(payment.due_date ?? ''),
    status,
    paid_date: status === 'paid' ? String(payment.paid_date ?? '') || null : null,
    payment_account: account ? { id: account.id, name: account.name } : null,
    payment_terms: (payment.payment_terms as FakeFicPayment['payment_terms'] | undefined) ?? {
      days: 0,
      type: 'standard',
    },
    ei_raw: payment.ei_raw ?? null,
  };
}

/** `2026-11-23 10:14:58`. */
const stampOf = (state: FicState): string =>
  new Date(state.now()).toISOString().slice(0, 19).replace('T', ' ');
