/** The tasks as a host re-exports them, with a host application and a clock that the tests hold. */
import { createWorkflowTasks } from '../../../src/server/trigger';
import { hostOptions } from './host-options';

export const { run, sweep } = createWorkflowTasks(hostOptions());
