import {
  isFinished,
  nextRunStatus,
  type RunEvent,
  type RunStatus,
  runStatuses,
  stepStatuses,
} from '../../src/core';

const events: RunEvent[] = [
  ...(['claim', 'release', 'park', 'succeed', 'fail', 'doubt', 'wake', 'settle', 'cancel'] as const),
];

/** Every pair that can happen; all others cannot. */
const allowed: Partial<Record<`${RunStatus} ${RunEvent}`, RunStatus>> = {
  'queued claim': 'running',
  'waiting claim': 'running',
  'running claim': 'running',
  'running release': 'queued',
  'running park': 'waiting',
  'running succeed': 'succeeded',
  'running fail': 'failed',
  'running doubt': 'needs_attention',
  'waiting wake': 'queued',
  'needs_attention settle': 'queued',
  'queued cancel': 'canceled',
  'running cancel': 'canceled',
  'waiting cancel': 'canceled',
  'needs_attention cancel': 'canceled',
};

describe('the states of a run', () => {
  const pairs = runStatuses.flatMap((status) => events.map((event) => [status, event] as const));

  it.each(pairs)('%s on %s', (status, event) => {
    expect(nextRunStatus(status, event)).toBe(allowed[`${status} ${event}`] ?? null);
  });

  it('are left by nothing once the run is at its end', () => {
    for (const status of runStatuses.filter(isFinished))
      expect(events.map((event) => nextRunStatus(status, event))).toEqual(events.map(() => null));
    expect(runStatuses.filter(isFinished)).toEqual(['succeeded', 'failed', 'canceled']);
  });

  it('and of a step are those of the contract', () => {
    expect(runStatuses).toEqual([
      'queued',
      'running',
      'waiting',
      'succeeded',
      'failed',
      'canceled',
      'needs_attention',
    ]);
    expect(stepStatuses).toEqual([
      ...['pending', 'running', 'waiting', 'succeeded', 'failed', 'skipped', 'canceled', 'in_doubt'],
    ]);
  });
});
