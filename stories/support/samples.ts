import type { Integration, RemoteOption, RunDetail, Workflow } from '../../src/core';
import type { FakeClientOptions } from './fake-client';
import {
  confirmDefinition,
  draftDefinition,
  noticeDefinition,
  signersDefinition,
} from './sample-definitions';
import { failures } from './sample-failures';
import * as runs from './sample-runs';
import { type WaitingRunName, waitingRuns } from './sample-waits';

const minute = 60_000;
const day = 1440 * minute;

export interface Samples
  extends Required<Pick<FakeClientOptions, 'workflows' | 'runs' | 'integrations' | 'options'>> {
  /** The runs by what they show. */
  byName: Record<SampleRunName, RunDetail>;
}

export type SampleRunName =
  | 'failed'
  | 'waiting'
  | 'running'
  | 'succeeded'
  | 'otherBranch'
  | 'doubtful'
  | 'missingValue'
  | 'revoked'
  | 'fault'
  | 'loop'
  | WaitingRunName;

/** A small Italian company on a working day: its workflows, the runs of the last days, its integrations. */
export function createSamples(now: number = Date.now()): Samples {
  const byName = sampleRuns(now);
  return {
    byName,
    runs: Object.values(byName),
    workflows: sampleWorkflows(now),
    integrations: [sampleIntegration(now)],
    options: { 'slack.channels': channels(), 'doc-manager.statuses': statuses, 'flow.people': people },
  };
}

function sampleRuns(now: number): Record<SampleRunName, RunDetail> {
  const base = (id: number, title: string, ago: number) => ({
    id: `019ab3c2-7d10-7000-8000-${String(id).padStart(12, '0')}`,
    title,
    documentId: `doc_${id}`,
    startedAt: new Date(now - ago).toISOString(),
  });
  return {
    running: runs.runningRun(base(9, 'Contratto Verdi', 4_000)),
    waiting: runs.waitingRun(base(8, 'Preventivo Bianchi', 3 * minute)),
    failed: runs.failedRun(base(7, 'Contratto Rossi', 16 * minute)),
    succeeded: runs.succeededRun(base(6, 'Contratto Neri', 48 * minute)),
    otherBranch: runs.smallRun(base(5, 'Lettera d’incarico Gallo', 80 * minute)),
    loop: runs.loopRun(base(10, 'Contratto quadro Rossi', 95 * minute)),
    doubtful: runs.doubtfulRun(base(4, 'Contratto Ferri', day + 30 * minute)),
    missingValue: runs.missingValueRun(base(3, 'Ordine Esposito', day + 95 * minute)),
    revoked: runs.failedWith(base(2, 'Contratto Costa', 3 * day), failures.revoked),
    fault: runs.failedWith(base(1, 'Preventivo Moretti', 4 * day), failures.fault),
    ...waitingRuns(base),
  };
}

/** Enough runs for several pages. */
export function createManyRuns(count: number, now: number = Date.now()): RunDetail[] {
  const names = ['Rossi', 'Bianchi', 'Verdi', 'Neri', 'Gallo', 'Ferri', 'Costa', 'Moretti'];
  return Array.from({ length: count }, (_, index) => {
    const base = {
      id: `019ab3c2-7d10-7000-9000-${String(count - index).padStart(12, '0')}`,
      title: `Contratto ${names[index % names.length]} ${count - index}`,
      documentId: `doc_${1000 + count - index}`,
      startedAt: new Date(now - (index + 1) * 37 * minute).toISOString(),
    };
    return index % 7 === 3 ? runs.failedRun(base) : runs.succeededRun(base);
  });
}

function sampleWorkflows(now: number): Workflow[] {
  const createdAt = new Date(now - 40 * day).toISOString();
  const updatedAt = new Date(now - 2 * day).toISOString();
  const times = { createdAt, updatedAt, enabled: true };
  return [
    {
      id: 'wf_notice',
      name: 'Avviso dopo la firma',
      draft: { definition: noticeDefinition, revision: 9 },
      publishedVersion: 4,
      ...times,
    },
    {
      id: 'wf_signers',
      name: 'Messaggio ai firmatari',
      draft: { definition: signersDefinition, revision: 3 },
      publishedVersion: 2,
      ...times,
    },
    {
      id: 'wf_confirm',
      name: 'Conferma prima dell’invio',
      draft: { definition: confirmDefinition, revision: 6 },
      publishedVersion: 3,
      ...times,
    },
    {
      id: 'wf_draft',
      name: 'Benvenuto al cliente',
      draft: { definition: draftDefinition, revision: 1 },
      publishedVersion: null,
      ...times,
    },
  ];
}

/** Slack, connected. Change fields to see other states. */
export function sampleIntegration(now: number = Date.now(), changes: Partial<Integration> = {}): Integration {
  return {
    provider: 'slack',
    label: { en: 'Slack', it: 'Slack' },
    description: { en: 'Messages to your channels', it: 'Messaggi nei tuoi canali' },
    icon: '#',
    color: '#611f69',
    configured: true,
    state: 'active',
    account: { id: 'T0ACME', label: 'ACME S.r.l.' },
    accounts: [],
    scopes: ['chat:write', 'channels:read'],
    connectedAt: new Date(now - 42 * day).toISOString(),
    connectedBy: 'Laura Bianchi',
    lastUsedAt: new Date(now - 4 * minute).toISOString(),
    lastErrorCode: null,
    workflows: [
      { id: 'wf_notice', name: 'Avviso dopo la firma' },
      { id: 'wf_signers', name: 'Messaggio ai firmatari' },
      { id: 'wf_draft', name: 'Benvenuto al cliente' },
    ],
    ...changes,
  };
}

/** The fields of an integration nobody has connected. */
export const unconnected: Partial<Integration> = {
  state: 'not_connected',
  ...{ account: null, scopes: [], connectedAt: null, connectedBy: null, lastUsedAt: null },
};

/** More than one page of channels. */
function channels(): RemoteOption[] {
  const named = ['fatture', 'amministrazione', 'commerciale', 'clienti', 'contratti', 'generale'];
  const many = Array.from({ length: 40 }, (_, index) => `progetto-${String(index + 1).padStart(2, '0')}`);
  return [...named, ...many].map((name, index) => ({ value: `C${1000 + index}`, label: `#${name}` }));
}

const anyAdmin = { en: 'Any administrator', it: 'Qualsiasi amministratore' };
const people = [
  { value: 'role:admin', label: anyAdmin.it, labels: anyAdmin },
  { value: 'user_laura', label: 'Laura Bianchi' },
  { value: 'user_marco', label: 'Marco Gallo' },
];
const statuses: RemoteOption[] = [
  { value: 'draft', label: 'Bozza' },
  { value: 'sent', label: 'Inviato alla firma' },
  { value: 'completed', label: 'Completato' },
  { value: 'archived', label: 'Archiviato' },
];
