import { fullRaces, quickRaces, races } from './races';
import { keep, patience, scale, seed } from './tier';

const options = { ...scale(quickRaces, fullRaces), seed };

it(
  'what many ask for at once is done once: claims, resumes, cancels, settlements, retries',
  async () => {
    const facts = await races(options);
    await keep('races', facts);
    expect(facts.violations).toEqual([]);
    const { claims, waits, parks, settles, retries } = options;
    expect(facts).toMatchObject({
      ...{ claims, claimed_runs: claims, waits, events_told_while_parking: parks, settled: settles, retries },
    });
    expect(facts.woken_by_event + facts.woken_by_decision + facts.woken_by_time).toBe(waits);
    expect(facts.decided_approvals + facts.expired_approvals).toBe(options.approvals);
    expect(facts.canceled + facts.canceled_too_late).toBe(options.cancels);
  },
  patience,
);
