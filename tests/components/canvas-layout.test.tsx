import { blocks } from '../../src/blocks';
import { type Arrangement, arrange, positionFor } from '../../src/components/canvas/arrange';
import { type Box, roundedPath } from '../../src/components/canvas/geometry';
import { initialView } from '../../src/components/canvas/initial-view';
import { routeEdges } from '../../src/components/canvas/route';
import { indexBlocks, type WorkflowDefinition, type WorkflowNode } from '../../src/core';
import { branchesDefinition, startDefinition } from '../../stories/support/builder-samples';

const lookup = indexBlocks(blocks);
const node = (id: string, type = 'slack.send-message'): WorkflowNode => ({ id, type, config: {} });
const edge = (source: string, sourceHandle: string, target: string) => ({
  id: `${source}-${sourceHandle}-${target}`,
  source,
  sourceHandle,
  target,
});

const nested: WorkflowDefinition = {
  schemaVersion: 1,
  nodes: [
    node('trigger', 'flow.manual'),
    node('outer', 'flow.loop'),
    node('check', 'flow.if'),
    node('yes'),
    node('inner', 'flow.loop'),
    node('deep'),
    node('after', 'flow.if'),
    node('last'),
  ],
  edges: [
    edge('trigger', 'next', 'outer'),
    edge('outer', 'each', 'check'),
    edge('check', 'true', 'yes'),
    edge('check', 'false', 'inner'),
    edge('inner', 'each', 'deep'),
    edge('outer', 'done', 'after'),
    edge('after', 'false', 'last'),
  ],
};

const boxOf = ({ boxes }: Arrangement, id: string): Box => boxes.get(id) as Box;
const centreOf = (box: Box) => box.x + box.width / 2;
const contains = (outer: Box, inner: Box) =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;
const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function overlaps(arrangement: Arrangement): string[] {
  const entries = [...arrangement.boxes];
  return entries.flatMap(([id, box], index) =>
    entries
      .slice(index + 1)
      .filter(([, other]) => overlap(box, other) && !contains(box, other) && !contains(other, box))
      .map(([other]) => `${id} × ${other}`),
  );
}

