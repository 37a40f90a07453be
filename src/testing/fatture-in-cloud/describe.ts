import { vatTypes } from './seed';
import type { FakeFicDocument, FicState } from './state';

type JsonRecord = Record<string, unknown>;

export interface Shape {
  fields: string | undefined;
  fieldset: string | undefined;
  /** Where the API is reached, for addresses of PDFs. */
  origin: string;
}

/** A document as the API answers with it: lines and payments only in the detailed set, or when asked for by name. */
export function describeDocument(state: FicState, document: FakeFicDocument, shape: Shape): JsonRecord {
  const { companyId: _, items_list, ei_data, ...known } = document;
  const unpaid = document.payments_list.filter(({ status }) => status === 'not_paid');
  const full: JsonRecord = {
    ...known,
    ...(ei_data ? { ei_data } : {}),
    payment_method: document.payment_method ?? undefined,
    currency: { id: 'EUR', exchange_rate: '1.00000', symbol: '€' },
    language: { code: 'it', name: 'Italiano' },
    next_due_date: unpaid.map(({ due_date }) => due_date).sort()[0] ?? undefined,
    items_list: items_list.map((item) => ({ ...item, vat: describeVat(item) })),
    url: `${shape.origin}/pdf/${state.issueFile(document.id)}`,
  };
  if (shape.fields) return pick(full, shape.fields.split(','));
  if (shape.fieldset === 'detailed') return full;
  return { ...full, items_list: null, payments_list: null };
}

const pick = (record: JsonRecord, names: string[]): JsonRecord =>
  Object.fromEntries(names.filter((name) => record[name] !== undefined).map((name) => [name, record[name]]));

function describeVat(item: JsonRecord): JsonRecord {
  const id = (item.vat as JsonRecord | undefined)?.id;
  const { value, description } = vatTypes.find((vat) => vat.id === id) ?? { value: 0, description: '' };
  return { id, value, description };
}

export interface PageRequest {
  page: number;
  perPage: number;
  path: string;
}

/** One page of a list, with what the API tells about the whole. */
export function describePage<T>(
  all: readonly T[],
  { page, perPage, path }: PageRequest,
): JsonRecord & { data: T[] } {
  const lastPage = Math.max(1, Math.ceil(all.length / perPage));
  const start = (page - 1) * perPage;
  const data = all.slice(start, start + perPage);
  const link = (number: number) => `page=${number}`;
  return {
    current_page: page,
    data,
    first_page_url: link(1),
    from: data.length === 0 ? null : start + 1,
    last_page: lastPage,
    last_page_url: link(lastPage),
    next_page_url: page < lastPage ? link(page + 1) : null,
    path,
    per_page: perPage,
    prev_page_url: page > 1 ? link(page - 1) : null,
    to: data.length === 0 ? null : start + data.length,
    total: all.length,
  };
}
