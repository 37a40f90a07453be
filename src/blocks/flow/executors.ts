import { implementBlock } from '../../core/block/implement';
import { branch, forEach } from '../../core/block/outcome';
import { evaluateConditions } from '../../core/condition';
import type { Json } from '../../core/json';
import { ifBlock } from './if';
import { loop } from './loop';

export const runIf = implementBlock(ifBlock, {
  run: ({ input }) => {
    const result = evaluateConditions(input.match, input.conditions);
    return branch(result ? 'true' : 'false', { result });
  },
});

export const runLoop = implementBlock(loop, {
  run: ({ input }) =>
    forEach(input.items as Json[], { collect: input.collect || undefined, onItemError: input.onItemError }),
});
