import { implementBlock, type ResumeArgument } from '../../core/block/implement';
import { branch, done, type Outcome, wait } from '../../core/block/outcome';
import { getOwn, type Json } from '../../core/json';
import { addDuration } from '../flow/time.server';
import { documentCompleted } from './document-completed';
import { docManagerServer, type HostClient } from './provider.server';
import { requestSignature } from './request-signature';

/**
 * A crash between the host's answer and the stored wait leaves the step under way: it is carried out again under the same key, the host
 * answers with its first request, and the wait begins then. An event told in between is found by the wait when it begins.
 */
export const runRequestSignature = implementBlock(requestSignature, {
  provider: docManagerServer,
  run: async ({ input, client: { host, call }, step }) => {
    const { documentId, signers, message, deadline, waitForCompletion } = input;
    // From the first attempt on, so that a repeated call says what the first one said.
    const until = deadline ? toIso(addDuration(step.firstAttemptAt, deadline, step.timeZone)) : null;
    const request = { documentId, signers, message, expiresAt: until ?? undefined };
    const { document, signatureRequestId } = await host.requestSignature(call, request);
    const output = { document, signatureRequestId };
    if (!waitForCompletion) return done(output);
    const where = [{ path: 'document.id', equals: documentId }];
    return wait({ kind: 'event', type: 'document.completed', where, until }, output);
  },
  resume: goOn,
});

/** Asks nobody: what the step needs is in what it had and in the event. */
function goOn({ soFar, step, wakeUp }: ResumeArgument<unknown, HostClient>): Outcome {
  const output = soFar as { [key: string]: Json };
  if (wakeUp.kind !== 'event') return branch('timed_out', { ...output, timedOutAt: toIso(step.now()) });
  const told = documentCompleted.output.safeParse(wakeUp.event.data).data;
  return branch('resumed', {
    ...output,
    document: { ...(getOwn(output, 'document') as object), ...told?.document },
    signers: told?.signers,
    completedAt: told?.completedAt ?? wakeUp.event.at,
  });
}

const toIso = (ms: number): string => new Date(ms).toISOString();
