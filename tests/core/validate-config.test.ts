import { blocks as builtIn } from '../../src/blocks';
import { type Issue, indexBlocks, type Json, validateDefinition } from '../../src/core';
import { condition, definition, node } from '../support/definitions';

const blocks = indexBlocks(builtIn);
const message = (id: string, text: Json, rest: Record<string, Json> = {}) =>
  node(id, 'slack.send-message', { config: { channel: '#x', text, ...rest } });
const loop = (id: string, config: Record<string, Json> = {}) =>
  node(id, 'flow.loop', { config: { items: [1], ...config } });
const brief = (issues: Issue[]) =>
  issues.map(({ severity, code, nodeId, path }) => [severity, code, nodeId, path].join(' '));
const check = (nodes: ReturnType<typeof node>[], edges: string[]) =>
  brief(validateDefinition(definition(nodes, edges), { blocks }));
const alone = (tested: ReturnType<typeof node>) => check([tested], [`trigger -> ${tested.id}`]);

describe('the fields of a step', () => {
  it('that are missing or empty are required, each at its own place', () => {
    expect(alone(node('a', 'slack.send-message'))).toEqual([
      'error field_required a channel',
      'error field_required a text',
    ]);
    expect(alone(message('a', ''))).toEqual(['error field_required a text']);
    expect(alone(message('a', null))).toEqual(['error field_required a text']);
    expect(alone(node('a', 'flow.if', { config: { conditions: [] } }))).toEqual([
      'error field_required a conditions',
    ]);
    expect(alone(node('a', 'flow.if', { config: { conditions: [{ left: 1 }] } }))).toEqual([
      'error field_required a conditions[0].op',
    ]);
  });

  it('that do not fit are invalid, with the reason and the label a person sees', () => {
    const issues = validateDefinition(
      definition([node('a', 'flow.if', { config: condition(1, 'almost', 2) })], ['trigger -> a']),
      { blocks },
    );
    expect(issues).toMatchObject([
      { code: 'field_invalid', path: 'conditions[0].op', params: { field: 'Comparison' } },
    ]);
    expect(alone(message('a', 12))).toEqual(['error field_invalid a text']);
    expect(alone(message('a', ['x']))).toEqual(['error field_invalid a text']);
  });

  it('that do not exist are unknown, also beside fields that hold references', () => {
    expect(alone(message('a', 'plain', { colour: 'red' }))).toEqual(['error field_unknown a colour']);
    expect(alone(message('a', '{{run.id}}', { colour: 'red', size: 1 }))).toEqual([
      'error field_unknown a colour',
      'error field_unknown a size',
    ]);
  });

  it('that hold a reference are left for the run to check; foreign braces are not', () => {
    expect(alone(node('l', 'flow.loop', { config: { items: '{{trigger.payload.rows}}' } }))).toEqual([]);
    expect(alone(node('l', 'flow.loop', { config: { items: 'text' } }))).toEqual([
      'error field_invalid l items',
    ]);
    expect(alone(node('l', 'flow.loop', { config: { items: '{{rows}}' } }))).toEqual([
      'error field_invalid l items',
      'warning braces_foreign l items',
    ]);
  });
});

