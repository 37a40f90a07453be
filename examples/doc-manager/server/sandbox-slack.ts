import { createFakeSlack, type FakeSlack } from 'trama/testing';
import { companies, type Sessions } from './people';

export const sandboxApp = {
  clientId: 'doc-manager-sandbox',
  clientSecret: 'doc-manager-sandbox-secret',
  name: 'Doc Manager',
};

/** Each company has a Slack workspace of its own in the sandbox. */
export const teamIdOf = (companyId: string): string => `T_${companyId.toUpperCase()}`;

/** A Slack to try things with, one workspace to a company; its state lives beside ours. */
export function createSandboxSlack(stateFile: string, sessions: Sessions): FakeSlack {
  return createFakeSlack({
    ...sandboxApp,
    stateFile,
    teams: companies.map(({ id, name }) => ({ id: teamIdOf(id), name })),
    channels: ['generale', 'fatture', 'contratti'],
    signedInTeam: (req) => {
      const user = sessions.userOf(req);
      return user ? teamIdOf(user.companyId) : undefined;
    },
  });
}
