import { blocks } from '../../src/blocks';
import { executors } from '../../src/blocks/server';
import {
  executeRun,
  indexBlocks,
  type Json,
  MemoryRunStore,
  type WakeUp,
  type WorkflowDefinition,
} from '../../src/core';

export const START = '2026-11-24T09:15:00.000Z';

export interface FlowOptions {
  payload?: Json;
  timeZone?: string;
}

/** A run of the built-in blocks on a clock that stands where it is put. */
export function startFlow(
  definition: WorkflowDefinition,
  { payload = {}, timeZone = 'Europe/Rome' }: FlowOptions = {},
) {
  const store = new MemoryRunStore();
  /** Carries the run on at this time. */
  const at = async (time: string) => {
    const end = await executeRun({
      run: {
        id: 'run_1',
        companyId: 'rossi',
        payload,
        workflow: { id: 'wf_1', name: 'Contratti' },
        createdAt: START,
      },
      definition,
      blocks: indexBlocks(blocks),
      executors,
      store,
      connect: async () => null,
      effectKey: (key) => `effect:${key}`,
      clock: { now: () => Date.parse(time) },
      formatting: { locale: 'it-IT', timeZone },
    });
    const steps = await store.load();
    return {
      end,
      /** `key status` or `key status handle` of every step but the trigger. */
      story: steps
        .filter(({ key }) => key !== 'trigger')
        .map(({ key, status, branch }) => [key, status, branch].filter(Boolean).join(' ')),
      step: (key: string) => steps.find((step) => step.key === key),
    };
  };
  return { store, at, wake: (key: string, wakeUp: WakeUp) => store.wake(key, wakeUp) };
}
