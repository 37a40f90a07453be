import { type CrashPoint, type CrashPoints, crashPoints } from '../../src/server/crashpoint';

/** Instants at which a worker is killed: those the engine names, and while the world has a call and has not answered it. */
export const IN_FLIGHT = 'effect:in-flight';
export type KillPoint = CrashPoint | typeof IN_FLIGHT;
export const killPoints: readonly KillPoint[] = [...crashPoints, IN_FLIGHT];

/** One instant of an undisturbed run. */
export interface Instant {
  point: KillPoint;
  /** Which time the run passes the point. */
  count: number;
  /** Keys of steps one of which may be under way in the database then: its intent is committed, its result is not. */
  underWay: (string | null)[];
}

type Passed = { point: CrashPoint } | { call: string };

/** Notes what an engine passes, instead of dying there. */
export class Trace implements CrashPoints {
  private readonly passed: Passed[] = [];

  reach = (point: CrashPoint): void => void this.passed.push({ point });

  around: CrashPoints['around'] = async (statement, send) => {
    this.reach(`${statement}:before`);
    const answer = send();
    this.reach(`${statement}:sent`);
    const result = await answer;
    this.reach(`${statement}:after`);
    return result;
  };

  noteCall(stepKey: string): void {
    this.passed.push({ call: stepKey });
  }

  instants(): Instant[] {
    const counts = new Map<KillPoint, number>();
    let underWay: string | null = null;
    return this.passed.map((entry, index) => {
      const point = 'call' in entry ? IN_FLIGHT : entry.point;
      const count = (counts.get(point) ?? 0) + 1;
      counts.set(point, count);
      if (point === 'commit:sent') return { point, count, underWay: [underWay, this.begunAfter(index + 1)] };
      if (point === 'commit:after') underWay = this.begunAfter(index);
      if (point === 'park:after') underWay = null;
      return { point, count, underWay: [underWay] };
    });
  }

  /** The step whose effect the commit that ends at `index` lets begin. */
  private begunAfter(index: number): string | null {
    const [begins, call] = this.passed.slice(index + 1, index + 3);
    const isBegun = begins !== undefined && 'point' in begins && begins.point === 'effect:before';
    return isBegun && call !== undefined && 'call' in call ? call.call : null;
  }
}
