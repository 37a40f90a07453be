import { type Json, MemoryRunStore, stop } from '../../src/core';
import { condition, definition, node } from '../support/definitions';
import { reopen, run } from './run-harness';

const stopping = (status: string, rest: Record<string, Json> = {}) =>
  node('halt', 'test.stop', { config: { status, ...rest }, onError: 'continue' });

describe('a step that stops the run', () => {
  const behind = (status: string, rest?: Record<string, Json>) =>
    definition(
      [node('a', 'test.once'), stopping(status, rest), node('b', 'test.once'), node('c', 'test.once')],
      ['trigger -> a', 'a -> halt', 'halt -> b', 'trigger -> c'],
    );

  it('as succeeded ends it well at once, in one commit with the last result: other branches are not begun', async () => {
    const report = await run(
      definition(
        [stopping('succeeded', { message: 'Nothing to do.' }), node('b', 'test.once')],
        ['trigger -> halt', 'trigger -> b'],
      ),
    );
    expect(report.end).toEqual({ status: 'succeeded' });
    expect(report.story).toEqual(['halt succeeded']);
    expect(report.step('halt').output).toEqual({ status: 'succeeded', message: 'Nothing to do.' });
    expect(report.step('halt').finishedAt).not.toBeNull();
    expect(report.commits).toHaveLength(1);
    expect(report.calls).toEqual([]);
  });

  it('as failed fails it with its message, naming the step, though the node is to continue on errors', async () => {
    const report = await run(behind('failed', { message: 'The total is negative.' }));
    expect(report.end).toEqual({
      status: 'failed',
      error: {
        kind: 'terminal',
        code: 'stopped',
        message: 'The total is negative.',
        actor: 'customer',
        nodeId: 'halt',
        stepKey: 'halt',
      },
    });
    expect(report.story).toEqual(['a succeeded next', 'halt succeeded']);
  });

  it('as failed without a message says that the workflow did it', async () => {
    const report = await run(behind('failed'));
    expect(report.end).toMatchObject({ error: { message: 'The workflow ended the run as failed.' } });
  });

  it('behind a branch not taken stops nothing', async () => {
    const report = await run(
      definition(
        [
          node('choice', 'flow.if', { config: condition(1, 'eq', 2) }),
          stopping('failed'),
          node('b', 'test.once'),
        ],
        ['trigger -> choice', 'choice:true -> halt', 'choice:false -> b'],
      ),
    );
    expect(report.end).toEqual({ status: 'succeeded' });
    expect(report.calls).toHaveLength(1);
  });

  it('keeps its message short and storable', async () => {
    const report = await run(behind('failed', { message: `${'x\u0000'.repeat(600)}` }));
    expect(report.step('halt').output).toEqual({ status: 'failed', message: 'x'.repeat(500) });
  });

  it('stops it again when its journal is read back, as for a retry from there', async () => {
    for (const status of ['succeeded', 'failed']) {
      const first = await run(behind(status));
      const again = await run(behind(status), { store: await reopen(first.store) });
      expect(again.end).toEqual(first.end);
      expect(again.calls).toEqual([]);
      expect(again.steps).toEqual(first.steps);
    }
  });

  it('may be a step with an effect: the effect is on record, and the run has ended', async () => {
    const workflow = definition([node('a', 'test.once'), node('b', 'test.once')], ['trigger -> a', 'a -> b']);
    const report = await run(workflow, { behaviour: { a: () => stop('succeeded') } });
    expect(report.end).toEqual({ status: 'succeeded' });
    expect(report.story).toEqual(['a succeeded']);
    expect(report.commits).toHaveLength(2);
  });
});

describe('a step that stops the run from inside loops', () => {
  const nested = (status: string) =>
    definition(
      [
        node('outer', 'flow.loop', {
          config: { items: [1, 2], onItemError: 'continue' },
          onError: 'continue',
        }),
        node('inner', 'flow.loop', {
          config: { items: ['x', 'y'], onItemError: 'continue' },
          onError: 'branch',
        }),
        node('act', 'test.once'),
        stopping(status, { message: 'Enough.' }),
        node('mend', 'test.once'),
        node('after', 'test.once'),
      ],
      [
        'trigger -> outer',
        'outer:each -> inner',
        'inner:each -> act',
        'act -> halt',
        'inner:error -> mend',
        'outer:done -> after',
      ],
    );

  it('as succeeded leaves them canceled: no further item is begun and nothing follows them', async () => {
    const report = await run(nested('succeeded'));
    expect(report.end).toEqual({ status: 'succeeded' });
    expect(report.story).toEqual([
      'outer canceled',
      'outer[0]/inner canceled',
      'outer[0]/inner[0]/act succeeded next',
      'outer[0]/inner[0]/halt succeeded',
    ]);
    expect(report.step('outer')).toMatchObject({ output: null, error: null });
    expect(report.step('outer').finishedAt).not.toBeNull();
  });

  it('as failed leaves them failed for its reason: neither onItemError nor onError passes over it', async () => {
    const report = await run(nested('failed'));
    const reason = { code: 'stopped', message: 'Enough.', stepKey: 'outer[0]/inner[0]/halt', nodeId: 'halt' };
    expect(report.end).toMatchObject({ status: 'failed', error: reason });
    expect(report.story).toEqual([
      'outer failed',
      'outer[0]/inner failed',
      'outer[0]/inner[0]/act succeeded next',
      'outer[0]/inner[0]/halt succeeded',
    ]);
    for (const key of ['outer', 'outer[0]/inner'])
      expect(report.step(key)).toMatchObject({ error: reason, branch: null, output: null });
  });

  it('writes all of it with the end of the run', async () => {
    const report = await run(nested('failed'), { store: new MemoryRunStore() });
    expect(report.commits.map(({ steps, end }) => [steps.length, end?.status])).toEqual([
      [3, undefined],
      [4, 'failed'],
    ]);
  });
});
