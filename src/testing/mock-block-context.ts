import type { StepContext } from '../core/block/implement';

/** The facts of a step, for testing an executor on its own; what a test is about is passed in. */
export function mockBlockContext(overrides: Partial<StepContext> = {}): StepContext {
  return {
    companyId: 'company-1',
    runId: 'run-1',
    workflowId: 'workflow-1',
    stepKey: 'step_1',
    nodeId: 'step_1',
    attempt: 1,
    firstAttemptAt: Date.now(),
    effectKey: 'run-1/step_1',
    timeZone: 'Europe/Rome',
    now: Date.now,
    signal: new AbortController().signal,
    ...overrides,
  };
}
