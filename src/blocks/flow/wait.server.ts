import { implementBlock } from '../../core/block/implement';
import { branch, done, type Outcome, wait } from '../../core/block/outcome';
import { BlockError } from '../../core/errors';
import { addDuration, parseMoment } from './time.server';
import { waitBlock } from './wait';

const toIso = (ms: number): string => new Date(ms).toISOString();

export const runWait = implementBlock(waitBlock, {
  run: ({ input, step }) => {
    const { timeZone } = step;
    switch (input.for) {
      case 'duration': {
        const amount = given(input.amount, 'amount');
        return waitUntil(addDuration(step.now(), { ...input, amount }, timeZone), step.now());
      }
      case 'until':
        return waitUntil(parseMoment(given(input.until, 'until'), timeZone), step.now());
      case 'event': {
        const { timeoutAmount: amount, timeoutUnit: unit } = input;
        const where = given(input.where, 'where');
        return wait({
          kind: 'event',
          type: given(input.event, 'event'),
          where: where.map(({ path, equals }) => ({ path, equals: String(equals) })),
          until: amount === undefined ? null : toIso(addDuration(step.now(), { amount, unit }, timeZone)),
        });
      }
    }
  },
  resume: ({ input, step, wakeUp }) => {
    if (wakeUp.kind === 'event') return branch('resumed', { event: wakeUp.event });
    if (input.for === 'event') return branch('timed_out', { timedOutAt: toIso(step.now()) });
    return done({ waitedUntil: toIso(step.now()) });
  },
});

/** What is past goes on at once, without a leg of its own. */
const waitUntil = (until: number, now: number): Outcome =>
  until <= now ? done({ waitedUntil: toIso(now) }) : wait({ kind: 'time', until: toIso(until) });

/** The input calls a field optional when it is not always shown; here it must be there. */
function given<T>(value: T | undefined, path: string): T {
  if (value !== undefined) return value;
  const message = `The value of "${path}" is missing. Open the step and fill it in.`;
  throw new BlockError({ kind: 'terminal', code: 'input_invalid', message, actor: 'customer', path });
}
