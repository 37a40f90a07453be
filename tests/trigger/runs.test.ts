import { scenarios } from '../support/run-scenarios';
import { startTriggerWorld, type TriggerWorld } from '../support/trigger/world';

describe.each(['suspend', 'waitpoint'] as const)(
  'a run that Trigger.dev carries out, in wait mode %s,',
  (waitMode) => {
    let world: TriggerWorld;
    beforeAll(async () => {
      world = await startTriggerWorld(waitMode);
    });
    afterAll(() => world.close());

    it.each(Object.entries(scenarios))('%s', (_, play) => play(world));
  },
);