describe('the fields of a wait', () => {
  const wait = (config: Record<string, Json>) => alone(node('w', 'flow.wait', { config }));
  const where = [{ path: 'document.id', equals: '{{trigger.payload.id}}' }];

  it('are asked for only while they are shown', () => {
    expect(wait({})).toEqual(['error field_required w amount']);
    expect(wait({ for: 'until' })).toEqual(['error field_required w until']);
    expect(wait({ for: 'event' })).toEqual(['error field_required w event', 'error field_required w where']);
    expect(wait({ amount: 2 })).toEqual([]);
    expect(wait({ for: 'until', until: '2027-03-28' })).toEqual([]);
    expect(wait({ for: 'event', event: 'document.completed', where })).toEqual([]);
  });

  it('are required once each, also when emptied', () => {
    for (const amount of [null, '']) expect(wait({ amount })).toEqual(['error field_required w amount']);
    expect(wait({ for: 'until', until: '' })).toEqual(['error field_required w until']);
    expect(wait({ for: 'event', event: '', where: [] })).toEqual([
      'error field_required w event',
      'error field_required w where',
    ]);
  });

  it('are not checked while they are hidden: neither values nor references', () => {
    const stale = { amount: 0, at: 'noon', where: [{}], until: '{{step.gone.output}}', event: 'no.such' };
    expect(wait({ ...stale, for: 'until', until: '2027-03-28' })).toEqual([]);
    expect(wait({ ...stale, for: 'duration', amount: 1, unit: 'hours' })).toEqual([]);
    expect(wait({ ...stale, for: 'duration', amount: 1, unit: 'days' })).toEqual([
      'error field_invalid w at',
    ]);
  });

  it.each<[string, Record<string, Json>, string]>([
    ['no time at all', { amount: 0 }, 'error field_invalid w amount'],
    ['half a day', { amount: 0.5 }, 'error field_invalid w amount'],
    ['an hour there is not', { amount: 1, at: '24:00' }, 'error field_invalid w at'],
    ['a time without its nought', { amount: 1, at: '9:00' }, 'error field_invalid w at'],
    ['a day there is not', { for: 'until', until: '2027-02-29' }, 'error field_invalid w until'],
    ['a date as people write it', { for: 'until', until: '28/03/2027' }, 'error field_invalid w until'],
    [
      'a path with brackets',
      { for: 'event', event: 'document.completed', where: [{ path: 'signers[0]', equals: 'x' }] },
      'error field_invalid w where[0].path',
    ],
    [
      'nothing to compare with',
      { for: 'event', event: 'document.completed', where: [{ path: 'document.id' }] },
      'error field_required w where[0].equals',
    ],
    [
      'a limit of nothing',
      { for: 'event', event: 'document.completed', where, timeoutAmount: 0 },
      'error field_invalid w timeoutAmount',
    ],
  ])('are refused: %s', (_, config, expected) => {
    expect(wait(config)).toEqual([expected]);
  });

  it('may hold references, but not the one that says which fields there are', () => {
    expect(wait({ amount: '{{trigger.payload.days}}', at: '{{trigger.payload.time}}' })).toEqual([]);
    expect(wait({ for: '{{trigger.payload.kind}}' })).toEqual(['error field_invalid w for']);
    expect(wait({ amount: 1, unit: '{{trigger.payload.unit}}' })).toEqual(['error field_invalid w unit']);
  });

  it('name an event that some trigger declares; a reference is left for the run', () => {
    const issues = validateDefinition(
      definition(
        [node('w', 'flow.wait', { config: { for: 'event', event: 'document.complete', where } })],
        ['trigger -> w'],
      ),
      { blocks },
    );
    expect(issues).toMatchObject([
      {
        severity: 'error',
        code: 'event_unknown',
        nodeId: 'w',
        path: 'event',
        params: { event: 'document.complete', known: 'document.completed' },
      },
    ]);
    expect(wait({ for: 'event', event: '{{trigger.payload.type}}', where })).toEqual([]);
  });
});

describe('a reference to a step', () => {
  it('that does not exist is unknown', () => {
    expect(alone(message('a', '{{step.gone.output}}'))).toEqual(['error reference_unknown a text']);
    expect(alone(message('a', '{{step.trigger.output}}'))).toEqual(['error reference_unknown a text']);
    expect(alone(message('a', '{{step}}'))).toEqual(['error reference_unknown a text']);
  });

  it('that does not run before is unreachable: later, itself, or on another path', () => {
    expect(
      check([message('a', '{{step.b.output.ts}}'), message('b', 'x')], ['trigger -> a', 'a -> b']),
    ).toEqual(['error reference_unreachable a text']);
    expect(alone(message('a', '{{step.a.output.ts}}'))).toEqual(['error reference_unreachable a text']);
    expect(
      check([message('a', 'x'), message('b', '{{step.a.output.ts}}')], ['trigger -> a', 'trigger -> b']),
    ).toEqual(['error reference_unreachable b text']);
  });

  it('that may be skipped is allowed: the run says it when it is', () => {
    const nodes = [
      node('choice', 'flow.if', { config: condition(1, 'eq', 1) }),
      message('a', 'x'),
      message('b', '{{step.a.output.ts?}}'),
    ];
    expect(check(nodes, ['trigger -> choice', 'choice:true -> a', 'choice:false -> b', 'a -> b'])).toEqual(
      [],
    );
  });

  it('inside a loop is seen from inside it and from its collect template, not from behind it', () => {
    const edges = ['trigger -> l', 'l:each -> in', 'in -> deep', 'l:done -> out'];
    const nodes = (out: string, collect: string) => [
      loop('l', { collect }),
      message('in', 'x'),
      message('deep', '{{step.in.output.ts}}'),
      message('out', out),
    ];
    expect(check(nodes('{{step.l.output.count}}', '{{step.in.output.ts}}'), edges)).toEqual([]);
    expect(check(nodes('{{step.in.output.ts}}', ''), edges)).toEqual([
      'error reference_unreachable out text',
    ]);
    expect(check(nodes('{{step.l.output.count}}', '{{step.out.output.ts}}'), edges)).toEqual([
      'error reference_unreachable l collect',
    ]);
  });

  it('inside a loop inside is not seen from the outer collect template: each iteration hides its own', () => {
    const nodes = [loop('outer', { collect: '{{step.in.output.ts}}' }), loop('inner'), message('in', 'x')];
    expect(check(nodes, ['trigger -> outer', 'outer:each -> inner', 'inner:each -> in'])).toEqual([
      'error reference_unreachable outer collect',
    ]);
  });

  it('by anything but its output is an unknown field', () => {
    expect(check([message('a', 'x'), message('b', '{{step.a.input}}')], ['trigger -> a', 'a -> b'])).toEqual([
      'error reference_unknown_field b text',
    ]);
  });
});

