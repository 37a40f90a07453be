import type { InboundAddress, RouteCalls } from '../../src/core';
import { type FakeState, findWorkflow } from './fake-state';

type InboundCalls = Pick<RouteCalls, 'getInboundAddress' | 'createInboundAddress' | 'rotateInboundAddress'>;

/** Addresses of workflows, numbered by how often they were replaced; none was ever written to. */
export function inboundCalls(
  state: FakeState,
  { configured = true, refused = [] }: Partial<InboundAddress> = {},
): InboundCalls {
  const turns = new Map<string, number>();
  const show = (id: string): InboundAddress => {
    const turn = turns.get(findWorkflow(state, id).workflow.id);
    const token = turn === undefined ? null : `mfzwizltoqqg65lsmuqg63tf${'abcdefgh'[turn % 8]}7`;
    const address = configured && token ? `wf-${token}@in.example.com` : null;
    return { address, configured, refused };
  };
  return {
    getInboundAddress: async ({ params }) => show(params.id),
    createInboundAddress: async ({ params }) => {
      if (!turns.has(params.id)) turns.set(params.id, 0);
      return show(params.id);
    },
    rotateInboundAddress: async ({ params }) => {
      turns.set(params.id, (turns.get(params.id) ?? -1) + 1);
      return show(params.id);
    },
  };
}
