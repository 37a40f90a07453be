/**
 * A second, naive reading of engine.md 1–8, to compare the interpreter with. It knows nothing of commits, legs, clocks or
 * crashes: it says what a run must come to when nothing disturbs it, given what the world does.
 */

/**
 * What one call of a step's executor does; `lost` acts and loses the answer, `unsent` loses it before anything happened, `refused` is met until
 * somebody connects the provider.
 */
export type CallResult = 'ok' | 'retry' | 'terminal' | 'lost' | 'unsent' | 'refused';

export const effects = ['pure', 'idempotent', 'reconcilable', 'once'] as const;

/** What becomes of a wait: something comes in time (perhaps twice), after its time, or never. */
export const arrivals = ['early', 'double', 'late', 'never'] as const;

export interface ModelNode {
  id: string;
  kind: (typeof effects)[number] | 'if' | 'loop' | 'wait' | 'stop';
  /** Edges into it in definition order; `from` null is the start of its region. */
  incoming: { from: string | null; handle: string; index: number }[];
  onError: 'fail' | 'continue' | 'branch';
  disabled: boolean;
  maxAttempts: number;
  /** Call by call; the last goes on for ever. */
  calls: CallResult[];
  /** In a loop: calls follow `calls` only for this item, others go well. */
  onlyItem: number | null;
  /** Another node whose output it quotes, if that has one. */
  quotes: string | null;
  /** How often a person says, truly, what became of each of its steps in doubt. */
  answers: number;
  /** Loop only. */
  items: number;
  onItemError: 'fail' | 'continue';
  collects: boolean;
  body: ModelNode[];
  /** Wait only. `beyond`: longer than the run may last; `open`: as long as that. */
  waitsFor: 'time' | 'event' | 'decision';
  until: 'set' | 'open' | 'beyond';
  arrival: (typeof arrivals)[number];
  /** How often going on from its end fails before it goes well; for ever when that is for good. */
  resumeFailures: number;
  /** Stop only. */
  stopsAs: 'succeeded' | 'failed';
}

export interface Expected {
  end: 'succeeded' | 'failed' | 'needs_attention';
  /** By key, in the order they are reached: status, handle, and output where it is not an error. */
  steps: Map<string, { status: string; branch: string | null; output: unknown }>;
  /** Keys whose effect happened, in order. */
  acted: string[];
}

/** `over`: the run has ended, whatever surrounds the step. */
type Ended = 'fine' | 'failed' | 'needs_attention' | 'over:succeeded' | 'over:failed';
type Scope = { outputs: Map<string, unknown>; parent: Scope | null; item: number | null };

export const ERROR = 'error';

export function expectedRun(nodes: ModelNode[]): Expected {
  const expected: Expected = { end: 'succeeded', steps: new Map(), acted: [] };
  const { ended } = walk(nodes, '', { outputs: new Map(), parent: null, item: null }, expected);
  const ends = { fine: 'succeeded', 'over:succeeded': 'succeeded', 'over:failed': 'failed' } as const;
  expected.end = ended === 'failed' || ended === 'needs_attention' ? ended : ends[ended];
  return expected;
}

function walk(
  nodes: ModelNode[],
  prefix: string,
  scope: Scope,
  expected: Expected,
): { ended: Ended; last: unknown } {
  const left = new Map<string, string | null>();
  let last: unknown = null;
  const open = [...nodes];
  while (open.length > 0) {
    const ready = open.filter(({ incoming }) =>
      incoming.every(({ from }) => from === null || left.has(from)),
    );
    const firstEdge = (node: ModelNode) => Math.min(...node.incoming.map(({ index }) => index), 1e9);
    const node = ready.reduce((best, other) => (firstEdge(other) < firstEdge(best) ? other : best));
    open.splice(open.indexOf(node), 1);
    const isLive = node.incoming.some(({ from, handle }) => from === null || left.get(from) === handle);
    const key = prefix + node.id;
    if (!isLive || node.disabled) {
      expected.steps.set(key, { status: 'skipped', branch: null, output: null });
      left.set(node.id, isLive ? passOf(node) : null);
      continue;
    }
    const result = perform(node, key, scope, expected);
    if (result.ended !== 'fine') return { ended: result.ended, last };
    left.set(node.id, result.handle);
    scope.outputs.set(node.id, result.output);
    last = result.output;
  }
  return { ended: 'fine', last };
}

const passOf = ({ kind }: ModelNode) => ({ if: 'true', loop: 'done' })[kind as string] ?? 'next';

