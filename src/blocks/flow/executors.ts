import { implementBlock } from '../../core/block/implement';
import { branch, forEach, stop } from '../../core/block/outcome';
import { evaluateConditions } from '../../core/condition';
import type { Json } from '../../core/json';
import { ifBlock } from './if';
import { loop } from './loop';
import { stopBlock } from './stop';

export const runIf = implementBlock(ifBlock, {
  run: ({ input, step }) => {
    const result = evaluateConditions(input.match, input.conditions, step.timeZone);
    return branch(result ? 'true' : 'false', { result });
  },
});

export const runLoop = implementBlock(loop, {
  run: ({ input }) =>
    forEach(input.items as Json[], { collect: input.collect || undefined, onItemError: input.onItemError }),
});

export const runStop = implementBlock(stopBlock, {
  run: ({ input }) => stop(input.status, input.message),
});
