/** Carries out runs. PostgreSQL holds the truth; a runner is whoever holds the lease at the moment. */
export interface Runner {
  /** Says that a run is waiting to be carried out. A hint: what is not announced is found by looking. */
  enqueue: (runId: string) => void;
  /** Ends after the steps in flight; the runs go on elsewhere or at the next start. */
  close: () => Promise<void>;
}
