import type * as z from 'zod';
import { implementBlock } from '../../core/block/implement';
import { done } from '../../core/block/outcome';
import { type FicClient, toId } from './client.server';
import { toDay } from './day';
import { type Document, listPage, toInvoice } from './document.server';
import { listInvoices } from './list-invoices';
import { fattureInCloudServer } from './provider.server';
import { buildQuery, type Condition } from './query';

type Input = z.output<typeof listInvoices.input>;

/** The largest page there is; what is not said is five. */
const PER_PAGE = 100;
/** Pages looked through for invoices of a status, which cannot be filtered for. */
const PAGES = 10;

export const runListInvoices = implementBlock(listInvoices, {
  provider: fattureInCloudServer,
  timeoutMs: 60_000,
  run: async ({ input, client, step }) => {
    const { documents, hasMore } = await collect(
      client,
      input,
      buildQuery(conditionsOf(input, step.timeZone)),
    );
    const invoices = documents.map(toInvoice);
    return done({ invoices, count: invoices.length, hasMore });
  },
});

function conditionsOf(input: Input, timeZone: string): Condition[] {
  const { client, from, to, text = '' } = input;
  const words = text.trim();
  return [
    ...(client ? [{ field: 'entity.id', op: '=', value: toId(client, 'client') } as const] : []),
    ...(from ? [{ field: 'date', op: '>=', value: toDay(from, timeZone) } as const] : []),
    ...(to ? [{ field: 'date', op: '<=', value: toDay(to, timeZone) } as const] : []),
    ...(words === '' ? [] : [hasWords(words)]),
  ];
}

const hasWords = (value: string): Condition => ({
  anyOf: [
    { field: 'any_subject', op: 'contains', value },
    { field: 'entity.name', op: 'contains', value },
  ],
});

async function collect(
  client: FicClient,
  { limit, status }: Input,
  q: string | undefined,
): Promise<{ documents: Document[]; hasMore: boolean }> {
  const documents: Document[] = [];
  for (let page = 1; page <= PAGES; page++) {
    await client.pace('list', 1);
    const perPage = status === 'any' ? Math.min(limit, PER_PAGE) : PER_PAGE;
    const answer = await listPage(client, { page, perPage, q });
    documents.push(...answer.documents.filter((document) => hasStatus(document, status)));
    if (documents.length > limit) return { documents: documents.slice(0, limit), hasMore: true };
    if (answer.isLast) return { documents, hasMore: false };
    if (documents.length === limit) return { documents, hasMore: true };
  }
  return { documents, hasMore: true };
}

function hasStatus(document: Document, wanted: Input['status']): boolean {
  if (wanted === 'any') return true;
  const { status } = toInvoice(document);
  return wanted === 'paid' ? status === 'paid' : status === 'not_paid' || status === 'partly_paid';
}
