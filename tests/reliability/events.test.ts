import { deliverEvents } from './events';
import { keep, patience, scale, seed } from './tier';

const options = {
  ...scale({ events: 40, copies: 10, kills: 2 }, { events: 1000, copies: 20, kills: 9 }),
  seed,
};

it(
  `an event delivered many times to two servers, one of them killed meanwhile, starts one run that every answer names (TRAMA_TEST_SEED=${seed})`,
  async () => {
    const facts = await deliverEvents(options);
    await keep('events', facts);
    const { events, kills } = options;
    expect(facts).toMatchObject({ events, kills, runs: events, succeeded: events, violations: [] });
    expect(facts.redelivered).toBeGreaterThan(0);
    expect(facts.conflicts).toBeGreaterThan(0);
  },
  patience,
);
