import fc from 'fast-check';
import {
  BlockError,
  type ConditionOperator,
  conditionOperators,
  evaluateCondition,
  evaluateConditions,
  type Json,
  unaryOperators,
} from '../../src/core';

const check = (left: unknown, op: ConditionOperator, right?: unknown) =>
  evaluateCondition({ left, op, right });

function failureOf(left: unknown, op: ConditionOperator, right?: unknown) {
  try {
    check(left, op, right);
  } catch (error) {
    if (error instanceof BlockError) return error.failure;
    throw error;
  }
  throw new Error(`${op} was decided.`);
}

const opposites: [ConditionOperator, ConditionOperator][] = [
  ['eq', 'neq'],
  ['contains', 'not_contains'],
  ['in', 'not_in'],
  ['is_empty', 'is_not_empty'],
];

describe('a comparison', () => {
  it.each<[unknown, ConditionOperator, unknown, boolean]>([
    [1000, 'eq', 1000, true],
    ['1000', 'eq', 1000, true],
    ['1000.00', 'eq', ' 1000 ', true],
    ['1e3', 'eq', '1000', true],
    ['1000', 'eq', '1.000', false],
    ['a', 'eq', 'a', true],
    ['a', 'eq', 'A', false],
    [true, 'eq', 'true', true],
    [null, 'eq', null, true],
    [undefined, 'eq', null, true],
    [null, 'eq', '', false],
    [null, 'eq', 0, false],
    ['', 'eq', 0, false],
    [[1, 2], 'eq', [1, 2], true],
    [[1, 2], 'eq', [2, 1], false],
    [{ a: 1, b: 2 }, 'eq', { b: 2, a: 1 }, true],
    [{ a: 1 }, 'eq', { a: '1' }, false],
    [900, 'gt', 1000, false],
    ['1200', 'gt', '1000', true],
    ['9', 'gt', '10', false],
    [1000, 'gt', 1000, false],
    [1000, 'gte', '1000', true],
    [-1, 'lt', 0, true],
    ['0.5', 'lte', 0.5, true],
    ['.5', 'lt', 1, true],
    ['2026-11-23', 'gt', '2026-11-22', true],
    ['2026-11-23T10:00:00+01:00', 'gte', '2026-11-23T09:00:00Z', true],
    ['2026-11-22', 'before', '2026-11-23', true],
    ['2026-11-23', 'before', '2026-11-23', false],
    ['2026-11-23T12:00:00Z', 'after', '2026-11-23', true],
    [0, 'before', '2026-01-01', true],
    // On the clock in Rome, where winter is an hour and summer two ahead of UTC.
    ['2026-12-30T22:59:59Z', 'before', '2026-12-31', true],
    ['2026-12-30T23:00:00Z', 'before', '2026-12-31', false],
    ['2026-06-30T12:00:00Z', 'lte', '2026-06-30T14:00', true],
    ['2026-06-30T12:00:01Z', 'gt', '2026-06-30T14:00', true],
    ['2026-12-31T09:00', 'after', '2026-12-31', true],
    ['Contratto Rossi', 'contains', 'rossi', true],
    ['Contratto Rossi', 'contains', 'bianchi', false],
    [['a', 'b'], 'contains', 'b', true],
    [['10'], 'contains', 10, true],
    [['abc'], 'contains', 'b', false],
    [12345, 'contains', 34, true],
    [null, 'contains', 'a', false],
    ['CONTRATTO', 'starts_with', 'contr', true],
    ['x.PDF', 'ends_with', '.pdf', true],
    ['x.pdf.exe', 'ends_with', '.pdf', false],
    ['b', 'in', ['a', 'b'], true],
    ['b', 'in', 'a, b ,c', true],
    ['b', 'in', 'abc', false],
    [10, 'in', '5,10', true],
    ['', 'in', 'a,,b', false],
    ['a', 'in', null, false],
    ['Contratto di affitto', 'matches_any', 'vendita, AFFITTO', true],
    ['Contratto', 'matches_any', ['x', 'y'], false],
    [['urgent', 'x'], 'matches_any', 'urgent,other', true],
    ['anything', 'matches_any', '', false],
    [null, 'is_empty', undefined, true],
    [undefined, 'is_empty', undefined, true],
    ['  ', 'is_empty', undefined, true],
    [[], 'is_empty', undefined, true],
    [{}, 'is_empty', undefined, true],
    [0, 'is_empty', undefined, false],
    [false, 'is_empty', undefined, false],
    [[null], 'is_empty', undefined, false],
    [true, 'is_true', undefined, true],
    ['true', 'is_true', undefined, true],
    [false, 'is_true', undefined, false],
    ['false', 'is_false', undefined, true],
    [true, 'is_false', undefined, false],
  ])('%j %s %j is %s', (left, op, right, expected) => {
    expect(check(left, op, right)).toBe(expected);
    const opposite = opposites.find(([one]) => one === op)?.[1];
    if (opposite) expect(check(left, opposite, right)).toBe(!expected);
  });

  it.each<[unknown, ConditionOperator, unknown, string]>([
    ['many', 'gt', 3, 'both sides must be numbers or both dates, got text and a number'],
    [null, 'gte', 3, 'both sides must be numbers or both dates, got nothing and a number'],
    ['1.000,50', 'lt', 3, 'both sides must be numbers or both dates, got text and a number'],
    [[1, 2], 'lte', 3, 'both sides must be numbers or both dates, got a list of 2 and a number'],
    [{ a: 1 }, 'gt', true, 'both sides must be numbers or both dates, got an object with a and a boolean'],
    ['2026-11-23', 'gt', 'tomorrow', 'both sides must be numbers or both dates, got text and text'],
    ['tomorrow', 'before', '2026-11-23', 'both sides must be dates such as 2026-11-23, got text'],
    ['2026-11-23', 'after', null, 'both sides must be dates such as 2026-11-23, got nothing'],
    ['2026-02-31', 'before', '2026-11-23', 'both sides must be dates such as 2026-11-23, got text'],
    ['yes', 'is_true', undefined, 'the value must be true or false, got text'],
    [1, 'is_false', undefined, 'the value must be true or false, got a number'],
    [null, 'is_true', undefined, 'the value must be true or false, got nothing'],
  ])('%j %s %j is impossible and says why, never false', (left, op, right, need) => {
    expect(failureOf(left, op, right)).toEqual({
      kind: 'terminal',
      code: 'comparison_impossible',
      message: `The comparison "${op}" cannot be made: ${need}. Choose another operator or another value.`,
      actor: 'customer',
    });
  });

  it('of any two values is decided or impossible; its opposite says the opposite and both sides are left as they were', () => {
    const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(json, fc.constantFrom(...conditionOperators), json, (left, op, right) => {
        const before = JSON.stringify([left, right]);
        const outcome = attempt(left, op, right);
        const opposite = opposites.find(([one]) => one === op)?.[1];
        if (opposite) expect(attempt(left, opposite, right)).toBe(!outcome);
        expect(JSON.stringify([left, right])).toBe(before);
      }),
      { numRuns: 3000 },
    );
    function attempt(left: Json, op: ConditionOperator, right: Json) {
      try {
        return check(left, op, right);
      } catch (error) {
        if (error instanceof BlockError) return error.failure.code;
        throw error;
      }
    }
  });

  it('that looks at one side only gives the same whatever the other is', () => {
    expect([...unaryOperators].sort()).toEqual(['is_empty', 'is_false', 'is_not_empty', 'is_true']);
    for (const op of unaryOperators) expect(check('true', op, 'x')).toBe(check('true', op));
  });
});

