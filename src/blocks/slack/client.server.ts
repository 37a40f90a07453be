import { implementProvider } from '../../core/block/implement';
import { BlockError } from '../../core/errors';
import { channels } from './channels.server';
import { mapError } from './failures.server';
import { slack } from './provider';
import { createSlackClient, type SlackClient } from './web-client.server';

export const slackServer = implementProvider<SlackClient>(slack, {
  client: createSlackClient,
  identify: async (client) => {
    const answer = await client.call((web) => web.auth.test());
    if (answer.is_enterprise_install) throw new BlockError(enterpriseInstall);
    return [{ accountId: answer.team_id ?? '', label: answer.team ?? answer.team_id ?? 'Slack' }];
  },
  test: async (client) => void (await client.call((web) => web.auth.test())),
  revoke: async (client) => void (await client.call((web) => web.auth.revoke())),
  mapError: (error) => mapError(error),
  options: { channels },
});

/** Such a token is good for many workspaces, and every call would have to say which. */
const enterpriseInstall = {
  kind: 'terminal',
  code: 'enterprise_install',
  message:
    'The app was installed for a whole Slack organization, which Trama does not support. Install it in one workspace.',
  actor: 'customer',
} as const;
