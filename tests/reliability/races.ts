import { raceDecisions } from './races-approvals';
import { raceCancels } from './races-cancels';
import { raceParks, raceResumes } from './races-waits';
import { raceClaims, raceRetries, raceSettles } from './races-writes';

export interface RacesOptions {
  claims: number;
  claimers: number;
  /** Waits, and how many try to end each of them. */
  waits: number;
  wakers: number;
  /** Approvals, decided while their time runs out. */
  approvals: number;
  parks: number;
  cancels: number;
  settles: number;
  retries: number;
  seed: number;
}

export const quickRaces: Omit<RacesOptions, 'seed'> = {
  ...{ claims: 60, claimers: 20, waits: 24, wakers: 20 },
  approvals: 40,
  ...{ parks: 18, cancels: 32, settles: 5, retries: 5 },
};

export const fullRaces: Omit<RacesOptions, 'seed'> = {
  ...{ claims: 500, claimers: 20, waits: 500, wakers: 20 },
  approvals: 2000,
  ...{ parks: 300, cancels: 480, settles: 100, retries: 100 },
};

/** Everything that may be asked for by many at once, asked for by many at once: one is heard, and nothing is lost or done twice. */
export async function races(options: RacesOptions) {
  const { claims, claimers, waits, wakers, approvals, parks, cancels, settles, retries, seed } = options;
  const results = {
    claims: await raceClaims({ runs: claims, claimers }),
    resumes: await raceResumes({ waits, wakers, seed }),
    decisions: await raceDecisions({ approvals, seed }),
    parks: await raceParks({ runs: parks, seed }),
    cancels: await raceCancels({ runs: cancels, seed }),
    settles: await raceSettles({ runs: settles, people: 20 }),
    retries: await raceRetries({ retries, callers: 20 }),
  };
  const { resumes } = results;
  return {
    claims: results.claims.claims,
    claimed_runs: results.claims.distinct,
    waits: resumes.waits,
    woken_by_event: resumes.byEvent,
    woken_by_decision: resumes.byDecision,
    woken_by_time: resumes.byTime,
    decided_approvals: results.decisions.decided,
    expired_approvals: results.decisions.expired,
    events_told_while_parking: results.parks.resumed,
    canceled: results.cancels.canceled,
    canceled_too_late: results.cancels.tooLate,
    settled: results.settles.settled,
    retries: results.retries.started,
    violations: Object.entries(results).flatMap(([name, result]) =>
      result.violations.map((violation) => `${name}: ${violation}`),
    ),
  };
}
