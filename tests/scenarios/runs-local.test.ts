import { blocks } from '../../src/blocks';
import { ledgerHost, paidTrigger, type ScenarioWorld, scenarios } from '../support/run-scenarios';
import { follow, startTestServer } from '../support/server';
import { startLedger } from '../support/spawn-server';

describe('a run that the server itself carries out', () => {
  let world: ScenarioWorld & { close: () => Promise<void> };
  beforeAll(async () => {
    world = await startLocalWorld();
  });
  afterAll(() => world.close());

  it.each(Object.entries(scenarios))('%s', (_, play) => play(world));
});

async function startLocalWorld(): Promise<ScenarioWorld & { close: () => Promise<void> }> {
  const ledger = await startLedger();
  let aheadMs = 0;
  const test = await startTestServer({
    ...{ blocks: [...blocks, paidTrigger], host: ledgerHost(ledger.url) },
    clock: { now: () => Date.now() + aheadMs },
  });
  const client = test.clientOf();
  return {
    ...{ client, ledger, follow: (id, until) => follow(client, id, until) },
    pass: async (ms) => {
      aheadMs += ms;
    },
    tell: async (id, data) => {
      await test.server.emit({ type: 'invoice.paid', id, companyId: 'rossi', data });
    },
    close: async () => {
      await test.close();
      await ledger.close();
    },
  };
}
