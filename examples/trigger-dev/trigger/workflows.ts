import { createWorkflowTasks } from 'trama/trigger';
import { workflowOptions } from '../workflow-options';

// Both are found by their being exported: `run` carries out runs, `sweep` looks every minute for those that nobody carries out.
export const { run, sweep } = createWorkflowTasks(workflowOptions());