describe('the layout of a workflow', () => {
  it('puts the trigger at the origin and each step under the one before it, in one line', () => {
    const chain: WorkflowDefinition = {
      schemaVersion: 1,
      nodes: [node('trigger', 'flow.manual'), node('a'), node('b')],
      edges: [edge('trigger', 'next', 'a'), edge('a', 'next', 'b')],
    };
    const arrangement = arrange(chain, lookup);
    expect(['trigger', 'a', 'b'].map((id) => boxOf(arrangement, id))).toEqual([
      { x: 0, y: 0, width: 264, height: 64 },
      { x: 0, y: 110, width: 264, height: 64 },
      { x: 0, y: 220, width: 264, height: 64 },
    ]);
  });

  it.each([
    ['branches and a loop', branchesDefinition],
    ['loops in loops', nested],
    ['only a trigger', startDefinition],
  ])('of %s is the same every time and overlaps nothing', (_, definition) => {
    const first = arrange(definition, lookup);
    const second = arrange(structuredClone(definition), lookup);
    expect([...second.boxes]).toEqual([...first.boxes]);
    expect([...second.lanes]).toEqual([...first.lanes]);
    expect(overlaps(first)).toEqual([]);
  });

  it('draws Yes to the left of No and the step where they meet under both', () => {
    const arrangement = arrange(branchesDefinition, lookup);
    const [yes, no, join] = ['status_m3xa', 'message_k2pd', 'status_p9ws'].map((id) =>
      boxOf(arrangement, id),
    ) as [Box, Box, Box];
    expect(centreOf(yes)).toBeLessThan(centreOf(no));
    expect(yes.y).toBe(no.y);
    expect(join.y).toBeGreaterThan(
      boxOf(arrangement, 'loop_q8ra').y + boxOf(arrangement, 'loop_q8ra').height,
    );
    expect(centreOf(join)).toBe(centreOf(boxOf(arrangement, 'if_7kq2')));
  });

  it('puts the step where nested branches meet under the one they parted from', () => {
    const ways = [
      edge('trigger', 'next', 'outer'),
      edge('outer', 'true', 'first'),
      edge('outer', 'false', 'join'),
      edge('first', 'next', 'inner'),
      edge('inner', 'true', 'left'),
      edge('inner', 'false', 'right'),
      edge('left', 'next', 'join'),
      edge('right', 'next', 'join'),
      edge('join', 'next', 'end'),
    ];
    const steps = [
      node('trigger', 'flow.manual'),
      node('outer', 'flow.if'),
      node('first'),
      node('inner', 'flow.if'),
    ];
    const nodes = [...steps, node('left'), node('right'), node('join'), node('end')];
    const arrangement = arrange({ schemaVersion: 1, nodes, edges: ways }, lookup);
    const inLine = ['trigger', 'outer', 'join', 'end'].map((id) => centreOf(boxOf(arrangement, id)));
    expect(new Set(inLine).size).toBe(1);
    expect(overlaps(arrangement)).toEqual([]);
  });

  it('keeps the body of a loop inside the loop, and loops inside loops', () => {
    const arrangement = arrange(nested, lookup);
    for (const id of ['check', 'yes', 'inner', 'deep']) {
      expect([id, contains(boxOf(arrangement, 'outer'), boxOf(arrangement, id))]).toEqual([id, true]);
    }
    expect(contains(boxOf(arrangement, 'inner'), boxOf(arrangement, 'deep'))).toBe(true);
    expect(contains(boxOf(arrangement, 'outer'), boxOf(arrangement, 'after'))).toBe(false);
    expect(arrangement.order).toEqual(['trigger', 'outer', 'check', 'yes', 'inner', 'deep', 'after', 'last']);
  });

  it('leaves a moved step where it was put, whatever else changes, and stores what gives that place back', () => {
    const place = { x: 500, y: 40 };
    const movedOutside = withPosition(branchesDefinition, 'message_k2pd', place);
    expect(boxOf(arrange(movedOutside, lookup), 'message_k2pd')).toMatchObject(place);
    const before = arrange(nested, lookup);
    const deep = boxOf(before, 'deep');
    const stored = positionFor(nested, before, 'deep', { x: deep.x + 30, y: deep.y + 12 });
    const after = arrange(withPosition(nested, 'deep', stored), lookup);
    const loop = boxOf(after, 'inner');
    expect(contains(loop, boxOf(after, 'deep'))).toBe(true);
    expect(boxOf(after, 'deep').x - centreOf(loop)).toBe(deep.x + 30 - centreOf(boxOf(before, 'inner')));
  });

  it('shows steps that nothing leads to, and loops tangled in each other, beside the flow', () => {
    const tangled: WorkflowDefinition = {
      schemaVersion: 1,
      nodes: [
        node('trigger', 'flow.manual'),
        node('one', 'flow.loop'),
        node('two', 'flow.loop'),
        node('alone'),
      ],
      edges: [edge('one', 'each', 'two'), edge('two', 'each', 'one')],
    };
    const arrangement = arrange(tangled, lookup);
    expect(new Set(arrangement.order)).toEqual(new Set(['trigger', 'one', 'two', 'alone']));
    expect(
      [...arrangement.boxes.values()].every((box) => Number.isFinite(box.x) && Number.isFinite(box.y)),
    ).toBe(true);
  });

  it('makes room for open exits only where steps can be added', () => {
    expect(arrange(startDefinition, lookup).exits).toEqual([
      { id: 'exit:trigger:next', source: 'trigger', sourceHandle: 'next' },
    ]);
    expect(arrange(startDefinition, lookup, { exits: false }).exits).toEqual([]);
  });

  it('hides the error exit until the step takes one', () => {
    const [trigger] = startDefinition.nodes as [WorkflowNode];
    const step = node('a');
    const exitsOf = (changed: WorkflowNode) =>
      arrange(
        { schemaVersion: 1, nodes: [trigger, changed], edges: [edge('trigger', 'next', 'a')] },
        lookup,
      ).exits.map((exit) => exit.sourceHandle);
    expect(exitsOf(step)).toEqual(['next']);
    expect(exitsOf({ ...step, onError: 'branch' })).toEqual(['next', 'error']);
  });
});

