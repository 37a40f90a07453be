import { blocks } from '../../src/blocks';
import { indexBlocks, validateDefinition } from '../../src/core';
import { around, misconfigurationsOf } from '../support/misconfigurations';
import { validConfig } from '../support/valid-config';

const lookup = indexBlocks(blocks);

describe.each(blocks.map((block) => [block.type, block] as const))('%s', (_, block) => {
  it('is found right when everything in it is filled in as it should be', () => {
    expect(validateDefinition(around(block, validConfig(block)).definition, { blocks: lookup })).toEqual([]);
  });

  it('is found wrong at the step and the field in every way it can be got wrong', () => {
    const missed = misconfigurationsOf(block).filter(({ definition, nodeId, path }) => {
      const issues = validateDefinition(definition, { blocks: lookup });
      return !issues.some((issue) => issue.nodeId === nodeId && isAt(issue.path, path));
    });
    expect(missed.map(({ what, path }) => `${path}: ${what}`)).toEqual([]);
  });
});

/** At the field, or at something inside it. */
const isAt = (found: string | undefined, path: string | null): boolean =>
  path === null ||
  found === path ||
  (found?.startsWith(`${path}.`) ?? false) ||
  (found?.startsWith(`${path}[`) ?? false);
