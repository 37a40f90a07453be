export { createWorkflowTasks, type WorkflowTasksOptions } from './tasks';
