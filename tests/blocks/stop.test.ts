import { blocks } from '../../src/blocks';
import { stopBlock } from '../../src/blocks/flow/stop';
import { handlesOf, indexBlocks, type Json, validateDefinition } from '../../src/core';
import { condition, definition, node } from '../support/definitions';
import { START, startFlow } from './run-flow';

const stop = (config: Record<string, Json> = {}) => node('end', 'flow.stop', { config });

describe('a stop', () => {
  it('ends the run as succeeded; what else would have run does not', async () => {
    const flow = startFlow(
      definition(
        [stop(), node('other', 'flow.if', { config: condition(1, 'eq', 1) })],
        ['trigger -> end', 'trigger -> other'],
      ),
    );
    const { end, step } = await flow.at(START);
    expect(end).toEqual({ status: 'succeeded' });
    expect(step('end')).toMatchObject({ status: 'succeeded', output: { status: 'succeeded', message: '' } });
    expect(step('other')).toBeUndefined();
  });

  it('ends the run as failed with its reason', async () => {
    const flow = startFlow(
      definition([stop({ status: 'failed', message: 'Manca {{trigger.payload.what}}' })], ['trigger -> end']),
      { payload: { what: 'l’importo' } },
    );
    expect((await flow.at(START)).end).toMatchObject({
      status: 'failed',
      error: { code: 'stopped', message: 'Manca l’importo', stepKey: 'end' },
    });
  });

  it('ends the run from inside a loop that passes over failures', async () => {
    const flow = startFlow(
      definition(
        [
          node('l', 'flow.loop', { config: { items: [1, 2], onItemError: 'continue' } }),
          stop({ status: 'failed' }),
        ],
        ['trigger -> l', 'l:each -> end'],
      ),
    );
    const { end, step } = await flow.at(START);
    expect(end).toMatchObject({ status: 'failed', error: { code: 'stopped', stepKey: 'l[0]/end' } });
    expect(step('l[1]/end')).toBeUndefined();
  });

  it('has no exits, and nothing may be connected to it', () => {
    const lookup = indexBlocks(blocks);
    expect(handlesOf(stop(), stopBlock)).toEqual([]);
    expect(validateDefinition(definition([stop()], ['trigger -> end']), { blocks: lookup })).toEqual([]);
    const after = node('after', 'flow.if', { config: condition(1, 'eq', 1) });
    expect(
      validateDefinition(definition([stop(), after], ['trigger -> end', 'end -> after']), { blocks: lookup }),
    ).toMatchObject([{ code: 'edge_unknown_handle', nodeId: 'end', params: { handle: 'next' } }]);
  });

  it('says on its card how the run ends, or why', () => {
    expect(stopBlock.summary?.({}, 'en')).toBe('Ends as succeeded');
    expect(stopBlock.summary?.({ status: 'failed' }, 'it')).toBe('Termina come non riuscita');
    expect(stopBlock.summary?.({ status: 'failed', message: 'Manca l’importo' }, 'it')).toBe(
      'Manca l’importo',
    );
  });
});
