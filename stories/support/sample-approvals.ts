import type { Approval } from '../../src/core';

const minute = 60_000;
const day = 1440 * minute;

/** A decision of the sample company, asked two hours ago. */
export function sampleApproval(now: number, changes: Partial<Approval> = {}): Approval {
  const at = (ms: number) => new Date(now + ms).toISOString();
  return {
    id: 'ap_1',
    status: 'pending',
    message: 'Inviare la fattura di 1.220,00 € a Rossi S.r.l.?',
    runId: '019ab3c2-7d10-7000-8000-000000000011',
    stepKey: 'approval_t4gk',
    workflowId: 'wf_confirm',
    workflowName: 'Conferma prima dell’invio',
    title: 'Contratto Rossi',
    startedBy: null,
    approvers: [],
    required: 1,
    canDecide: true,
    decisions: [],
    createdAt: at(-130 * minute),
    until: at(day),
    decidedBy: null,
    decidedAt: null,
    comment: null,
    ...changes,
  };
}

/** What an inbox on a working day holds. */
export function sampleApprovals(now: number): Approval[] {
  const at = (ms: number) => new Date(now + ms).toISOString();
  const decided = (by: string, ago: number, comment: string | null = null) =>
    ({ decidedBy: by, decidedAt: at(-ago), comment }) as const;
  return [
    sampleApproval(now),
    sampleApproval(now, {
      id: 'ap_2',
      message: 'Acquisto di 12 licenze per l’ufficio tecnico, 3.480,00 €',
      ...{ workflowName: 'Richiesta di acquisto', title: 'Richiesta 84', startedBy: 'Marco Gallo' },
      ...{ approvers: ['Laura Bianchi', 'Paolo Conte', 'role:admin'], required: 2, until: at(12 * day) },
      decisions: [{ decision: 'approved', ...decided('Paolo Conte', 40 * minute) }],
      createdAt: at(-3 * 60 * minute),
    }),
    sampleApproval(now, {
      id: 'ap_3',
      message: 'Archiviare «Offerta Marino»?',
      ...{ title: 'Offerta Marino', approvers: ['Paolo Conte', 'role:admin'], canDecide: false, until: null },
      createdAt: at(-2 * day),
    }),
    sampleApproval(now, {
      id: 'ap_4',
      ...{ status: 'rejected', message: 'Inviare «Offerta Sala» al cliente?', canDecide: false },
      ...decided('Laura Bianchi', day, 'Manca l’allegato con i prezzi aggiornati.'),
      createdAt: at(-2 * day),
    }),
    sampleApproval(now, {
      id: 'ap_5',
      ...{ status: 'approved', message: 'Inviare «Contratto Neri» al cliente?', canDecide: false },
      ...decided('Paolo Conte', 3 * day),
      createdAt: at(-4 * day),
    }),
    sampleApproval(now, {
      id: 'ap_6',
      ...{ status: 'expired', message: 'Rinnovare l’abbonamento?', canDecide: false, until: at(-5 * day) },
      createdAt: at(-7 * day),
    }),
  ];
}

/** Answers `listApprovals` from a list, as the server does. */
export const listFrom =
  (approvals: readonly Approval[]) =>
  async ({ query = {} }: { query?: { status?: string | undefined; mine?: string | undefined } } = {}) => {
    const statuses = query.status?.split(',') ?? [];
    const isMine = ({ canDecide, status }: Approval) => canDecide || status !== 'pending';
    const items = approvals.filter(
      (approval) =>
        (statuses.length === 0 || statuses.includes(approval.status)) &&
        (query.mine !== 'true' || isMine(approval)),
    );
    return { items, nextCursor: null };
  };
