import { waitBlock } from '../../src/blocks/flow/wait';
import { handlesOf, type Json, passHandleOf } from '../../src/core';
import { condition, definition, node } from '../support/definitions';
import { START, startFlow } from './run-flow';

const before = (time: string) => new Date(Date.parse(time) - 1).toISOString();
/** A step that does nothing but show the way the run took. */
const after = (id: string) => node(id, 'flow.if', { config: condition(1, 'eq', 1) });
const waiting = (config: Record<string, Json>) =>
  definition([node('w', 'flow.wait', { config }), after('then')], ['trigger -> w', 'w -> then']);

const forEvent = (config: Record<string, Json> = {}) =>
  definition(
    [
      node('w', 'flow.wait', {
        config: {
          for: 'event',
          event: 'document.completed',
          where: [{ path: 'document.id', equals: '{{trigger.payload.id}}' }],
          ...config,
        },
      }),
      after('signed'),
      after('late'),
    ],
    ['trigger -> w', 'w:resumed -> signed', 'w:timed_out -> late'],
  );

const completed = {
  id: 'evt_1',
  type: 'document.completed',
  at: '2026-11-25T08:00:00.000Z',
  data: { document: { id: '7', title: 'Contratto Rossi' } },
};

describe('a wait for a time', () => {
  it.each<[string, Record<string, Json>, string]>([
    ['minutes', { amount: 90, unit: 'minutes' }, '2026-11-24T10:45:00.000Z'],
    ['hours', { amount: 24, unit: 'hours' }, '2026-11-25T09:15:00.000Z'],
    ['days, unless another unit is chosen', { amount: 2 }, '2026-11-26T09:15:00.000Z'],
    ['days to a time of day', { amount: 1, unit: 'days', at: '08:30' }, '2026-11-25T07:30:00.000Z'],
    ['days over a change of the clock', { amount: 150, unit: 'days' }, '2027-04-23T08:15:00.000Z'],
    ['a number from an earlier step', { amount: '{{trigger.payload.days}}' }, '2026-11-27T09:15:00.000Z'],
  ])('parks the run and goes on when it is over: %s', async (_, config, until) => {
    const flow = startFlow(waiting(config), { payload: { days: 3 } });
    const parked = await flow.at(START);
    expect(parked.end).toEqual({ status: 'waiting', wakeAt: until });
    expect(parked.step('w')).toMatchObject({ status: 'waiting', wait: { kind: 'time', until } });
    expect((await flow.at(before(until))).end).toEqual({ status: 'waiting', wakeAt: until });
    const finished = await flow.at(until);
    expect(finished.end).toEqual({ status: 'succeeded' });
    expect(finished.story).toEqual(['w succeeded next', 'then succeeded true']);
    expect(finished.step('w')?.output).toEqual({ waitedUntil: until });
  });

  it('counts days where the company is', async () => {
    const flow = startFlow(waiting({ amount: 1, at: '09:00' }), { timeZone: 'America/New_York' });
    expect((await flow.at(START)).end).toEqual({ status: 'waiting', wakeAt: '2026-11-25T14:00:00.000Z' });
  });

  it('says when it really went on, if that was later', async () => {
    const flow = startFlow(waiting({ amount: 1, unit: 'hours' }));
    await flow.at(START);
    const finished = await flow.at('2026-11-24T12:00:00.000Z');
    expect(finished.step('w')?.output).toEqual({ waitedUntil: '2026-11-24T12:00:00.000Z' });
  });
});

describe('a wait until a date', () => {
  it.each([
    ['2026-11-25', '2026-11-24T23:00:00.000Z'],
    ['2026-11-25T09:00', '2026-11-25T08:00:00.000Z'],
    ['2026-11-25T09:00:00+02:00', '2026-11-25T07:00:00.000Z'],
    ['2026-11-25T09:00:00.000Z', '2026-11-25T09:00:00.000Z'],
    ['2027-03-28T02:30', '2027-03-28T01:00:00.000Z'],
    ['2027-10-31T02:30', '2027-10-31T00:30:00.000Z'],
  ])('goes on then: %s', async (due, until) => {
    const flow = startFlow(waiting({ for: 'until', until: '{{trigger.payload.due}}' }), { payload: { due } });
    expect((await flow.at(START)).end).toEqual({ status: 'waiting', wakeAt: until });
    const finished = await flow.at(until);
    expect(finished.end).toEqual({ status: 'succeeded' });
    expect(finished.step('w')?.output).toEqual({ waitedUntil: until });
  });

  it.each(['2026-11-24', '2020-01-01', '2026-11-24T10:15', START])(
    'that is past, or now, goes on in the same leg: %s',
    async (until) => {
      const flow = startFlow(waiting({ for: 'until', until }));
      const finished = await flow.at(START);
      expect(finished.end).toEqual({ status: 'succeeded' });
      expect(finished.step('w')).toMatchObject({ wait: null, output: { waitedUntil: START } });
      expect(flow.store.commits).toHaveLength(1);
    },
  );

  it.each<[Json, string]>([
    ['28/03/2027', 'such as 2027-03-28'],
    ['2027-02-30', 'such as 2027-03-28'],
    ['', '"until"'],
    [null, '"until"'],
  ])('that is none fails the step and says what to write: %j', async (due, words) => {
    const flow = startFlow(waiting({ for: 'until', until: '{{trigger.payload.due}}' }), { payload: { due } });
    const failed = await flow.at(START);
    expect(failed.end).toMatchObject({
      status: 'failed',
      error: { code: 'input_invalid', path: 'until', message: expect.stringContaining(words) },
    });
  });

  it('that was never filled in fails the step too', async () => {
    expect((await startFlow(waiting({ for: 'until' })).at(START)).end).toMatchObject({
      status: 'failed',
      error: { code: 'input_invalid', path: 'until' },
    });
  });

  it('beyond the longest a run may last is refused at once', async () => {
    expect((await startFlow(waiting({ amount: 1_000_000 })).at(START)).end).toMatchObject({
      status: 'failed',
      error: { code: 'wait_too_long' },
    });
  });
});

