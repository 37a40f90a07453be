/**
 * Named instants of the engine at which a fault test kills the process. `TRAMA_CRASH=commit:sent#3` kills it at the third time it passes
 * `commit:sent`; without the variable nothing is done. `sent`: the statement is on its way, its answer not awaited.
 */
export const crashPoints = [
  ...['start:before', 'start:sent', 'start:after'],
  ...['claim:before', 'claim:sent', 'claim:after'],
  ...['load:before', 'load:sent', 'load:after'],
  ...['commit:before', 'commit:sent', 'commit:after'],
  ...['park:before', 'park:sent', 'park:after'],
  ...['wake:before', 'wake:sent', 'wake:after'],
  ...['effect:before', 'effect:after'],
] as const;

export type CrashPoint = (typeof crashPoints)[number];
type Statement = 'start' | 'claim' | 'load' | 'commit' | 'park' | 'wake';

export interface CrashPoints {
  /** Passes one instant. */
  reach: (point: CrashPoint) => void;
  /** Passes the three instants around a statement. `departure`: asked when one may have to wait before it leaves. */
  around: <T>(statement: Statement, send: () => Promise<T>, departure?: () => Promise<void>) => Promise<T>;
}

export function createCrashPoints(wanted = process.env.TRAMA_CRASH): CrashPoints {
  if (!wanted) return { reach: () => {}, around: (_, send) => send() };
  const [name, count = '1'] = wanted.split('#');
  if (!crashPoints.some((point) => point === name))
    throw new Error(`TRAMA_CRASH names no crash point: "${wanted}".`);
  let left = Number(count);
  const reach = (point: CrashPoint) => {
    if (point !== name) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
  const around: CrashPoints['around'] = async (statement, send, departure) => {
    reach(`${statement}:before`);
    const answer = send();
    await departure?.();
    // A turn of the event loop, after which the driver has handed the statement to the socket.
    await new Promise(setImmediate);
    reach(`${statement}:sent`);
    const result = await answer;
    reach(`${statement}:after`);
    return result;
  };
  return { reach, around };
}
