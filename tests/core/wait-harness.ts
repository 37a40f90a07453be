import type { Wait, WakeUp } from '../../src/core';
import { definition, node } from '../support/definitions';
import { type RunOptions, type RunReport, run, START } from './run-harness';

export const MINUTE = 60_000;
export const DAY = 86_400_000;
export const iso = (ms: number) => new Date(ms).toISOString();
export const at = (now: number) => ({ clock: { now: () => now } });

export const inOneHour: Wait = { kind: 'time', until: iso(START + 60 * MINUTE) };
export const forEvent = (until: number | null): Wait => ({
  kind: 'event',
  type: 'document.signed',
  where: [{ path: 'document.id', equals: 'd1' }],
  until: until === null ? null : iso(until),
});
export const forDecision: Wait = {
  kind: 'decision',
  message: 'Pay it?',
  approvers: ['u1'],
  until: iso(START + DAY),
};
export const event: WakeUp = {
  kind: 'event',
  event: { id: 'e1', type: 'document.signed', at: iso(START + MINUTE), data: { document: { id: 'd1' } } },
};
export const decided: WakeUp = {
  kind: 'decision',
  decision: { decision: 'approved', comment: null, decidedBy: 'u1', decidedAt: iso(START + MINUTE) },
};

export const waiting = (what: Wait, rest = {}) =>
  definition(
    [
      node('before', 'test.idempotent'),
      node('pause', 'test.wait', { config: { for: what }, ...rest }),
      node('after', 'test.once'),
      node('instead', 'test.once'),
    ],
    ['trigger -> before', 'before -> pause', 'pause -> after', 'pause:late -> instead'],
  );

/** The next leg of the same run, `now` on the clock. */
export const later = (
  workflow: Parameters<typeof run>[0],
  report: RunReport,
  now: number,
  options: RunOptions = {},
) => run(workflow, { store: report.store, ...at(now), ...options });

export const called = ({ calls }: RunReport) => calls.map(({ step }) => step.stepKey);
