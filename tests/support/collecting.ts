/** A block that collects events: it waits for one after the other, and each may be made to go badly. */
import * as z from 'zod';
import { blocks } from '../../src/blocks';
import { executors } from '../../src/blocks/server';
import { slackServer } from '../../src/blocks/slack/client.server';
import { BlockError, done, implementBlock, type Outcome, type RunDetail, wait } from '../../src/core';
import { acmeBlock, acmeTrigger } from './acme';
import { definition, node } from './definitions';
import { connectSlack, follow, publishWorkflow, startTestServer } from './server';

const collect = acmeBlock('acme.collect', z.strictObject({ count: z.int() }), {
  provider: 'slack',
  sideEffect: 'idempotent',
});
const signed = acmeTrigger('acme.signed', 'order.signed');
const cronSecret = 'the cron secret of the tests';
const retry = { maxAttempts: 2, backoff: 'fixed', delayMs: 60_000, maxDelayMs: 60_000 } as const;

/** What a step waits for. */
export const signature = { kind: 'event' as const, type: 'order.signed', where: [], until: null };

export const goesBadly =
  (kind: 'reconnect' | 'retry' | 'terminal', code = 'went_badly', retryAfterMs?: number) =>
  (): never => {
    throw new BlockError({ kind, code, retryAfterMs, message: 'Slack did not take it.' });
  };

/** One step behind the other, each of which collects so many events. */
export const collecting = (...counts: [number, ...number[]]) =>
  definition(
    counts.map((count, index) => node(`collect_${index + 1}`, 'acme.collect', { config: { count }, retry })),
    counts.map((_, index) => `${index === 0 ? 'trigger' : `collect_${index}`} -> collect_${index + 1}`),
  );

export async function startCollecting() {
  let aheadMs = 0;
  /** What comes, once, of going on from the end of a wait by this event, instead of what usually does. */
  const instead = new Map<string, (soFar: string[]) => Outcome | Promise<Outcome>>();
  const test = await startTestServer({
    cronSecret,
    clock: { now: () => Date.now() + aheadMs },
    blocks: [...blocks, collect, signed],
    executors: {
      ...executors,
      'acme.collect': implementBlock(collect, {
        provider: slackServer,
        run: () => wait(signature, []),
        resume: ({ input, wakeUp, soFar }) => {
          const id = wakeUp.kind === 'event' ? wakeUp.event.id : wakeUp.kind;
          const other = instead.get(id);
          instead.delete(id);
          if (other) return other(soFar as string[]);
          const ids = [...(soFar as string[]), id];
          return ids.length < input.count ? wait(signature, ids) : done(ids);
        },
      }),
    },
  });
  const client = test.clientOf();
  await connectSlack(test);
  return {
    test,
    client,
    instead,
    pass: (ms: number) => {
      aheadMs += ms;
    },
    start: async (...counts: [number, ...number[]]) => {
      const { id } = await publishWorkflow(client, collecting(...counts));
      const { run } = await client.startRun({ params: { id }, body: { payload: {} } });
      await follow(client, run.id, (status) => status === 'waiting');
      return run.id;
    },
    retryOf: async (id: string) => {
      const { run } = await client.retryRun({ params: { id }, body: { from: 'failed', version: 'same' } });
      return run.id;
    },
    cancelAll: async () => {
      const { items } = await client.listRuns({ query: { status: 'waiting' } });
      for (const { id } of items) await client.cancelRun({ params: { id } });
    },
    sign: (id: string) => test.server.emit({ type: signature.type, id, companyId: 'rossi', data: {} }),
    sweep: () =>
      fetch(`${test.baseUrl}/internal/sweep`, {
        method: 'POST',
        headers: { authorization: `Bearer ${cronSecret}` },
      }),
    /** A step once its run waits and it has so many events behind it; what it waits for, as it is told. */
    parked: async (runId: string, kind: string | undefined, events: number, key = 'collect_1') => {
      const stop = new AbortController();
      let found: RunDetail['steps'][number] | undefined;
      const look = ({ run, steps }: RunDetail) => {
        const step = steps.find((candidate) => candidate.key === key);
        const hasCome = (step?.output as string[] | null | undefined)?.length === events;
        if (hasCome && step?.wait?.kind === kind && run.status === 'waiting') found = step;
        if (found || run.status === 'succeeded' || run.status === 'failed') stop.abort();
      };
      await client.watchRun(runId, look, stop.signal).catch((error) => {
        if (!stop.signal.aborted) throw error;
      });
      return found;
    },
  };
}
