import type { Json, RunDetail, Step, StepFailure } from '../../src/core';
import { documentPayload, type RunSeed, type StepSeed, sampleRun } from './sample-build';
import { noticeDefinition, signersDefinition } from './sample-definitions';
import { failures } from './sample-failures';

export const noticeWorkflow = { id: 'wf_notice', name: 'Avviso dopo la firma', version: 4 };
export const signersWorkflow = { id: 'wf_signers', name: 'Messaggio ai firmatari', version: 2 };

export const message = (title: string): Json => ({
  channel: 'C024BE91L',
  text: `Il contratto ${title} è firmato: si può fatturare.`,
});

export const decided = (amount: number): StepSeed => ({
  key: 'if_7kq2',
  input: { match: 'all', conditions: [{ left: amount, op: 'gt', right: '1000' }] },
  output: { result: amount > 1000 },
  branch: amount > 1000 ? 'true' : 'false',
  ...{ from: 40, to: 41 },
});

export const filed = (documentId: string, title: string): StepSeed => ({
  key: 'status_m3xa',
  input: { documentId, status: 'archived' },
  output: { document: { id: documentId, title, status: 'archived' } },
  branch: 'next',
  ...{ from: 60, to: 950 },
});

const skipped = (key: string, because: Step['skippedBecause']): StepSeed => ({
  key,
  status: 'skipped',
  attempt: 0,
  skippedBecause: because,
});

export const noSide = skipped('status_p9ws', {
  code: 'branch_not_taken',
  nodeId: 'if_7kq2',
  handle: 'false',
});
export const at = (key: string, error: StepFailure) => ({
  ...error,
  nodeId: key.split('/').at(-1) ?? key,
  stepKey: key,
});

export interface Base {
  id: string;
  title: string;
  documentId: string;
  startedAt: string;
}

export const notice = (base: Base, rest: Pick<RunSeed, 'status' | 'steps'> & Partial<RunSeed>): RunDetail =>
  sampleRun({ workflow: noticeWorkflow, definition: noticeDefinition, ...base, ...rest });

/** Slack answered 503 three times, half a second and a second apart. */
export const failedRun = (base: Base): RunDetail =>
  notice(base, {
    status: 'failed',
    error: at('message_k2pd', failures.unavailable),
    endedAt: 3200,
    steps: [
      decided(1200),
      noSide,
      filed(base.documentId, base.title),
      {
        key: 'message_k2pd',
        status: 'failed',
        attempt: 3,
        input: message(base.title),
        error: failures.unavailable,
        attempts: [
          { from: 960, to: 1180, error: failures.unavailable, delayMs: 500 },
          { from: 1690, to: 1910, error: failures.unavailable, delayMs: 1000 },
          { from: 2930, to: 3190, error: failures.unavailable, delayMs: null },
        ],
        ...{ from: 2930, to: 3190 },
      },
    ],
  });

export const succeededRun = (base: Base): RunDetail =>
  notice(base, {
    status: 'succeeded',
    endedAt: 2100,
    steps: [
      decided(1200),
      noSide,
      filed(base.documentId, base.title),
      {
        key: 'message_k2pd',
        input: message(base.title),
        output: { channel: 'C024BE91L', ts: '1405895017.000506' },
        branch: 'next',
        ...{ from: 960, to: 2090 },
      },
    ],
  });

/** Under the threshold: the other branch. */
export const smallRun = (base: Base): RunDetail =>
  notice(base, {
    status: 'succeeded',
    payload: documentPayload(base.documentId, base.title, 480),
    endedAt: 1800,
    steps: [
      decided(480),
      skipped('status_m3xa', { code: 'branch_not_taken', nodeId: 'if_7kq2', handle: 'true' }),
      skipped('message_k2pd', { code: 'upstream_skipped', nodeId: 'status_m3xa' }),
      {
        key: 'status_p9ws',
        input: { documentId: base.documentId, status: 'completed' },
        output: { document: { id: base.documentId, title: base.title, status: 'completed' } },
        branch: 'next',
        ...{ from: 60, to: 1780 },
      },
    ],
  });

/** Slack asked for a pause of six minutes. */
export const waitingRun = (base: Base): RunDetail =>
  notice(base, {
    status: 'waiting',
    wakeAt: 361_180,
    steps: [
      decided(1850),
      noSide,
      filed(base.documentId, base.title),
      {
        key: 'message_k2pd',
        status: 'waiting',
        input: message(base.title),
        error: failures.rateLimited,
        attempts: [{ from: 960, to: 1180, error: failures.rateLimited, delayMs: 360_000 }],
        from: 960,
        wakeAt: 361_180,
      },
    ],
  });