describe('a reference to a value its source does not give', () => {
  const unknownField = 'error reference_unknown_field b text';
  const behind = (text: string, first = message('a', 'x')) =>
    check([first, message('b', text)], ['trigger -> a', 'a -> b']);

  it('is an unknown field: of a step, of the trigger, inside a plain value', () => {
    expect(behind('{{step.a.output.ts}} {{step.a.output}}')).toEqual([]);
    expect(behind('{{step.a.output.tss}}')).toEqual([unknownField]);
    expect(behind('{{step.a.output.ts.seconds}}')).toEqual([unknownField]);
    const documents = node('trigger', 'doc-manager.document-completed');
    const started = (text: string) => check([documents, message('b', text)], ['trigger -> b']);
    expect(started('{{trigger.payload.document.title}} {{trigger.payload.signers[0].email}}')).toEqual([]);
    expect(started('{{trigger.payload.document.title.short}}')).toEqual([unknownField]);
    expect(started('{{trigger.payload.signers.email}}')).toEqual([unknownField]);
  });

  it('is left for the run where nobody can tell: what keeps keys of its own, records, values of any kind', () => {
    const documents = node('trigger', 'doc-manager.document-completed');
    const text =
      '{{trigger.payload.ours.too}} {{trigger.payload.document.customFields.importo}} {{trigger.payload.signers.length}}';
    expect(check([documents, message('b', text)], ['trigger -> b'])).toEqual([]);
    expect(
      check(
        [loop('a'), message('b', '{{step.a.output.results[0].any.thing}}')],
        ['trigger -> a', 'a:done -> b'],
      ),
    ).toEqual([]);
  });

  it('is allowed where something stands in for it, and where a failure is passed over', () => {
    expect(behind('{{step.a.output.nope?}} {{step.a.output.nope | default: "-"}}')).toEqual([]);
    expect(behind('{{step.a.output.error.message}}')).toEqual([unknownField]);
    expect(behind('{{step.a.output.error.message}}', { ...message('a', 'x'), onError: 'continue' })).toEqual(
      [],
    );
  });
});

describe('a reference to a loop', () => {
  const inLoop = (text: string) => check([loop('l'), message('in', text)], ['trigger -> l', 'l:each -> in']);

  it('outside of it is an error, whether near or by name', () => {
    expect(alone(message('a', '{{loop.item}}'))).toEqual(['error reference_outside_loop a text']);
    expect(check([loop('l'), message('out', '{{loop.l.item}}')], ['trigger -> l', 'l:done -> out'])).toEqual([
      'error reference_outside_loop out text',
    ]);
    expect(alone(loop('l', { items: '{{loop.item}}' }))).toEqual(['error reference_outside_loop l items']);
  });

  it('inside of it names item or index, or is an unknown field', () => {
    expect(inLoop('{{loop.item.x}} {{loop.index}} {{loop.l.item}} {{loop.l.index}}')).toEqual([]);
    expect(inLoop('{{loop.length}}')).toEqual(['error reference_unknown_field in text']);
    expect(inLoop('{{loop.l.length}}')).toEqual(['error reference_unknown_field in text']);
    expect(inLoop('{{loop}}')).toEqual(['error reference_unknown_field in text']);
  });

  it('in its own collect template is known', () => {
    expect(alone(loop('l', { collect: '{{loop.item}} {{loop.l.index}}' }))).toEqual([]);
  });

  it('by the name of another loop is outside of it', () => {
    const nodes = [loop('l'), loop('m'), message('in', '{{loop.m.item}}')];
    expect(check(nodes, ['trigger -> l', 'l:each -> in', 'l:done -> m'])).toEqual([
      'error reference_outside_loop in text',
    ]);
  });
});

describe('a reference to the run itself', () => {
  it('names what there is, or is an unknown field', () => {
    expect(
      alone(message('a', '{{run.id}} {{workflow.id}} {{workflow.name}} {{trigger.payload.any.thing}}')),
    ).toEqual([]);
    for (const text of [
      '{{run.secret}}',
      '{{run}}',
      '{{workflow.owner}}',
      '{{trigger.body}}',
      '{{trigger}}',
    ]) {
      expect(alone(message('a', text))).toEqual(['error reference_unknown_field a text']);
    }
  });
});