describe('several comparisons', () => {
  const yes = { left: 1, op: 'eq', right: 1 } as const;
  const no = { left: 1, op: 'eq', right: 2 } as const;
  const impossible = { left: 'x', op: 'gt', right: 2 } as const;

  it('hold together when all do, or when any does', () => {
    expect(evaluateConditions('all', [yes, yes])).toBe(true);
    expect(evaluateConditions('all', [yes, no])).toBe(false);
    expect(evaluateConditions('any', [no, yes])).toBe(true);
    expect(evaluateConditions('any', [no, no])).toBe(false);
  });

  it('stop at the one that decides: an impossible one behind it is not reached', () => {
    expect(evaluateConditions('all', [no, impossible])).toBe(false);
    expect(evaluateConditions('any', [yes, impossible])).toBe(true);
    expect(() => evaluateConditions('any', [no, impossible])).toThrow(BlockError);
  });
});

describe('a date without a zone in a comparison', () => {
  it('is one on the clock of the company, wherever that is', () => {
    const isBefore = { left: '2026-12-31T04:30:00Z', op: 'before', right: '2026-12-31' } as const;
    const zones = ['Europe/Rome', 'America/New_York', 'UTC'];
    expect(zones.map((zone) => evaluateConditions('all', [isBefore], zone))).toEqual([false, true, false]);
    expect(zones.map((zone) => evaluateCondition(isBefore, zone))).toEqual([false, true, false]);
    expect(evaluateCondition(isBefore)).toBe(false);
  });
});
