/** Blocks and triggers of a host's own, as tests need them: everything but what a test is about is the same. */
import * as z from 'zod';
import { type BlockDefinition, defineBlock, defineTrigger } from '../../src/core';

const text = { en: 'ACME', it: 'ACME' };
const described = { label: text, description: text, icon: 'a' };

export const acmeBlock = <I extends z.ZodObject>(
  type: string,
  input: I,
  facts: Pick<BlockDefinition, 'provider' | 'sideEffect'>,
) => defineBlock({ ...described, ...facts, type, input, output: z.unknown(), sample: {} });

export const acmeTrigger = (type: string, event: string) =>
  defineTrigger({
    ...{ ...described, type, event, provider: 'flow' },
    ...{ input: z.strictObject({}), output: z.looseObject({}), sample: {} },
  });