describe('the way of a connection', () => {
  const routesOf = (definition: WorkflowDefinition) => {
    const arrangement = arrange(definition, lookup);
    return routeEdges(definition, arrangement, arrangement.boxes, lookup);
  };

  it('is straight between steps that stand in one line', () => {
    const [first] = routesOf(branchesDefinition);
    expect(first?.points).toEqual([
      { x: 132, y: 64 },
      { x: 132, y: 110 },
    ]);
  });

  it('turns only at right angles and never crosses a step', () => {
    for (const definition of [branchesDefinition, nested]) {
      const { boxes } = arrange(definition, lookup);
      for (const { points, source, target } of routesOf(definition)) {
        points.slice(1).forEach((point, index) => {
          const from = points[index] as { x: number; y: number };
          expect(from.x === point.x || from.y === point.y).toBe(true);
          const line = {
            x: Math.min(from.x, point.x),
            y: Math.min(from.y, point.y) + 1,
            width: Math.abs(from.x - point.x),
            height: Math.max(0, Math.abs(from.y - point.y) - 2),
          };
          const crossed = [...boxes].filter(
            ([id, box]) => id !== source && id !== target && box.height === 64 && overlap(line, box),
          );
          expect(crossed.map(([id]) => id)).toEqual([]);
        });
      }
    }
  });

  it('carries a pill where ways part and a plus everywhere', () => {
    const routes = routesOf(branchesDefinition);
    expect(routes.filter((route) => route.pill).map((route) => route.sourceHandle)).toEqual([
      'true',
      'false',
    ]);
    expect(routes.every((route) => Number.isFinite(route.plus.x) && Number.isFinite(route.plus.y))).toBe(
      true,
    );
  });

  it('goes around when its end was moved above its start', () => {
    const raised = withPosition(branchesDefinition, 'message_k2pd', { x: 0, y: -400 });
    const route = routesOf(raised).find((candidate) => candidate.target === 'message_k2pd');
    expect(route?.points.at(-1)).toEqual({ x: 132, y: -400 });
    expect(route?.points).toHaveLength(6);
  });

  it('is drawn with rounded corners that never exceed the way between them', () => {
    expect(
      roundedPath([
        { x: 0, y: 0 },
        { x: 0, y: 34 },
        { x: 100, y: 34 },
        { x: 100, y: 80 },
      ]),
    ).toBe('M0 0L0 24Q0 34 10 34L90 34Q100 34 100 44L100 80');
    expect(
      roundedPath([
        { x: 0, y: 0 },
        { x: 0, y: 8 },
        { x: 6, y: 8 },
        { x: 6, y: 80 },
      ]),
    ).toBe('M0 0L0 5Q0 8 3 8L3 8Q6 8 6 11L6 80');
  });
});

describe('the first view of a canvas', () => {
  const { boxes } = arrange(branchesDefinition, lookup);

  it('shows the whole flow at its own size when there is room', () => {
    expect(initialView(boxes, { width: 1200, height: 900 }).zoom).toBe(1);
  });

  it('stays readable and puts the trigger in the middle when there is not', () => {
    const view = initialView(boxes, { width: 390, height: 700 });
    expect(view.zoom).toBe(0.75);
    expect(132 * view.zoom + view.x).toBe(195);
  });
});

function withPosition(
  definition: WorkflowDefinition,
  id: string,
  position: { x: number; y: number },
): WorkflowDefinition {
  return {
    ...definition,
    nodes: definition.nodes.map((one) => (one.id === id ? { ...one, position } : one)),
  };
}