describe('a wait for an event', () => {
  const timeout = { timeoutAmount: 7, timeoutUnit: 'days' };
  const due = '2026-12-01T09:15:00.000Z';

  it('tells the store what it looks for, values as text', async () => {
    const flow = startFlow(forEvent(timeout), { payload: { id: 7 } });
    const parked = await flow.at(START);
    expect(parked.end).toEqual({ status: 'waiting', wakeAt: due });
    expect(parked.step('w')?.wait).toEqual({
      kind: 'event',
      type: 'document.completed',
      where: [{ path: 'document.id', equals: '7' }],
      until: due,
    });
  });

  it('goes on by "resumed" with the event when it comes first', async () => {
    const flow = startFlow(forEvent(timeout), { payload: { id: '7' } });
    await flow.at(START);
    expect(flow.wake('w', { kind: 'event', event: completed })).toBe(true);
    const finished = await flow.at(completed.at);
    expect(finished.end).toEqual({ status: 'succeeded' });
    expect(finished.story).toEqual(['w succeeded resumed', 'signed succeeded true', 'late skipped']);
    expect(finished.step('w')?.output).toEqual({ event: completed });
  });

  it('goes on by "timed_out" when its time is over first; the event then comes too late', async () => {
    const flow = startFlow(forEvent(timeout), { payload: { id: '7' } });
    await flow.at(START);
    expect((await flow.at(before(due))).end).toEqual({ status: 'waiting', wakeAt: due });
    const finished = await flow.at(due);
    expect(finished.story).toEqual(['w succeeded timed_out', 'signed skipped', 'late succeeded true']);
    expect(finished.step('w')?.output).toEqual({ timedOutAt: due });
    expect(flow.wake('w', { kind: 'event', event: completed })).toBe(false);
  });

  it('lasts as long as the run may when no limit is set', async () => {
    const flow = startFlow(forEvent(), { payload: { id: '7' } });
    const parked = await flow.at(START);
    expect(parked.step('w')?.wait).toMatchObject({ until: null });
    expect(parked.end).toEqual({ status: 'waiting', wakeAt: '2027-11-25T09:15:00.000Z' });
  });

  it.each<[string, Json]>([
    ['nothing', null],
    ['a list', [1]],
    ['an object', { id: 1 }],
  ])('cannot compare with %s', async (_, id) => {
    expect((await startFlow(forEvent(), { payload: { id } }).at(START)).end).toMatchObject({
      status: 'failed',
      error: { code: 'input_invalid', path: 'where[0].equals' },
    });
  });
});

describe('the exits of a wait', () => {
  it.each<[Record<string, Json>, string[], string]>([
    [{}, ['next'], 'next'],
    [{ for: 'until' }, ['next'], 'next'],
    [{ for: 'event' }, ['resumed', 'timed_out'], 'resumed'],
  ])('depend on what it waits for: %j', (config, handles, pass) => {
    const wait = node('w', 'flow.wait', { config });
    expect(handlesOf(wait, waitBlock)).toEqual(handles);
    expect(passHandleOf(wait, waitBlock)).toBe(pass);
  });
});

describe('the card of a wait', () => {
  it.each<[Record<string, Json>, string, string]>([
    [{}, '… days', '… giorni'],
    [{ amount: 1 }, '1 day', '1 giorno'],
    [{ for: 'duration', amount: 3, unit: 'hours', at: '09:00' }, '3 hours', '3 ore'],
    [{ amount: 3, unit: 'days', at: '09:00' }, '3 days at 09:00', '3 giorni alle 09:00'],
    [
      { amount: '{{trigger.payload.days}}' },
      '{{trigger.payload.days}} days',
      '{{trigger.payload.days}} giorni',
    ],
    [{ for: 'until' }, 'Until …', 'Fino al …'],
    [{ for: 'until', until: '2026-12-01' }, 'Until Dec 1, 2026', 'Fino al 1 dic 2026'],
    [{ for: 'until', until: '2026-12-01T09:00' }, 'Until Dec 1, 2026, 9:00 AM', 'Fino al 1 dic 2026, 09:00'],
    [{ for: 'until', until: '{{run.id}}' }, 'Until {{run.id}}', 'Fino al {{run.id}}'],
    [{ for: 'event', event: 'document.completed' }, 'document.completed', 'document.completed'],
    [
      { for: 'event', event: 'x.y', timeoutAmount: 1, timeoutUnit: 'hours' },
      'x.y, at most 1 hour',
      'x.y, al massimo 1 ora',
    ],
  ])('says what it waits for: %j', (config, en, it) => {
    const text = (locale: 'en' | 'it') => waitBlock.summary?.(config, locale).replaceAll('\u202f', ' ');
    expect(text('en')).toBe(en);
    expect(text('it')).toBe(it);
  });
});
