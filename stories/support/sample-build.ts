import type { Json, Run, RunDetail, Step, StepFailure, WorkflowDefinition } from '../../src/core';

export interface RunSeed {
  id: string;
  workflow: { id: string; name: string; version: number | null };
  definition: WorkflowDefinition;
  title: string;
  documentId: string;
  payload?: Json;
  /** ISO 8601 */
  startedAt: string;
  status: Run['status'];
  error?: Run['error'];
  /** Milliseconds after the start. */
  wakeAt?: number;
  endedAt?: number;
  cancelRequested?: boolean;
  retryOf?: string;
  steps: StepSeed[];
}

export interface StepSeed extends Partial<Omit<Step, 'startedAt' | 'finishedAt' | 'wakeAt' | 'attempts'>> {
  key: string;
  /** Milliseconds after the run's start; absent for what never began. */
  from?: number;
  to?: number;
  wakeAt?: number;
  attempts?: { from: number; to: number; error: StepFailure; delayMs: number | null }[];
}

/** A run as the API answers it, written down as offsets from its start. */
export function sampleRun(seed: RunSeed): RunDetail {
  const at = (offset: number | undefined) =>
    offset === undefined ? null : new Date(Date.parse(seed.startedAt) + offset).toISOString();
  const trigger = seed.definition.nodes[0]?.type ?? '';
  const run: Run = {
    id: seed.id,
    workflowId: seed.workflow.id,
    workflowName: seed.workflow.name,
    version: seed.workflow.version,
    status: seed.status,
    trigger,
    title: seed.title,
    businessKeys: [seed.documentId],
    retryOf: seed.retryOf ?? null,
    error: seed.error ?? null,
    wakeAt: at(seed.wakeAt),
    waitingFor: waitingFor(seed),
    canAct: true,
    cancelRequested: seed.cancelRequested ?? false,
    engine: null,
    createdAt: seed.startedAt,
    startedAt: seed.status === 'queued' ? null : seed.startedAt,
    finishedAt: at(seed.endedAt),
  };
  const payload = seed.payload ?? documentPayload(seed.documentId, seed.title, 1200);
  const steps = seed.steps.map((step) => toStep(step, seed.definition, at));
  return { run, steps: [triggerStep(run, payload), ...steps], definition: seed.definition };
}

function waitingFor({ status, steps }: RunSeed): Run['waitingFor'] {
  const wait = steps.find((step) => step.status === 'waiting')?.wait;
  if (status !== 'waiting' || !wait || wait.kind === 'time') return null;
  const { kind, until } = wait;
  return { kind, until, provider: wait.kind === 'connection' ? wait.provider : null };
}

function triggerStep(run: Run, payload: Json): Step {
  const seed = {
    key: 'trigger',
    status: 'succeeded',
    output: payload,
    branch: 'next',
    from: 0,
    to: 0,
  } as const;
  return toStep(
    seed,
    { schemaVersion: 1, nodes: [{ id: 'trigger', type: run.trigger, config: {} }], edges: [] },
    () => run.createdAt,
  );
}

function toStep(
  seed: StepSeed,
  definition: WorkflowDefinition,
  at: (offset: number | undefined) => string | null,
): Step {
  const { from, to, wakeAt, attempts = [], ...facts } = seed;
  const nodeId = seed.key.split('/').at(-1) ?? seed.key;
  const isSettled = ['succeeded', 'failed', 'canceled'].includes(seed.status ?? 'succeeded');
  return {
    ...{
      nodeId,
      type: definition.nodes.find((node) => node.id === nodeId)?.type ?? '',
      status: 'succeeded',
      attempt: 1,
    },
    ...{ input: null, output: null, error: null, branch: null, skippedBecause: null },
    ...{ wait: null, reusedFrom: null },
    ...facts,
    attempts: attempts.map(({ from: start, to: end, ...record }, index) => ({
      attempt: index + 1,
      startedAt: at(start) ?? '',
      finishedAt: at(end) ?? '',
      ...record,
    })),
    wakeAt: wakeAt === undefined ? null : at(wakeAt),
    startedAt: from === undefined ? null : at(from),
    finishedAt: isSettled && to !== undefined ? at(to) : null,
  };
}

export function documentPayload(id: string, title: string, amount: number): Json {
  return {
    document: {
      id,
      title,
      status: 'completed',
      url: `https://docs.example.com/documents/${id}`,
      externalId: null,
      tags: ['contratto'],
      customFields: { importo: amount, cliente: `${title.split(' ').at(-1)} S.r.l.` },
    },
    signatureRequestId: 'sr_4',
    completedAt: '2026-11-23T09:14:02Z',
    signers: [
      {
        name: 'Mario Rossi',
        email: 'mario@rossi.example',
        role: 'signer',
        status: 'signed',
        signedAt: '2026-11-23T09:13:50Z',
      },
    ],
    files: [{ kind: 'signed', filename: `${title}.pdf` }],
  };
}
