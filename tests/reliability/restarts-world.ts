import { setTimeout as delay } from 'node:timers/promises';
import { definition, node } from '../support/definitions';
import { type Call, effect, type World } from './world-blocks';

const linear = definition(
  [effect('a_1', 'idempotent'), effect('b_1', 'reconcilable'), effect('c_1', 'idempotent')],
  ['trigger -> a_1', 'a_1 -> b_1', 'b_1 -> c_1'],
);
const perItem = definition(
  [
    node('loop_1', 'flow.loop', { config: { items: '{{trigger.payload.items}}' } }),
    effect('a_1', 'idempotent'),
    effect('b_1', 'reconcilable'),
  ],
  ['trigger -> loop_1', 'loop_1:each -> a_1', 'loop_1:done -> b_1'],
);
const waiting = definition(
  [
    effect('a_1', 'reconcilable'),
    node('wait_1', 'flow.wait', {
      config: {
        ...{ for: 'event', event: 'test.signed' },
        where: [{ path: 'n', equals: '{{trigger.payload.n}}' }],
      },
    }),
    effect('b_1', 'idempotent'),
  ],
  ['trigger -> a_1', 'a_1 -> wait_1', 'wait_1:resumed -> b_1'],
);
/** What is run, and the keys of its effects. */
export const graphs = [
  { flow: linear, steps: ['a_1', 'b_1', 'c_1'] },
  { flow: perItem, steps: ['loop_1[0]/a_1', 'loop_1[1]/a_1', 'loop_1[2]/a_1', 'b_1'] },
  { flow: waiting, steps: ['a_1', 'b_1'] },
];

/** What was asked of the world, by run and step; it outlives the database. */
export class Ledger implements World {
  readonly entries = new Map<string, { calls: number; effects: number; keys: Set<string> }>();

  async act(call: Call) {
    const entry = this.entryOf(call);
    entry.calls += 1;
    entry.keys.add(call.effectKey);
    if (call.effectClass !== 'idempotent' || entry.effects === 0) entry.effects += 1;
    // The answer is on its way for a while, so that the database can go meanwhile.
    await delay(2);
    return { value: call.stepKey };
  }

  async ask(call: Call) {
    return this.entryOf(call).effects > 0 ? { value: call.stepKey } : null;
  }

  private entryOf({ runId, stepKey }: Call) {
    const key = `${runId}/${stepKey}`;
    const entry = this.entries.get(key) ?? { calls: 0, effects: 0, keys: new Set<string>() };
    this.entries.set(key, entry);
    return entry;
  }
}
