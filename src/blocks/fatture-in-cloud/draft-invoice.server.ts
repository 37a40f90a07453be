import type {
  Entity,
  IssuedDocument,
  IssuedDocumentItemsListItem,
  IssuedDocumentPaymentsListItem,
} from '@fattureincloud/fattureincloud-ts-sdk';
import type { RunArgument } from '../../core/block/implement';
import { BlockError } from '../../core/errors';
import type { InvoiceClient } from './client';
import { type FicClient, toId } from './client.server';
import { type CompanyDefaults, readDefaults, readSavedClient, type SavedClient } from './company.server';
import type { CreateInvoiceInput } from './create-invoice';
import { addDays, dayOf, toDay } from './day';
import { failure } from './failure.server';

export interface Draft {
  document: IssuedDocument;
  /** When and where it is to be paid. */
  due: IssuedDocumentPaymentsListItem;
}

/** The invoice as it is sent, but for its payments. */
export async function draftInvoice({
  input,
  client,
  step,
}: RunArgument<CreateInvoiceInput, FicClient>): Promise<Draft> {
  const defaults = await readDefaults(client);
  const saved =
    input.client.kind === 'saved' ? await readSavedClient(client, toId(input.client.id, 'client.id')) : null;
  const { timeZone } = step;
  const date = input.date ? toDay(input.date, timeZone) : dayOf(step.now(), timeZone);
  const method = paymentMethodOf(input, defaults);
  const document: IssuedDocument = {
    ...defaults.taxes,
    type: 'invoice',
    date,
    entity: saved?.entity ?? toEntity(input.client),
    currency: { id: 'EUR' },
    language: { code: 'it', name: 'Italiano' },
    items_list: input.items.map((item, index) => toLine(item, index, saved, defaults)),
    ...(input.numeration ? { numeration: input.numeration } : {}),
    ...(input.visibleSubject ? { visible_subject: input.visibleSubject } : {}),
    ...(input.notes ? { notes: input.notes } : {}),
    ...(method ? { payment_method: method } : {}),
    ...(input.eInvoice ? { e_invoice: true, ei_data: { payment_method: input.eiPaymentMethod } } : {}),
  };
  return { document, due: dueOf(input, date, saved, timeZone) };
}

function toLine(
  { name, description, quantity, netPrice, vat }: CreateInvoiceInput['items'][number],
  index: number,
  saved: SavedClient | null,
  defaults: CompanyDefaults,
): IssuedDocumentItemsListItem {
  const vatId = vat ? toId(vat, `items[${index}].vat`) : (saved?.vatId ?? defaults.vatId);
  return {
    name,
    qty: quantity,
    net_price: netPrice,
    vat: { id: vatId },
    ...(description ? { description } : {}),
  };
}

function dueOf(
  input: CreateInvoiceInput,
  date: string,
  saved: SavedClient | null,
  timeZone: string,
): IssuedDocumentPaymentsListItem {
  const account = input.paymentAccount
    ? { payment_account: { id: toId(input.paymentAccount, 'paymentAccount') } }
    : {};
  if (input.due === 'date') return { due_date: toDay(input.dueDate ?? date, timeZone), ...account };
  const days = input.dueInDays ?? saved?.paymentDays ?? 0;
  const type = input.dueInDays === undefined ? (saved?.paymentTerms ?? 'standard') : 'standard';
  const dueDate = addDays(date, days);
  return {
    due_date: type === 'end_of_month' ? endOfMonth(dueDate) : dueDate,
    payment_terms: { days, type },
    ...account,
  };
}

/** «30 giorni fine mese»: the last day of the month the days lead to. */
function endOfMonth(date: string): string {
  const [year = 0, month = 1] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

/** Sent with its name, which the API asks for beside the id. */
function paymentMethodOf({ paymentMethod }: CreateInvoiceInput, defaults: CompanyDefaults) {
  if (!paymentMethod) return defaults.paymentMethod;
  const id = toId(paymentMethod, 'paymentMethod');
  const method = defaults.paymentMethods.find((candidate) => candidate.id === id);
  if (method) return method;
  const what = 'no longer has the payment method this step names. Choose another';
  throw new BlockError({
    ...failure('terminal', 'payment_method_unknown', 'customer', what),
    path: 'paymentMethod',
  });
}

function toEntity(client: InvoiceClient): Entity {
  if (client.kind === 'saved') return { id: toId(client.id, 'client.id') };
  const entity: Entity = {
    name: client.name,
    vat_number: client.vatNumber,
    tax_code: client.taxCode,
    address_street: client.street,
    address_postal_code: client.postalCode,
    address_city: client.city,
    address_province: client.province,
    country: client.country || 'Italia',
    email: client.email,
    certified_email: client.certifiedEmail,
    ei_code: client.recipientCode,
  };
  return Object.fromEntries(
    Object.entries(entity).filter(([, value]) => value !== undefined && value !== ''),
  );
}
