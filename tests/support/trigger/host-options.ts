import { blocks } from '../../../src/blocks';
import type { ApprovalNotice, WorkflowServerOptions } from '../../../src/server';
import { ledgerHost, paidTrigger } from '../run-scenarios';
import { ENCRYPTION_KEYS } from '../server';

/** What the server process and the tasks share, from the variables the world sets. */
export function hostOptions() {
  const { DATABASE_URL, LEDGER_URL, WAIT_MODE, LEASE_MS, NOTICE_URL } = process.env;
  return {
    databaseUrl: DATABASE_URL,
    encryptionKeys: ENCRYPTION_KEYS,
    baseUrl: 'http://localhost/api/workflows',
    blocks: [...blocks, paidTrigger],
    host: ledgerHost(LEDGER_URL ?? ''),
    // An unexpected error is worth seeing; what is expected is not.
    logger: { info: () => {}, warn: () => {}, error: console.error },
    clock: { now: () => Date.now() + (globalThis.clockAheadMs ?? 0) },
    trigger: { waitMode: WAIT_MODE as 'suspend' | 'waitpoint' },
    ...(LEASE_MS ? { leaseMs: Number(LEASE_MS) } : {}),
    ...(NOTICE_URL ? { notifyApproval: tellAt(NOTICE_URL) } : {}),
  } satisfies Partial<WorkflowServerOptions>;
}

/** Passes on whom an approval asks, and the link for one of them. */
const tellAt =
  (url: string) =>
  async ({ approval, linkFor }: ApprovalNotice): Promise<void> => {
    const notice = { runId: approval.runId, link: await linkFor('anna') };
    await fetch(url, { method: 'POST', body: JSON.stringify(notice) });
  };