function perform(node: ModelNode, key: string, scope: Scope, expected: Expected) {
  const settle = (status: string, branch: string | null, output: unknown, ended: Ended = 'fine') => {
    expected.steps.set(key, { status, branch, output });
    return { ended, handle: branch, output };
  };
  const failed = () => {
    if (node.onError === 'fail') return settle('failed', null, null, 'failed');
    return settle('failed', node.onError === 'branch' ? 'error' : passOf(node), ERROR);
  };
  switch (node.kind) {
    case 'if': {
      const result = scope.item === 1;
      return settle('succeeded', String(result), { result });
    }
    case 'stop':
      return settle('succeeded', null, { status: node.stopsAs, message: '' }, `over:${node.stopsAs}`);
    case 'wait': {
      if (node.until === 'beyond') return failed();
      const wokenBy = endOfWait(node);
      if (wokenBy === null) return settle('failed', null, null, 'over:failed');
      if (node.resumeFailures >= node.maxAttempts) return failed();
      return settle('succeeded', wokenBy === 'time' ? 'late' : 'next', { value: wokenBy });
    }
    case 'loop': {
      settle('running', null, null);
      const results: unknown[] = [];
      let failures = 0;
      for (let item = 0; item < node.items; item += 1) {
        const inner: Scope = { outputs: new Map(), parent: scope, item };
        const { ended, last } = walk(node.body, `${key}[${item}]/`, inner, expected);
        if (ended === 'needs_attention') return settle('running', null, null, ended);
        if (ended === 'over:succeeded') return settle('canceled', null, null, ended);
        if (ended === 'over:failed') return settle('failed', null, null, ended);
        if (ended === 'failed' && node.onItemError === 'fail') return failed();
        if (ended === 'failed') failures += 1;
        results.push(ended === 'failed' ? ERROR : node.collects ? `item ${item}` : last);
      }
      return settle('succeeded', 'done', { count: node.items, results, failed: failures });
    }
    default:
      switch (attempts(node, key, scope, expected)) {
        case 'done':
          return settle('succeeded', 'next', { value: `${node.id}(${quoted(node, scope)})` });
        case 'failed':
          return failed();
        case 'doubt':
          return settle('in_doubt', null, null, 'needs_attention');
        case 'unconnected':
          return settle('failed', null, null, 'over:failed');
      }
  }
}

/** What a wait ends with; `null` when nothing ends it before the run is too old. */
export function endOfWait({ waitsFor, until, arrival }: ModelNode): ModelNode['waitsFor'] | null {
  if (waitsFor === 'time') return 'time';
  if (arrival === 'early' || arrival === 'double') return waitsFor;
  return until === 'open' ? null : 'time';
}

function attempts(
  node: ModelNode,
  key: string,
  scope: Scope,
  { acted }: Expected,
): 'done' | 'failed' | 'doubt' | 'unconnected' {
  const calls = resultsFor(node, scope.item);
  let { answers } = node;
  let refusals = 0;
  for (let attempt = 1; ; attempt += 1) {
    let result = calls[Math.min(attempt + refusals, calls.length) - 1];
    // It waits until somebody connects the provider, and that costs no attempt.
    while (result === 'refused') {
      if (node.onError !== 'fail') return 'failed';
      if (!isReconnected(node)) return 'unconnected';
      refusals += 1;
      result = calls[Math.min(attempt + refusals, calls.length) - 1];
    }
    if ((result === 'ok' || result === 'lost') && !acted.includes(key)) acted.push(key);
    if (result === 'ok') return 'done';
    if (result === 'terminal') return 'failed';
    const isUnclear = result !== 'retry';
    const isLast = attempt >= node.maxAttempts;
    if (isUnclear && (node.kind === 'once' || (node.kind === 'reconcilable' && isLast))) {
      // A person is asked, and says how it was; what did not happen is done again.
      if (answers === 0) return 'doubt';
      answers -= 1;
      if (acted.includes(key)) return 'done';
      continue;
    }
    if (isLast) return 'failed';
    // The provider is asked.
    if (isUnclear && node.kind === 'reconcilable' && acted.includes(key)) return 'done';
  }
}

/** Whether somebody connects the provider before the run is too old. */
export const isReconnected = ({ arrival }: ModelNode): boolean => arrival === 'early' || arrival === 'double';

export const resultsFor = ({ calls, onlyItem }: ModelNode, item: number | null): CallResult[] =>
  onlyItem === null || onlyItem === item ? calls : ['ok'];

function quoted(node: ModelNode, scope: Scope): string {
  if (node.quotes === null) return '';
  for (let at: Scope | null = scope; at; at = at.parent) {
    const output = at.outputs.get(node.quotes);
    if (output !== undefined) return (output as { value?: string }).value ?? '';
  }
  return '';
}
