import { implementBlock } from '../../core/block/implement';
import { branch, wait } from '../../core/block/outcome';
import { BlockError } from '../../core/errors';
import { approval, canBeMet } from './approval';
import { addDuration } from './time.server';

export const runApproval = implementBlock(approval, {
  run: ({ input: { message, approvers = [], required, deadline }, step }) => {
    if (!canBeMet(approvers, required)) {
      const text = `${required} people must approve, but only ${approvers.length} are asked. Ask more people, or fewer approvals.`;
      throw new BlockError({
        ...{ kind: 'terminal', code: 'input_invalid', message: text, actor: 'customer', path: 'required' },
      });
    }
    const until = deadline ? new Date(addDuration(step.now(), deadline, step.timeZone)).toISOString() : null;
    return wait({ kind: 'decision', message, approvers, required, until });
  },
  resume: ({ step, wakeUp }) => {
    if (wakeUp.kind === 'decision') {
      const { decision, decisions = [decision] } = wakeUp;
      return branch(decision.decision, { ...decision, decisions });
    }
    const decidedAt = new Date(step.now()).toISOString();
    return branch('expired', {
      decision: 'expired',
      comment: null,
      decidedBy: null,
      decidedAt,
      decisions: wakeUp.kind === 'time' ? (wakeUp.decisions ?? []) : [],
    });
  },
});
