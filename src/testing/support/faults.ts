import type { ServerResponse } from 'node:http';
import { type Answer, jsonAnswer, sendAnswer } from './http';

/**
 * What goes wrong with a call.
 * - `{ status, retryAfter?, body?, done? }`: answered with this status, and nothing done unless `done`. `retryAfter` is in seconds.
 * - `{ error, ... }`: the provider's own refusal (Slack: HTTP 200 with `ok: false`), nothing done.
 * - `{ echoAuthorization: true, status? }`: an error answer that repeats the caller's Authorization header, as careless servers and proxies
 *   do; nothing done. `status` is 400 unless given.
 * - `hang`: never answered, nothing done. `reset`: the connection is cut, nothing done.
 * - `answer-lost`: the effect is done, then the connection is cut.
 */
export type Fault =
  | { status: number; retryAfter?: number; body?: string | Record<string, unknown>; done?: boolean }
  | { error: string; [detail: string]: unknown }
  | { echoAuthorization: true; status?: number }
  | 'hang'
  | 'reset'
  | 'answer-lost';

/** Faults waiting for their calls, first come first served for each method. */
export class FaultQueue {
  private readonly waiting = new Map<string, Fault[]>();

  add(method: string, fault: Fault, times: number): void {
    const queue = this.waiting.get(method) ?? [];
    this.waiting.set(method, [...queue, ...Array.from({ length: times }, () => fault)]);
  }

  take(method: string): Fault | null {
    return this.waiting.get(method)?.shift() ?? null;
  }

  clear(): void {
    this.waiting.clear();
  }
}

/** Answers as the fault says; `perform` does the call's effect and is only asked when the fault lets it happen. */
export async function sendWithFault(
  res: ServerResponse,
  fault: Fault | null,
  perform: () => Promise<Answer<string | Uint8Array>>,
): Promise<void> {
  if (fault === null) return sendAnswer(res, await perform());
  if (fault === 'hang') return;
  if (fault === 'answer-lost') await perform();
  if (fault === 'answer-lost' || fault === 'reset') return void res.socket?.destroy();
  if ('done' in fault && fault.done) await perform();
  sendAnswer(res, answerOf(fault, res.req.headers.authorization ?? ''));
}

function answerOf(fault: Exclude<Fault, string>, authorization: string): Answer {
  if ('error' in fault) return jsonAnswer({ ok: false, ...fault });
  if ('echoAuthorization' in fault) {
    const body = { ok: false, error: authorization, message: `Refused: Authorization: ${authorization}` };
    return jsonAnswer(body, fault.status ?? 400);
  }
  const headers: Record<string, string> =
    fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
  if (typeof fault.body !== 'string') return jsonAnswer(fault.body ?? {}, fault.status, headers);
  return { status: fault.status, headers: { 'content-type': 'text/html', ...headers }, body: fault.body };
}
