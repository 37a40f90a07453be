import { approval } from '../../src/blocks/flow/approval';
import type { Decision, Json } from '../../src/core';
import { condition, definition, node } from '../support/definitions';
import { START, startFlow } from './run-flow';

const after = (id: string) => node(id, 'flow.if', { config: condition(1, 'eq', 1) });
const workflow = (config: Record<string, Json> = {}, disabled = false) =>
  definition(
    [
      node('ask', 'flow.approval', {
        config: { message: 'Inviare {{trigger.payload.title}}?', ...config },
        ...(disabled ? { disabled } : {}),
      }),
      after('yes'),
      after('no'),
      after('late'),
    ],
    ['trigger -> ask', 'ask:approved -> yes', 'ask:rejected -> no', 'ask:expired -> late'],
  );
const payload = { title: 'Fattura 12', boss: 'user_anna' };
const decide = (decision: Decision['decision'], comment: string | null = null): Decision => ({
  decision,
  comment,
  decidedBy: 'user_anna',
  decidedAt: '2026-11-24T11:00:00.000Z',
});

describe('an approval', () => {
  it('asks the people it names, with its deadline in calendar days', async () => {
    const flow = startFlow(
      workflow({ approvers: ['{{trigger.payload.boss}}', 'user_luca'], deadline: { amount: 150 } }),
      { payload },
    );
    const { end, step } = await flow.at(START);
    const until = '2027-04-23T08:15:00.000Z';
    expect(end).toEqual({ status: 'waiting', wakeAt: until });
    expect(step('ask')?.wait).toEqual({
      kind: 'decision',
      message: 'Inviare Fattura 12?',
      approvers: ['user_anna', 'user_luca'],
      required: 1,
      until,
    });
  });

  it('asks everybody, for as long as the run may last, when nothing else is said', async () => {
    const flow = startFlow(workflow(), { payload });
    expect((await flow.at(START)).step('ask')?.wait).toMatchObject({ approvers: [], until: null });
  });

  it.each([
    ['approved', 'yes', null],
    ['rejected', 'no', 'Troppo caro'],
  ] as const)(
    'that is %s goes on there, and says who decided, when and why',
    async (answer, way, comment) => {
      const flow = startFlow(workflow({ deadline: { amount: 2, unit: 'hours' } }), { payload });
      await flow.at(START);
      const decision = decide(answer, comment);
      expect(flow.wake('ask', { kind: 'decision', decision })).toBe(true);
      expect(flow.wake('ask', { kind: 'decision', decision: decide('rejected') })).toBe(false);
      const { end, step, story } = await flow.at(decision.decidedAt);
      expect(end).toEqual({ status: 'succeeded' });
      expect(story).toContain(`ask succeeded ${answer}`);
      expect(story.filter((line) => line.endsWith('skipped'))).toHaveLength(2);
      expect(story).toContain(`${way} succeeded true`);
      expect(step('ask')?.output).toEqual({ ...decision, decisions: [decision] });
    },
  );

  it('that nobody decides in time expires; a decision after that comes too late', async () => {
    const flow = startFlow(workflow({ deadline: { amount: 2, unit: 'hours' } }), { payload });
    const due = '2026-11-24T11:15:00.000Z';
    await flow.at(START);
    expect((await flow.at('2026-11-24T11:14:59.999Z')).end).toEqual({ status: 'waiting', wakeAt: due });
    const { story, step } = await flow.at(due);
    expect(story).toEqual(['ask succeeded expired', 'yes skipped', 'no skipped', 'late succeeded true']);
    expect(step('ask')?.output).toEqual({
      decision: 'expired',
      comment: null,
      decidedBy: null,
      decidedAt: due,
      decisions: [],
    });
    expect(flow.wake('ask', { kind: 'decision', decision: decide('approved') })).toBe(false);
  });

  it('that is disabled lets the run pass as approved', async () => {
    const { end, story } = await startFlow(workflow({}, true), { payload }).at(START);
    expect(end).toEqual({ status: 'succeeded' });
    expect(story).toContain('yes succeeded true');
    expect(story).toContain('no skipped');
  });

  it('says on its card what is asked and until when', () => {
    const deadline = { amount: 1, unit: 'days' };
    expect(approval.summary?.({}, 'en')).toBe('Not set up yet');
    expect(approval.summary?.({ message: 'Inviare?' }, 'it')).toBe('Inviare?');
    expect(approval.summary?.({ message: 'Inviare?', deadline }, 'it')).toBe('Inviare? (entro 1 giorno)');
    expect(approval.summary?.({ message: 'Send it?', deadline: { amount: 3 } }, 'en')).toBe(
      'Send it? (within 3 days)',
    );
  });
});
