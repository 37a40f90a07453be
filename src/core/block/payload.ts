import type * as z from 'zod';
import type { Json } from '../json';
import type { AnyBlock } from './define';

/** What a block gives, and an example of it. */
export interface Given {
  schema: z.ZodType;
  sample: Json;
}

/** What a block configured so gives: for most blocks always the same, for a form the fields it declares. */
export function givenBy(block: AnyBlock, config: Readonly<Record<string, Json>>): Given {
  const own = block.kind === 'trigger' ? block.payloadFor?.(config) : null;
  return own ?? { schema: block.output as z.ZodType, sample: block.sample as Json };
}
