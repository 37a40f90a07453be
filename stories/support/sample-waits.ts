import type { Json, RunDetail, Step } from '../../src/core';
import { type RunSeed, type StepSeed, sampleRun } from './sample-build';
import { confirmDefinition } from './sample-definitions';
import { failures } from './sample-failures';
import { at, type Base, decided, filed, message, noSide, notice } from './sample-runs';

const minute = 60_000;
const day = 1440 * minute;

export type WaitingRunName =
  | 'approving'
  | 'awaiting'
  | 'unconnected'
  | 'rejected'
  | 'doubtfulWithData'
  | 'canceling'
  | 'canceled'
  | 'retried';

/** Runs that wait for somebody or something, and what came of some. */
export function waitingRuns(
  base: (id: number, title: string, ago: number) => Base,
): Record<WaitingRunName, RunDetail> {
  return {
    canceling: cancelingRun(base(17, 'Contratto Greco', 9_000)),
    approving: approvingRun(base(11, 'Offerta Marino', 130 * minute)),
    retried: retriedRun(base(16, 'Contratto Serra', 150 * minute), base(7, '', 0).id),
    awaiting: awaitingRun(base(12, 'Contratto Fabbri', 200 * minute)),
    unconnected: unconnectedRun(base(18, 'Contratto Moretti', 50 * minute)),
    rejected: rejectedRun(base(13, 'Offerta Sala', 2 * day)),
    doubtfulWithData: doubtfulWithData(base(14, 'Contratto Villa', 2 * day + minute)),
    canceled: canceledRun(base(15, 'Offerta Conte', 5 * day)),
  };
}

const confirmWorkflow = { id: 'wf_confirm', name: 'Conferma prima dell’invio', version: 3 };

const confirm = (base: Base, rest: Pick<RunSeed, 'status' | 'steps'> & Partial<RunSeed>): RunDetail =>
  sampleRun({ workflow: confirmWorkflow, definition: confirmDefinition, ...base, ...rest });

const later = ({ startedAt }: Base, ms: number) => new Date(Date.parse(startedAt) + ms).toISOString();

const decision = (base: Base): Step['wait'] => ({
  kind: 'decision',
  message: `Inviare «${base.title}» al cliente?`,
  approvers: [],
  until: later(base, day),
});

const answered = (base: Base, answer: 'approved' | 'rejected', comment: string | null): StepSeed => ({
  key: 'approval_t4gk',
  input: { message: `Inviare «${base.title}» al cliente?` },
  output: {
    decision: answer,
    comment,
    decidedBy: 'Laura Bianchi',
    decidedAt: later(base, 12 * minute),
  } as Json,
  wait: decision(base),
  branch: answer,
  ...{ from: 40, to: 12 * minute },
});

const sent = (base: Base): StepSeed => ({
  key: 'message_r5va',
  input: { channel: 'C024BE91L', text: `Da firmare: ${base.title}` },
  output: { channel: 'C024BE91L', ts: '1405895017.000506' },
  branch: 'next',
  ...{ from: 12 * minute, to: 12 * minute + 800 },
});

const signature = (base: Base): StepSeed => ({
  key: 'wait_b7qe',
  status: 'waiting',
  input: { for: 'event', event: 'document.completed' },
  wait: {
    kind: 'event',
    type: 'document.completed',
    where: [{ path: 'document.id', equals: base.documentId }],
    until: later(base, 7 * day + 12 * minute),
  },
  from: 12 * minute + 820,
  wakeAt: 7 * day + 12 * minute,
});

const notRejected: StepSeed = {
  key: 'stop_x2mz',
  status: 'skipped',
  attempt: 0,
  skippedBecause: { code: 'branch_not_taken', nodeId: 'approval_t4gk', handle: 'rejected' },
};

const approvingRun = (base: Base): RunDetail =>
  confirm(base, {
    status: 'waiting',
    wakeAt: day,
    steps: [
      {
        key: 'approval_t4gk',
        status: 'waiting',
        input: { message: `Inviare «${base.title}» al cliente?` },
        wait: decision(base),
        from: 40,
        wakeAt: day,
      },
    ],
  });

const awaitingRun = (base: Base): RunDetail =>
  confirm(base, {
    status: 'waiting',
    wakeAt: 7 * day,
    steps: [answered(base, 'approved', null), notRejected, sent(base), signature(base)],
  });

/** Slack has refused the connection: the message waits for somebody to connect it again. */
const unconnectedRun = (base: Base): RunDetail =>
  notice(base, {
    status: 'waiting',
    wakeAt: 366 * day,
    steps: [
      decided(4100),
      noSide,
      filed(base.documentId, base.title),
      {
        key: 'message_k2pd',
        status: 'waiting',
        input: message(base.title),
        error: failures.revoked,
        wait: { kind: 'connection', provider: 'slack', until: null },
        from: 960,
        wakeAt: 366 * day,
      },
    ],
  });

const rejectedRun = (base: Base): RunDetail =>
  confirm(base, {
    status: 'failed',
    error: {
      ...{ kind: 'terminal', code: 'stopped', actor: 'customer', nodeId: 'stop_x2mz', stepKey: 'stop_x2mz' },
      message: 'L’ufficio non ha confermato l’invio.',
    },
    endedAt: 12 * minute + 60,
    steps: [
      answered(base, 'rejected', 'Manca la data di consegna.'),
      {
        key: 'stop_x2mz',
        input: { status: 'failed', message: 'L’ufficio non ha confermato l’invio.' },
        output: { status: 'failed', message: 'L’ufficio non ha confermato l’invio.' },
        ...{ from: 12 * minute, to: 12 * minute + 20 },
      },
    ],
  });

/** Later steps use what the doubtful one would have given. */
const doubtfulWithData = (base: Base): RunDetail =>
  confirm(base, {
    status: 'needs_attention',
    error: at('message_r5va', failures.lost),
    steps: [
      answered(base, 'approved', null),
      notRejected,
      {
        ...sent(base),
        status: 'in_doubt',
        output: null,
        branch: null,
        error: failures.lost,
        attempts: [{ from: 12 * minute, to: 12 * minute + 15_000, error: failures.lost, delayMs: null }],
      },
    ],
  });

const canceledRun = (base: Base): RunDetail =>
  confirm(base, {
    status: 'canceled',
    endedAt: 40 * minute,
    steps: [
      answered(base, 'approved', 'Va bene.'),
      notRejected,
      sent(base),
      { ...signature(base), status: 'canceled', to: 40 * minute },
    ],
  });

const cancelingRun = (base: Base): RunDetail =>
  notice(base, {
    status: 'running',
    cancelRequested: true,
    steps: [
      decided(4100),
      noSide,
      filed(base.documentId, base.title),
      { key: 'message_k2pd', status: 'running', input: message(base.title), from: 960 },
    ],
  });

/** Goes on where an earlier run failed: what that one had done is not done again. */
const retriedRun = (base: Base, retryOf: string): RunDetail => {
  const before = (seed: StepSeed): StepSeed => ({
    ...seed,
    reusedFrom: retryOf,
    from: (seed.from ?? 0) - 16 * minute,
    to: (seed.to ?? 0) - 16 * minute,
  });
  return notice(base, {
    status: 'succeeded',
    retryOf,
    endedAt: 1400,
    steps: [
      before(decided(1200)),
      noSide,
      before(filed(base.documentId, base.title)),
      {
        key: 'message_k2pd',
        input: message(base.title),
        output: { channel: 'C024BE91L', ts: '1405895017.000506' },
        branch: 'next',
        ...{ from: 60, to: 1390 },
      },
    ],
  });
};
