import { actions } from '../../src/blocks';
import { updateStatus } from '../../src/blocks/doc-manager/update-status';
import { approval } from '../../src/blocks/flow/approval';
import { runIf, runLoop, runStop } from '../../src/blocks/flow/executors';
import { waitBlock } from '../../src/blocks/flow/wait';
import { sendMessage } from '../../src/blocks/slack/send-message';
import { type AnyExecutor, type BlockDefinition, branch, done, implementBlock, wait } from '../../src/core';

/** Executors without a network: the flow's own, and providers that always succeed after `delayMs`. */
export function createExecutors(delayMs = 0): Record<string, AnyExecutor> {
  const pause = () => new Promise<void>((resolve) => setTimeout(resolve, delayMs));
  // What is not told apart below succeeds with its sample.
  const sampled = actions.map((block): [string, AnyExecutor] => [
    block.type,
    implementBlock(block as BlockDefinition, { run: () => done(block.sample) }),
  ]);
  return {
    ...Object.fromEntries(sampled),
    'flow.if': runIf,
    'flow.loop': runLoop,
    'flow.stop': runStop,
    'flow.approval': waitForDecision,
    'flow.wait': waitForTimeOrEvent,
    'slack.send-message': implementBlock(sendMessage, {
      run: async ({ input }) => {
        if (delayMs > 0) await pause();
        return done({ channel: input.channel, ts: '1405895017.000506' });
      },
    }),
    'doc-manager.update-status': implementBlock(updateStatus, {
      run: async ({ input }) => {
        if (delayMs > 0) await pause();
        return done({ document: { id: input.documentId, title: 'Contratto Rossi', status: input.status } });
      },
    }),
  };
}

const unitMs = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

/** Days are 24 hours here: the calendar and its time zones are the server's. */
const later = (now: number, amount: number, unit: keyof typeof unitMs): string =>
  new Date(now + amount * unitMs[unit]).toISOString();

const waitForDecision = implementBlock(approval, {
  run: ({ input: { message, approvers = [], deadline }, step }) =>
    wait({
      kind: 'decision',
      message,
      approvers,
      until: deadline ? later(step.now(), deadline.amount, deadline.unit) : null,
    }),
  resume: ({ step, wakeUp }) => {
    if (wakeUp.kind === 'decision') return branch(wakeUp.decision.decision, wakeUp.decision);
    const decidedAt = new Date(step.now()).toISOString();
    return branch('expired', { decision: 'expired', comment: null, decidedBy: null, decidedAt });
  },
});

const waitForTimeOrEvent = implementBlock(waitBlock, {
  run: ({ input, step }) => {
    const { amount = 1, unit, until, event = '', where = [], timeoutAmount, timeoutUnit } = input;
    if (input.for !== 'event')
      return wait({
        kind: 'time',
        until: input.for === 'until' ? String(until) : later(step.now(), amount, unit),
      });
    const limit = timeoutAmount === undefined ? null : later(step.now(), timeoutAmount, timeoutUnit);
    const fields = where.map(({ path, equals }) => ({ path, equals: String(equals) }));
    return wait({ kind: 'event', type: event, where: fields, until: limit });
  },
  resume: ({ input, step, wakeUp }) => {
    const now = new Date(step.now()).toISOString();
    if (wakeUp.kind === 'event') return branch('resumed', { event: wakeUp.event });
    return input.for === 'event' ? branch('timed_out', { timedOutAt: now }) : done({ waitedUntil: now });
  },
});
