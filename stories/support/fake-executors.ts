import { updateStatus } from '../../src/blocks/doc-manager/update-status';
import { runIf, runLoop } from '../../src/blocks/flow/executors';
import { sendMessage } from '../../src/blocks/slack/send-message';
import { type AnyExecutor, done, implementBlock } from '../../src/core';

/** Executors without a network: the flow's own, and providers that always succeed after `delayMs`. */
export function createExecutors(delayMs = 0): Record<string, AnyExecutor> {
  const pause = () => new Promise<void>((resolve) => setTimeout(resolve, delayMs));
  return {
    'flow.if': runIf,
    'flow.loop': runLoop,
    'slack.send-message': implementBlock(sendMessage, {
      run: async ({ input }) => {
        if (delayMs > 0) await pause();
        return done({ channel: input.channel, ts: '1405895017.000506' });
      },
    }),
    'doc-manager.update-status': implementBlock(updateStatus, {
      run: async ({ input }) => {
        if (delayMs > 0) await pause();
        return done({ document: { id: input.documentId, title: 'Contratto Rossi', status: input.status } });
      },
    }),
  };
}
