import { blocks as builtIn } from '../../src/blocks';
import { ifBlock } from '../../src/blocks/flow/if';
import { loop as loopBlock } from '../../src/blocks/flow/loop';
import { sendMessage } from '../../src/blocks/slack/send-message';
import {
  connectNodes,
  copyNodes,
  createEdgeId,
  createNodeId,
  indexBlocks,
  insertNode,
  nodeIdPattern,
  removeEdges,
  removeNodes,
  updateNode,
  type WorkflowDefinition,
} from '../../src/core';
import { definition, node } from '../support/definitions';
import { deepFreeze } from './run-harness';

const blocks = indexBlocks(builtIn);
const message = (id: string, text = 'x') =>
  node(id, 'slack.send-message', { config: { channel: '#x', text } });
const arrows = ({ edges }: WorkflowDefinition) =>
  edges.map(({ source, sourceHandle, target }) => `${source}:${sourceHandle} -> ${target}`);
const frozen = (nodes: ReturnType<typeof node>[], edges: string[]) => deepFreeze(definition(nodes, edges));
const chain = frozen([message('a'), message('b')], ['trigger -> a', 'a -> b']);

describe('a new id', () => {
  it('fits the pattern for every kind of block type, however odd', () => {
    for (const type of [
      ...blocks.keys(),
      'acme.2024-export',
      'acme.ÉTÉ',
      'acme.',
      '',
      'x.averylongnamethatneverends'.repeat(3),
    ])
      expect(createNodeId(type)).toMatch(nodeIdPattern);
    expect(createNodeId('slack.send-message', () => 0)).toBe('message_0000');
    expect(createNodeId('slack.send-message', () => 0.999_999)).toBe('message_zzzz');
    expect(createEdgeId(() => 0.5)).toBe('e_iiiiiiii');
  });
});

describe('inserting a block', () => {
  it('on an edge puts it between the ends, and leaves the other edges as they were', () => {
    const { definition: next, nodeId } = insertNode(
      chain,
      sendMessage,
      { edgeId: 'trigger____a' },
      { channel: '#y' },
    );
    expect(arrows(next)).toEqual([`trigger:next -> ${nodeId}`, `${nodeId}:next -> a`, 'a:next -> b']);
    expect(next.nodes.at(-1)).toEqual({ id: nodeId, type: 'slack.send-message', config: { channel: '#y' } });
    expect(next.edges[2]).toBe(chain.edges[1]);
  });

  it('lets what followed follow its pass handle', () => {
    for (const [block, handle] of [
      [ifBlock, 'true'],
      [loopBlock, 'done'],
    ] as const) {
      const { definition: next, nodeId } = insertNode(chain, block, { edgeId: 'a____b' });
      expect(arrows(next)).toEqual(['trigger:next -> a', `a:next -> ${nodeId}`, `${nodeId}:${handle} -> b`]);
    }
  });

  it('behind a free exit appends it; on an edge that is gone it stands alone', () => {
    const behind = insertNode(chain, sendMessage, { source: 'b', sourceHandle: 'next' });
    expect(arrows(behind.definition)).toEqual([...arrows(chain), `b:next -> ${behind.nodeId}`]);
    const alone = insertNode(chain, sendMessage, { edgeId: 'gone' });
    expect(alone.definition.edges).toEqual(chain.edges);
    expect(alone.definition.nodes).toHaveLength(4);
  });
});

describe('removing nodes', () => {
  it('joins what came before to what followed, keeping the handle it came from', () => {
    const workflow = frozen(
      [node('choice', 'flow.if'), message('a'), message('b'), message('c')],
      ['trigger -> choice', 'choice:false -> a', 'a -> b', 'a -> c'],
    );
    const next = removeNodes(workflow, ['a'], blocks);
    expect(arrows(next)).toEqual(['trigger:next -> choice', 'choice:false -> b', 'choice:false -> c']);
    expect(new Set(next.edges.map(({ id }) => id)).size).toBe(3);
    expect(next.nodes.map(({ id }) => id)).toEqual(['trigger', 'choice', 'b', 'c']);
  });

  it('of several at once heals over all of them, and doubles nothing', () => {
    expect(arrows(removeNodes(chain, ['a', 'b'], blocks))).toEqual([]);
    const diamond = frozen(
      [message('a'), message('b'), message('c')],
      ['trigger -> a', 'trigger -> b', 'a -> c', 'b -> c'],
    );
    expect(arrows(removeNodes(diamond, ['a', 'b'], blocks))).toEqual(['trigger:next -> c']);
  });

  it('follows only the pass handle: the other side of a condition is cut off, not joined', () => {
    const workflow = frozen(
      [node('choice', 'flow.if'), message('a'), message('b')],
      ['trigger -> choice', 'choice:true -> a', 'choice:false -> b'],
    );
    expect(arrows(removeNodes(workflow, ['choice'], blocks))).toEqual(['trigger:next -> a']);
  });

  it('keeps what hangs on the only exit in use, whichever it is; a loop’s steps go with the loop’s start', () => {
    const oneSided = frozen(
      [node('choice', 'flow.if'), message('b')],
      ['trigger -> choice', 'choice:false -> b'],
    );
    expect(arrows(removeNodes(oneSided, ['choice'], blocks))).toEqual(['trigger:next -> b']);
    const loop = frozen([node('each', 'flow.loop'), message('b')], ['trigger -> each', 'each:each -> b']);
    expect(arrows(removeNodes(loop, ['each'], blocks))).toEqual([]);
  });

  it('never takes the trigger, nor what does not exist', () => {
    expect(removeNodes(chain, ['trigger', 'gone'], blocks)).toEqual(chain);
  });
});

