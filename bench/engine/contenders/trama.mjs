/** Trama as a host uses it: the built package, its public entries, a block of the host's own. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import express from 'express';
import { blocks as builtInBlocks } from 'trama/blocks';
import { createWorkflowClient, defineBlock, defineTrigger } from 'trama/core';
import { executors as builtInExecutors, createWorkflowServer, implementBlock } from 'trama/server';
import * as z from 'zod';
import { OUTPUT, POOL_SIZE } from '../workload.mjs';

const EVENT = 'order.placed';
const text = (word) => ({ en: word, it: word });
const described = { provider: 'flow', description: text('For the benchmark'), icon: 'B' };

const trigger = defineTrigger({
  ...described,
  type: 'bench.order-placed',
  label: text('Order placed'),
  event: EVENT,
  input: z.strictObject({}),
  output: z.looseObject({ order: z.object({ id: z.string(), amount: z.number() }) }),
  sample: { order: { id: 'order_7', amount: 1200 } },
});

const block = defineBlock({
  ...described,
  type: 'bench.book-invoice',
  label: text('Book invoice'),
  sideEffect: 'idempotent',
  input: z.strictObject({ order: z.string() }),
  output: z.looseObject({ id: z.string(), amount: z.number(), text: z.string() }),
  sample: OUTPUT,
});

const executor = implementBlock(block, { run: () => ({ kind: 'done', output: OUTPUT }) });

export async function open({ databaseUrl }) {
  const ends = new Map();
  const server = await createWorkflowServer({
    databaseUrl,
    encryptionKeys: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
    baseUrl: 'http://127.0.0.1/api/workflows',
    authenticate: (request) => ({ companyId: request.get('x-company'), userId: 'bench', role: 'admin' }),
    blocks: [...builtInBlocks, trigger, block],
    executors: { ...builtInExecutors, [block.type]: executor },
    concurrency: 72,
    poolSize: POOL_SIZE,
    logger: {
      // The engine says when a leg has ended, after its last commit: the only sign that costs the database nothing.
      info: (_, { runId, status } = {}) => runId && status && endOf(ends, runId).resolve(status),
      warn: (message, facts) => console.error('trama warns:', message, facts),
      error: (message, facts) => console.error('trama fails:', message, facts),
    },
  });
  const published = new Map();
  const publish = (steps) => {
    const known = published.get(steps) ?? publishWorkflow(server, steps);
    published.set(steps, known);
    return known;
  };
  return {
    prepare: async ({ steps }) => {
      const companyId = await publish(steps);
      return async () => {
        const id = randomUUID();
        const data = { order: { id, amount: 1200 } };
        const [run] = await server.emit({ type: EVENT, id, companyId, data });
        const status = await endOf(ends, run.id).promise;
        ends.delete(run.id);
        if (status !== 'succeeded') throw new Error(`Run ${run.id} ended "${status}".`);
      };
    },
    close: () => server.close(),
  };
}

/** The end of a run, whoever asks first: the one who waits for it or the one who tells of it. */
function endOf(ends, runId) {
  let end = ends.get(runId);
  if (!end) {
    end = {};
    end.promise = new Promise((resolve) => {
      end.resolve = resolve;
    });
    ends.set(runId, end);
  }
  return end;
}

/** Every size of the workflow has a company of its own, so that one event starts one run. */
async function publishWorkflow(server, steps) {
  const companyId = `bench-${steps}`;
  const http = createServer(express().use('/api/workflows', server.router));
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  const client = createWorkflowClient({
    baseUrl: `http://127.0.0.1:${http.address().port}/api/workflows`,
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, 'x-company': companyId } }),
  });
  const { id, draft } = await client.createWorkflow({
    body: { name: 'Reference run', definition: definition(steps) },
  });
  await client.publishWorkflow({ params: { id }, body: { revision: draft.revision } });
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
  return companyId;
}

function definition(steps) {
  const ids = Array.from({ length: steps }, (_, index) => `step_${index + 1}`);
  const conditions = [{ left: '{{trigger.payload.order.amount}}', op: 'gt', right: 1000 }];
  const path = ['trigger', 'if_amount', ...ids];
  return {
    schemaVersion: 1,
    nodes: [
      { id: 'trigger', type: trigger.type, config: {} },
      { id: 'if_amount', type: 'flow.if', config: { conditions } },
      ...ids.map((id) => ({ id, type: block.type, config: { order: '{{trigger.payload.order.id}}' } })),
    ],
    edges: path.slice(1).map((target, index) => ({
      id: `edge_${index}`,
      source: path[index],
      sourceHandle: path[index] === 'if_amount' ? 'true' : 'next',
      target,
    })),
  };
}
