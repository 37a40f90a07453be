import { join } from 'node:path';
import {
  createFakeFattureInCloud,
  createFakeResend,
  createFakeSlack,
  type FakeFattureInCloud,
  type FakeResend,
  type FakeSlack,
} from 'trama/testing';
import type { Config } from './config';
import { companies, type Sessions, senderOf } from './people';

/** Our app, as it is registered at the services one connects. */
export const sandboxApp = {
  clientId: 'doc-manager-sandbox',
  clientSecret: 'doc-manager-sandbox-secret',
  name: 'Doc Manager',
};

export const sandboxKey = 're_doc_manager_sandbox';

/** Emails to this domain start workflows; the sandbox signs its notices of them with the secret. */
export const sandboxInbound = {
  inboundDomain: 'flussi.docmanager.example',
  webhookSecret: `whsec_${Buffer.from('the sandbox of the Doc Manager..').toString('base64')}`,
};

/** The services that are stood in for, because there are no credentials for the real ones. */
export interface Sandboxes {
  slack?: FakeSlack;
  'fatture-in-cloud'?: FakeFattureInCloud;
  resend?: FakeResend;
}

/** Each company has a Slack workspace of its own in the sandbox. */
export const teamIdOf = (companyId: string): string => `T_${companyId.toUpperCase()}`;

/** Services to try things with, no account needed; their state lives beside ours, in `sandbox-*.json`. */
export function createSandboxes(config: Config, sessions: Sessions): Sandboxes {
  const stateFile = (name: string) => join(config.dataDir, `sandbox-${name}.json`);
  const sandboxes: Sandboxes = {};
  if (!config.slack) {
    sandboxes.slack = createFakeSlack({
      ...sandboxApp,
      stateFile: stateFile('slack'),
      teams: companies.map(({ id, name }) => ({ id: teamIdOf(id), name })),
      // Files can only be shared where the app was invited.
      channels: ['generale', 'fatture', 'contratti'].map((name) => ({ name, isMember: true })),
      signedInTeam: (req) => {
        const user = sessions.userOf(req);
        return user ? teamIdOf(user.companyId) : undefined;
      },
    });
  }
  if (!config.fattureInCloud) {
    // One account with two companies, as a bookkeeper has: whoever connects chooses one.
    sandboxes['fatture-in-cloud'] = createFakeFattureInCloud({
      ...sandboxApp,
      stateFile: stateFile('fatture-in-cloud'),
      companies: companies.map(({ name, ficId, vatNumber }) => ({
        ...{ id: ficId, name, vatNumber },
        type: 'company' as const,
      })),
    });
  }
  if (!config.resend) {
    sandboxes.resend = createFakeResend({
      apiKey: sandboxKey,
      stateFile: stateFile('resend'),
      domains: companies.map(({ id }) => senderOf(id).replace(/^.*@|>$/g, '')),
    });
  }
  return sandboxes;
}
