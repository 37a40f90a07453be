import type { Approval, WorkflowClient } from '../../core';

/** The approval a step waits for; `null` when it is no longer among the pending ones: decided meanwhile, or its time has come. */
export async function findApproval(
  client: WorkflowClient,
  runId: string,
  stepKey: string,
): Promise<Approval | null> {
  let cursor: string | null = null;
  do {
    const query = { status: 'pending' as const, limit: 100, ...(cursor === null ? {} : { cursor }) };
    const page: { items: Approval[]; nextCursor: string | null } = await client.listApprovals({ query });
    const found = page.items.find((one) => one.runId === runId && one.stepKey === stepKey);
    if (found) return found;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return null;
}
