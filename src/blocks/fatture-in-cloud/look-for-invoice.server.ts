/**
 * Whether an invoice with a step's mark exists.
 *
 * 1. It is asked for by the mark, and looked for among the latest invoices: the filter may lag, or not know the field, so that what it does
 *    not find may be there all the same.
 * 2. None the first time: the call may still be under way there, so it is looked for once more after a pause.
 * 3. One is adopted. Several, or a search that could not see far enough, is for a person to settle.
 */
import type { Recovery, StepContext } from '../../core/block/implement';
import { done } from '../../core/block/outcome';
import { BlockError } from '../../core/errors';
import type { FicClient } from './client.server';
import type { CreateInvoiceInput } from './create-invoice';
import { dayOf, toDay } from './day';
import { type Document, listPage, toInvoice } from './document.server';
import { buildQuery } from './query';

const PER_PAGE = 100;
/** Pages of the latest invoices looked through. */
const PAGES = 3;
/** As many calls' time as the pause before the second look takes: about 5 seconds. */
const PAUSE_IN_CALLS = 4;

interface Wanted {
  mark: string;
  input: CreateInvoiceInput;
  step: StepContext;
}

interface Look {
  found: Document[];
  /** Whether nothing found means that there is nothing. */
  isThorough: boolean;
}

export async function lookForInvoice(client: FicClient, wanted: Wanted): Promise<Recovery> {
  await client.pace(`look ${wanted.mark}`, PAUSE_IN_CALLS);
  const first = await look(client, wanted);
  if (first.found.length > 0) return settle(first);
  await client.pace(`look ${wanted.mark}`, 0);
  return settle(await look(client, wanted));
}

function settle({ found, isThorough }: Look): Recovery {
  const [document] = found;
  if (document && found.length === 1) return { happened: true, outcome: done(toInvoice(document)) };
  return found.length === 0 && isThorough ? { happened: false } : { happened: 'unknown' };
}

async function look(client: FicClient, wanted: Wanted): Promise<Look> {
  const byMark = await lookByMark(client, wanted.mark);
  if (byMark.length > 0) return { found: byMark, isThorough: true };
  return lookAmongLatest(client, wanted);
}

/** None as well when the filter is not understood. */
async function lookByMark(client: FicClient, mark: string): Promise<Document[]> {
  const q = buildQuery([{ field: 'any_subject', op: 'contains', value: mark }]);
  try {
    const { documents } = await listPage(client, { page: 1, perPage: PER_PAGE, q });
    return documents.filter(({ subject }) => subject === mark);
  } catch (error) {
    const isRefused = error instanceof BlockError && [400, 422].includes(error.failure.providerStatus ?? 0);
    if (isRefused) return [];
    throw error;
  }
}

/** The latest first; further back than the invoice's own day it cannot be. */
async function lookAmongLatest(client: FicClient, { mark, input, step }: Wanted): Promise<Look> {
  const own = input.date ? toDay(input.date, step.timeZone) : dayOf(step.firstAttemptAt, step.timeZone);
  for (let page = 1; page <= PAGES; page++) {
    const { documents, isLast } = await listPage(client, { page, perPage: PER_PAGE });
    const found = documents.filter(({ subject }) => subject === mark);
    const isPast = documents.some(({ date }) => (date ?? own) < own);
    if (found.length > 0 || isLast || isPast) return { found, isThorough: true };
  }
  return { found: [], isThorough: false };
}
