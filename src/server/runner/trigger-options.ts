import * as z from 'zod';
import type { WorkflowServerOptions } from '../options';

/** Trigger.dev as the runner of workflows. What is left out is read from the variables its SDK reads. */
export interface TriggerOptions {
  /** Of the environment runs are started in. @default TRIGGER_SECRET_KEY; in a task, the task's own */
  secretKey?: string | undefined;
  /** Of a Trigger.dev one hosts oneself. @default TRIGGER_API_URL, else https://api.trigger.dev */
  apiUrl?: string | undefined;
  /** `proj_…`: with it a run that no task has taken up yet can be shown in the dashboard, too. @default TRIGGER_PROJECT_REF */
  project?: string | undefined;
  /** Where the dashboard is. @default https://cloud.trigger.dev, or the origin of `apiUrl` */
  dashboardUrl?: string | undefined;
  /**
   * What a task does with a run that has to wait. `suspend`: it ends, and another is started when the time comes or the event or decision
   * is there; nothing is held, any deploy may come in between, waking takes a second or two. `waitpoint`: it waits at a token of
   * Trigger.dev; wakes at once, but goes on with the code it began with and needs Trigger.dev Cloud, where a waiting task costs nothing.
   * @default 'suspend'
   */
  waitMode?: 'suspend' | 'waitpoint' | undefined;
}

export const triggerOptionsSchema = z.object({
  secretKey: z.string().min(1).optional(),
  apiUrl: z.url({ protocol: /^https?$/ }).optional(),
  project: z.string().min(1).optional(),
  dashboardUrl: z.url({ protocol: /^https?$/ }).optional(),
  waitMode: z.enum(['suspend', 'waitpoint']).optional(),
});

/** What is missing for runner 'trigger', a line each. */
export function problemsOfTrigger({ trigger, databaseUrl }: WorkflowServerOptions): string[] {
  // The SDK takes any of them; a task may have no more than a token of its own.
  const { TRIGGER_SECRET_KEY, TRIGGER_ACCESS_TOKEN, TRIGGER_RUN_TOKEN } = process.env;
  return [
    ...(trigger?.secretKey || TRIGGER_SECRET_KEY || TRIGGER_ACCESS_TOKEN || TRIGGER_RUN_TOKEN
      ? []
      : [
          `  trigger.secretKey: is required with runner 'trigger'; it stands in the dashboard under "API keys"`,
        ]),
    ...(databaseUrl
      ? []
      : [
          `  databaseUrl: is required with runner 'trigger'; its tasks run elsewhere and cannot reach the embedded database`,
        ]),
  ];
}

/** `TRIGGER_*` are the variables that Trigger.dev's own SDK and command line read. */
export function triggerFromEnv(env: NodeJS.ProcessEnv): Pick<WorkflowServerOptions, 'runner' | 'trigger'> {
  const trigger = {
    secretKey: env.TRIGGER_SECRET_KEY,
    apiUrl: env.TRIGGER_API_URL,
    project: env.TRIGGER_PROJECT_REF,
    dashboardUrl: env.TRAMA_TRIGGER_DASHBOARD_URL,
    waitMode: env.TRAMA_TRIGGER_WAIT_MODE as TriggerOptions['waitMode'],
  };
  const given = Object.entries(trigger).filter(([, value]) => value !== undefined && value !== '');
  return {
    runner: (env.TRAMA_RUNNER || undefined) as WorkflowServerOptions['runner'],
    trigger: given.length > 0 ? Object.fromEntries(given) : undefined,
  };
}
