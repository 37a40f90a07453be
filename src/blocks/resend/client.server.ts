import type { Resend } from 'resend';
import { type ClientContext, implementProvider } from '../../core/block/implement';
import { mapError, ResendError } from './failures.server';
import { resend } from './provider';
import { openAttachment } from './receiving.server';
import { ResendOverFetch } from './sdk.server';

export interface ResendClient {
  sdk: Resend;
  /** Sender the application chose; `null` when it chose none. */
  from: string | null;
  pace: ClientContext['pace'];
  fetch: typeof fetch;
  hasReceived: (emailId: string) => Promise<boolean>;
}

export const resendServer = implementProvider<ResendClient>(resend, {
  client: ({ apiKey, baseUrl, fetch, from, pace, hasReceived = async () => false }) => ({
    sdk: new ResendOverFetch(apiKey ?? '', baseUrl, fetch),
    from: from ?? null,
    ...{ pace, fetch, hasReceived },
  }),
  mapError,
  openFile: openAttachment,
  test: async ({ sdk }) => {
    try {
      await sdk.domains.list();
    } catch (error) {
      // A key that may only send is the right one to have; that it is refused here by name shows that it is known.
      if (!(error instanceof ResendError && error.code === 'restricted_api_key')) throw error;
    }
  },
});
