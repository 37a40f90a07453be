import { implementBlock } from '../../core/block/implement';
import { branch, wait } from '../../core/block/outcome';
import { approval } from './approval';
import { addDuration } from './time.server';

export const runApproval = implementBlock(approval, {
  run: ({ input: { message, approvers = [], deadline }, step }) =>
    wait({
      kind: 'decision',
      message,
      approvers,
      until: deadline ? new Date(addDuration(step.now(), deadline, step.timeZone)).toISOString() : null,
    }),
  resume: ({ step, wakeUp }) => {
    if (wakeUp.kind === 'decision') return branch(wakeUp.decision.decision, wakeUp.decision);
    const decidedAt = new Date(step.now()).toISOString();
    return branch('expired', { decision: 'expired', comment: null, decidedBy: null, decidedAt });
  },
});
