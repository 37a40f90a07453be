import * as z from 'zod';
import { manual } from '../../src/blocks/flow/manual';
import {
  type BlockDefinition,
  defineBlock,
  done,
  executeRun,
  implementBlock,
  indexBlocks,
  type Json,
  MemoryRunStore,
  migrateDefinition,
  validateDefinition,
} from '../../src/core';
import { previewStep } from '../../src/core/run/try-step';
import { definition, node } from '../support/definitions';

const greet = (migrate: BlockDefinition['migrate']) =>
  defineBlock({
    type: 'test.greet',
    version: 3,
    provider: 'flow',
    label: { en: 'Greet', it: 'Saluta' },
    description: { en: 'Greets', it: 'Saluta' },
    icon: 'g',
    sideEffect: 'none',
    input: z.strictObject({ who: z.string(), loud: z.boolean() }),
    output: z.unknown(),
    sample: null,
    ...(migrate ? { migrate } : {}),
  });

/** 1 → 2: `name` is called `who`. 2 → 3: it is said how loud. */
const inSteps: BlockDefinition['migrate'] = (config, from): Record<string, Json> =>
  from === 1 ? { who: config.name as Json } : { ...config, loud: false };
const failing: BlockDefinition['migrate'] = (config) => {
  (config as Record<string, Json>).name = 'changed';
  throw new Error('no name is known');
};
const blocksWith = (migrate: BlockDefinition['migrate']) => indexBlocks([manual, greet(migrate)]);

const old = () =>
  definition(
    [
      node('first', 'test.greet', { config: { name: 'Anna' } }),
      node('second', 'test.greet', { blockVersion: 2, config: { who: 'Bruno' } }),
      node('third', 'test.greet', { blockVersion: 3, config: { who: 'Carla', loud: true } }),
    ],
    ['trigger -> first', 'first -> second', 'second -> third'],
  );

const runOf = (definition: ReturnType<typeof old>, migrate: BlockDefinition['migrate']) => {
  const given: unknown[] = [];
  const executor = implementBlock(greet(migrate), {
    run: ({ input }) => {
      given.push(input);
      return done(null);
    },
  });
  const manualRun = { id: 'r', companyId: 'c', payload: {}, workflow: { id: 'w', name: 'w' } };
  const facts = { definition, blocks: blocksWith(migrate), executors: { 'test.greet': executor } };
  const ports = { connect: async () => null, effectKey: (key: string) => key };
  return { given, input: { run: manualRun, ...facts, ...ports } };
};

describe('settings made for an older version of a block', () => {
  it('are brought to the present one, version by version; others and what is stored stay as they are', () => {
    const stored = old();
    const { nodes } = migrateDefinition(stored, blocksWith(inSteps));
    expect(nodes.slice(1)).toEqual([
      { id: 'first', type: 'test.greet', blockVersion: 3, config: { who: 'Anna', loud: false } },
      { id: 'second', type: 'test.greet', blockVersion: 3, config: { who: 'Bruno', loud: false } },
      stored.nodes[3],
    ]);
    expect(stored).toEqual(old());
  });

  it('are the very same object when there is nothing to do', () => {
    const blocks = blocksWith(inSteps);
    const migrated = migrateDefinition(old(), blocks);
    expect(migrateDefinition(migrated, blocks)).toBe(migrated);
  });

  it('are kept as they are where that fails, and said to be wrong at their step alone', () => {
    const stored = old();
    const blocks = blocksWith(failing);
    expect(migrateDefinition(stored, blocks)).toBe(stored);
    expect(stored).toEqual(old());
    expect(validateDefinition(stored, { blocks })).toMatchObject([
      {
        severity: 'error',
        code: 'migration_failed',
        nodeId: 'first',
        params: { label: 'Greet', reason: 'no name is known' },
      },
      { severity: 'error', code: 'migration_failed', nodeId: 'second' },
    ]);
  });

  it('that cannot be brought to it fail their step when a run reaches it, not the steps before', async () => {
    const workflow = definition(
      [
        node('fine', 'test.greet', { blockVersion: 3, config: { who: 'Carla', loud: true } }),
        ...old().nodes.slice(1, 2),
      ],
      ['trigger -> fine', 'fine -> first'],
    );
    const { given, input } = runOf(workflow, failing);
    const end = await executeRun({ ...input, store: new MemoryRunStore() });
    expect(end).toMatchObject({ status: 'failed', error: { code: 'migration_failed', nodeId: 'first' } });
    expect(given).toEqual([{ who: 'Carla', loud: true }]);
  });

  it('are tried as a run would take them', async () => {
    const trial = (migrate: BlockDefinition['migrate']) =>
      previewStep({ ...runOf(old(), migrate).input, nodeId: 'first', outputs: {} });
    expect(await trial(inSteps)).toMatchObject({ input: { who: 'Anna', loud: false }, error: null });
    expect((await trial(failing)).error).toMatchObject({ code: 'migration_failed' });
  });
});