export const runningRun = (base: Base): RunDetail =>
  notice(base, {
    status: 'running',
    steps: [
      decided(2400),
      noSide,
      filed(base.documentId, base.title),
      { key: 'message_k2pd', status: 'running', input: message(base.title), from: 960 },
    ],
  });

/** The answer of Slack was lost: nobody repeats the message unseen. */
export const doubtfulRun = (base: Base): RunDetail =>
  notice(base, {
    status: 'needs_attention',
    error: at('message_k2pd', failures.lost),
    endedAt: 16_000,
    steps: [
      decided(3100),
      noSide,
      filed(base.documentId, base.title),
      {
        key: 'message_k2pd',
        status: 'in_doubt',
        input: message(base.title),
        error: failures.lost,
        attempts: [{ from: 960, to: 15_960, error: failures.lost, delayMs: null }],
        from: 960,
      },
    ],
  });

/** The condition read a field the document does not have: nothing after it was reached. */
export const missingValueRun = (base: Base): RunDetail =>
  notice(base, {
    status: 'failed',
    error: at('if_7kq2', failures.missing),
    endedAt: 44,
    steps: [{ key: 'if_7kq2', status: 'failed', error: failures.missing, from: 40, to: 42 }],
  });

/** Failed at Slack for a reason of choice. */
export const failedWith = (base: Base, failure: StepFailure): RunDetail =>
  notice(base, {
    status: 'failed',
    error: at('message_k2pd', failure),
    endedAt: 1300,
    steps: [
      decided(1200),
      noSide,
      filed(base.documentId, base.title),
      {
        key: 'message_k2pd',
        status: 'failed',
        input: message(base.title),
        error: failure,
        attempts: [{ from: 960, to: 1290, error: failure, delayMs: null }],
        ...{ from: 960, to: 1290 },
      },
    ],
  });

const signers = [
  { name: 'Mario Rossi', role: 'signer', channel: '#clienti' },
  { name: 'Anna Bianchi', role: 'signer', channel: '#clienti-nord' },
  { name: 'Luca Verdi', role: 'observer', channel: '#interno' },
  { name: 'Sara Neri', role: 'signer', channel: '#clienti' },
];

/** Four signers: two messages sent, one to a channel that is gone, one not meant for a message. */
export const loopRun = (base: Base): RunDetail =>
  sampleRun({
    workflow: signersWorkflow,
    definition: signersDefinition,
    ...base,
    payload: { ...(documentPayload(base.documentId, base.title, 1200) as Record<string, Json>), signers },
    status: 'succeeded',
    endedAt: 4200,
    steps: [
      {
        key: 'loop_q8ra',
        input: { items: signers, onItemError: 'continue' },
        output: { count: 4, results: [], failed: 1 },
        branch: 'done',
        ...{ from: 20, to: 3400 },
      },
      ...signers.flatMap((signer, index) => iteration(signer, index, 40 + index * 840)),
      {
        key: 'status_z6hd',
        input: { documentId: base.documentId, status: 'archived' },
        output: { document: { id: base.documentId, title: base.title, status: 'archived' } },
        branch: 'next',
        ...{ from: 3410, to: 4190 },
      },
    ],
  });

function iteration(signer: (typeof signers)[number], index: number, from: number): StepSeed[] {
  const prefix = `loop_q8ra[${index}]`;
  const isClient = signer.role === 'signer';
  const branch = isClient ? 'true' : 'false';
  const input = { match: 'any', conditions: [{ left: signer.role, op: 'eq', right: 'signer' }] };
  const decision = {
    key: `${prefix}/if_2mvt`,
    input,
    output: { result: isClient },
    branch,
    from,
    to: from + 1,
  };
  const key = `${prefix}/message_w4nb`;
  if (!isClient)
    return [decision, skipped(key, { code: 'branch_not_taken', nodeId: 'if_2mvt', handle: 'true' })];
  const sent = { channel: signer.channel, text: `${signer.name} ha firmato Contratto Rossi.` };
  const times = { from: from + 10, to: from + 700 };
  if (signer.channel !== '#clienti-nord') {
    return [
      decision,
      {
        key,
        input: sent,
        output: { channel: 'C024BE91L', ts: '1405895017.000506' },
        branch: 'next',
        ...times,
      },
    ];
  }
  const error = failures.unknownChannel;
  return [
    decision,
    { key, status: 'failed', input: sent, error, attempts: [{ ...times, error, delayMs: null }], ...times },
  ];
}
