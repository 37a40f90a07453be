import { optionsFromEnv, type WorkflowServerOptions } from 'trama/server';

/**
 * What the server and the tasks must agree on, in one place. The server adds what only it needs: `authenticate`, secrets of signed calls,
 * and `runner: 'trigger'`. Your own blocks, executors and `host` belong here, too, and `notifyApproval`: the task that stores an approval tells
 * people at once, while a server that alone has it would tell them at its next sweep.
 */
export function workflowOptions() {
  return {
    ...optionsFromEnv(),
    baseUrl: process.env.TRAMA_BASE_URL ?? 'http://localhost:3000/api/workflows',
    databaseUrl: process.env.DATABASE_URL,
  } satisfies Partial<WorkflowServerOptions>;
}