describe('connecting two nodes', () => {
  const workflow = frozen(
    [message('a'), message('b'), node('l', 'flow.loop'), message('in'), message('free')],
    ['trigger -> a', 'a -> b', 'trigger -> l', 'l:each -> in'],
  );
  const connect = (source: string, sourceHandle: string, target: string) =>
    connectNodes(workflow, { source, sourceHandle, target }, blocks);

  it('adds one edge and changes nothing else', () => {
    const connected = connect('b', 'next', 'free');
    if (!('definition' in connected)) throw new Error(connected.refused);
    expect(connected.definition.nodes).toBe(workflow.nodes);
    expect(connected.definition.edges.slice(0, -1)).toEqual(workflow.edges);
    expect(connected.definition.edges.at(-1)).toEqual({
      id: expect.stringMatching(/^e_[0-9a-z]{8}$/),
      source: 'b',
      sourceHandle: 'next',
      target: 'free',
    });
  });

  it.each([
    ['self', 'a', 'next', 'a'],
    ['into_trigger', 'a', 'next', 'trigger'],
    ['duplicate', 'a', 'next', 'b'],
    ['cycle', 'b', 'next', 'a'],
    ['cycle', 'in', 'next', 'l'],
    ['into_loop', 'b', 'next', 'in'],
    ['into_loop', 'in', 'next', 'b'],
    ['into_loop', 'l', 'done', 'in'],
    ['unknown_handle', 'a', 'error', 'free'],
    ['unknown_handle', 'gone', 'next', 'free'],
  ])('is refused as %s: %s:%s -> %s', (refused, source, handle, target) => {
    expect(connect(source, handle, target)).toEqual({ refused });
  });

  it('takes the error exit of a node that has one', () => {
    const branching = updateNode(workflow, 'a', { onError: 'branch' });
    const connection = { source: 'a', sourceHandle: 'error', target: 'free' };
    expect(connectNodes(branching, connection, blocks)).toHaveProperty('definition');
  });

  it('takes a free node into a loop’s body', () => {
    expect(connect('in', 'next', 'free')).toHaveProperty('definition');
  });
});

describe('other changes', () => {
  it('touch the named node or edges only', () => {
    const updated = updateNode(chain, 'a', { label: 'A' });
    expect(updated.nodes.map(({ label }) => label)).toEqual([undefined, 'A', undefined]);
    expect(updated.nodes[2]).toBe(chain.nodes[2]);
    expect(arrows(removeEdges(chain, ['a____b', 'gone']))).toEqual(['trigger:next -> a']);
  });
});

describe('copying nodes', () => {
  const text = (inner: string, outer: string) =>
    [
      `{{step.${inner}.output.ts}} and {{ loop.${inner}.item | default: "step.l_1.x" }}`,
      `{{step["${inner}"].output}} {{step.${outer}.output}} {{trigger.payload.step.l_1}}`,
      `step.l_1 in plain words, {{x.step.l_1}}`,
    ].join(' ');
  const workflow = frozen(
    [
      message('outside'),
      node('l_1', 'flow.loop', {
        config: { items: '{{step.outside.output}}' },
        position: { x: 1, y: 2 },
        label: 'Righe',
      }),
      node('in_1', 'slack.send-message', {
        config: { channel: '#x', text: text('l_1', 'outside'), deep: [{ t: '{{step.l_1.output}}' }] },
      }),
    ],
    ['trigger -> outside', 'outside -> l_1', 'l_1:each -> in_1'],
  );

  it('gives fresh ids, keeps edges among them, and leaves the position to the layout', () => {
    const { nodes, edges } = copyNodes(workflow, ['l_1', 'in_1', 'trigger']);
    const [loop, inside] = nodes as [(typeof nodes)[number], (typeof nodes)[number]];
    expect(nodes).toHaveLength(2);
    expect(loop).toEqual({
      id: loop.id,
      type: 'flow.loop',
      label: 'Righe',
      config: { items: '{{step.outside.output}}' },
    });
    expect(workflow.nodes.map(({ id }) => id)).not.toContain(loop.id);
    expect(edges.map(({ source, sourceHandle, target }) => [source, sourceHandle, target])).toEqual([
      [loop.id, 'each', inside.id],
    ]);
    expect(workflow.edges.map(({ id }) => id)).not.toContain(edges[0]?.id);
  });

  it('points references among them at the copies; other references, paths and plain words stay as written', () => {
    const { nodes } = copyNodes(workflow, ['l_1', 'in_1']);
    const [loop, inside] = nodes;
    expect(inside?.config).toEqual({
      channel: '#x',
      text: text(loop?.id ?? '', 'outside'),
      deep: [{ t: `{{step.${loop?.id}.output}}` }],
    });
  });
});
