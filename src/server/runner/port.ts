import type { ClaimedRun } from '../db/claim';
import type { RunData } from '../db/run-store';

/** Carries out runs. PostgreSQL holds the truth; a runner is whoever holds the lease at the moment. */
export interface Runner {
  /** Says that a run is due. A hint: what is not announced is found by looking. */
  enqueue: (run: { companyId: string; id: string }) => void;
  /** A place for one run that starts at once in this process; `null` when there is none and the run has to queue. */
  reserve: () => Place | null;
  /** Ends after the steps in flight; the runs go on elsewhere or at the next start. */
  close: () => Promise<void>;
}

/** Either used or given back. */
export interface Place {
  /** @param data what the run runs, where that is known already */
  use: (run: ClaimedRun, data?: RunData) => void;
  giveBack: () => void;
}
