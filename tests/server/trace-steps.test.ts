import type { StepRecord } from '../../src/core/run/ports';
import { tellSteps, tellWait } from '../../src/server/admin/trace-steps';
import type { WaitEntity } from '../../src/server/db/entities';

const created = Date.parse('2027-01-11T08:00:00Z');
const at = (seconds: number) => new Date(created + seconds * 1000).toISOString();
const failure = { kind: 'retry', code: 'busy', message: 'Busy.' } as const;
let seq = 0;
const step = (
  key: string,
  from: number | null,
  to: number | null,
  rest: Partial<StepRecord> = {},
): StepRecord => ({
  ...{ key, nodeId: key.split('/').at(-1) ?? key, type: 'any', seq: seq++, status: 'succeeded', attempt: 1 },
  ...{
    input: null,
    output: null,
    error: null,
    branch: 'next',
    skippedBecause: null,
    attempts: [],
    wakeAt: null,
  },
  ...{ wait: null, startedAt: from === null ? null : at(from), finishedAt: to === null ? null : at(to) },
  ...rest,
});
const skippedBecause = { code: 'disabled' } as const;
const tell = (steps: StepRecord[], reusedFrom: [string, string][] = []) =>
  tellSteps(steps, new Map(reusedFrom), { createdAt: new Date(created) }).map((entry) =>
    'stepKey' in entry
      ? `${(Date.parse(entry.at) - created) / 1000} ${entry.kind} ${entry.stepKey}`
      : entry.kind,
  );

describe('the steps of a trace', () => {
  it('end before the next begin, and a loop after all that is inside it, also within one instant', () => {
    const loop = [
      step('first', 1, 1),
      step('loop', 1, 2),
      step('loop[0]/inner', 1, 2),
      step('loop[0]/inner[0]/a', 1, 1),
      step('loop[1]/b', 2, 2),
      step('last', 2, 2),
    ];
    expect(tell(loop)).toEqual([
      '1 step_began first',
      '1 step_ended first',
      '1 step_began loop',
      '1 step_began loop[0]/inner',
      '1 step_began loop[0]/inner[0]/a',
      '1 step_ended loop[0]/inner[0]/a',
      '2 step_ended loop[0]/inner',
      '2 step_began loop[1]/b',
      '2 step_ended loop[1]/b',
      '2 step_ended loop',
      '2 step_began last',
      '2 step_ended last',
    ]);
  });

  it('that were skipped are told with what came before them, inside a loop with its beginning', () => {
    const steps = [
      step('loop', 1, 9),
      step('loop[0]/off', null, null, { status: 'skipped', skippedBecause }),
      step('loop[0]/a', 2, 3),
      step('after', null, null, { status: 'skipped', skippedBecause }),
    ];
    expect(tell(steps)).toEqual([
      '1 step_began loop',
      '1 step_skipped loop[0]/off',
      '2 step_began loop[0]/a',
      '3 step_ended loop[0]/a',
      '9 step_ended loop',
      '9 step_skipped after',
    ]);
  });

  it('of a retry tell what was done and begun before as such, not at a time before the run', () => {
    const attempts = [
      { attempt: 1, startedAt: at(-60), finishedAt: at(-50), error: failure, delayMs: 5 },
      { attempt: 2, startedAt: at(3), finishedAt: at(4), error: failure, delayMs: 5 },
    ];
    const steps = [step('done', -90, -80), step('loop', -70, null), step('open', -60, 6, { attempts })];
    expect(tell(steps, [['done', 'the run before']])).toEqual([
      '0 step_reused done',
      '0 step_carried loop',
      '0 step_carried open',
      '4 attempt_failed open',
      '6 step_ended open',
    ]);
  });

  it('in doubt have ended as long as nobody settles them', () => {
    const attempts = [{ attempt: 1, startedAt: at(1), finishedAt: at(5), error: failure, delayMs: null }];
    expect(tell([step('sent', 1, null, { status: 'in_doubt', attempts })])).toEqual([
      '1 step_began sent',
      '5 attempt_failed sent',
      '5 step_ended sent',
    ]);
  });

  it('tell of a wait for a time, but not of the pause before an attempt at going on', () => {
    const wait = { kind: 'time', until: at(60) } as const;
    const after = { wait, wakeUp: { kind: 'time' } } as const;
    expect(tell([step('pause', 1, null, { status: 'waiting', wait })])).toContain('1 wait_began pause');
    const putOff = step('fetch', 1, null, { status: 'waiting', wait: { ...wait, after } });
    expect(tell([putOff])).toEqual(['1 step_began fetch']);
  });
});

describe('the waits of a trace', () => {
  it('keep the decisions of a wait that another has taken the row of', () => {
    const decision = { decision: 'approved', comment: null, decidedBy: 'carla', decidedAt: at(5) } as const;
    const asked = { kind: 'decision', message: 'Pay?', approvers: [], until: null } as const;
    const row = {
      ...{
        stepKey: 'ask',
        state: 'woken',
        createdAt: new Date(at(6)),
        endedAt: new Date(at(9)),
        decisions: [],
      },
      wakeUp: { kind: 'connection' },
      wait: {
        ...{ kind: 'connection', provider: 'slack', until: null },
        after: { wait: asked, wakeUp: { kind: 'decision', decision, decisions: [decision] } },
      },
    } as unknown as WaitEntity;
    const entries = tellWait(row);
    expect(entries).toMatchObject([
      { kind: 'decided', at: at(5), by: 'carla' },
      { kind: 'wait_began', at: at(6), waitsFor: 'connection', provider: 'slack' },
      { kind: 'wait_ended', at: at(9), wokenBy: 'connection', eventId: null },
    ]);
    expect(JSON.stringify(entries)).not.toContain('Pay?');
  });
});
