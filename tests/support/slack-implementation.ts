import { executors, providerImplementations } from '../../src/blocks/server';
import { slackServer } from '../../src/blocks/slack/client.server';
import type { AnyExecutor, AnyProvider, ClientContext } from '../../src/core';

/** The built-in blocks and providers, Slack's clients made from a changed context. */
export function slackWith(change: (context: ClientContext) => Partial<ClientContext>): {
  executors: Record<string, AnyExecutor>;
  providerImplementations: AnyProvider[];
} {
  const provider: typeof slackServer = {
    ...slackServer,
    client: (context) => slackServer.client({ ...context, ...change(context) }),
  };
  const all: [string, AnyExecutor][] = Object.entries(executors);
  return {
    executors: Object.fromEntries(
      all.map(([type, executor]) => [
        type,
        executor.provider === slackServer ? { ...executor, provider } : executor,
      ]),
    ),
    providerImplementations: providerImplementations.map((own) => (own === slackServer ? provider : own)),
  };
}
