import { defineConfig } from '@trigger.dev/sdk';

export default defineConfig({
  project: process.env.TRIGGER_PROJECT_REF ?? 'proj_your_project',
  dirs: ['./trigger'],
  runtime: 'node-22',
  // Seconds of work in one task; waits do not count. A task near its limit hands over to the next one between two steps.
  maxDuration: 900,
  // Without it, a task that lost the database while you develop would not be tried again.
  retries: { enabledInDev: true },
});
