import type { RequestHandler } from 'express';
import { isFinished } from '../../core/run/status';
import type { ServerContext } from '../context';
import { describeError } from '../log';
import type { Principal } from '../options';
import { readRunDetail } from '../runs/read-runs';
import type { IdentifiedRequest } from './implement';

/** Looks without a hint: the run may be carried out by another process. Keeps proxies from closing the stream, too. */
const LOOK_MS = 2000;

/** `GET /runs/:id/events`: the run's detail now and after every change, as server-sent events; ends with the run. */
export function runEvents(context: ServerContext): RequestHandler {
  return async (request: IdentifiedRequest, response) => {
    const principal = request.principal as Principal;
    const id = String(request.params.id).toLowerCase();
    let last = JSON.stringify(await readRunDetail(context, principal, id));
    response.set({
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    response.write(`data: ${last}\n\n`);
    let isLooking = false;
    let lookAgain = false;
    const look = async () => {
      lookAgain = isLooking;
      // A client that does not read gets the newest state when it reads again, not every one in between.
      if (isLooking || response.writableNeedDrain) return;
      isLooking = true;
      try {
        do {
          lookAgain = false;
          const detail = await readRunDetail(context, principal, id);
          const next = JSON.stringify(detail);
          if (response.writableEnded) return;
          response.write(next === last ? ': still here\n\n' : `data: ${next}\n\n`);
          last = next;
          if (isFinished(detail.run.status)) return stop();
        } while (lookAgain && !response.writableNeedDrain);
      } catch (error) {
        // The client reads again on its own when the stream ends.
        context.log.warn('a run could not be watched', { runId: id, ...describeError(error) });
        stop();
      } finally {
        isLooking = false;
      }
    };
    const timer = setInterval(look, LOOK_MS);
    const stop = () => {
      clearInterval(timer);
      context.changes.off(id, look).off('close', stop);
      response.end();
    };
    context.changes.on(id, look).once('close', stop);
    response.on('drain', look).on('close', stop);
    // One who hung up while we read does not tell a second time.
    if (response.destroyed) return stop();
    await look();
  };
}
