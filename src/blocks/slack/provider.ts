import { defineProvider } from '../../core/block/provider';

export const slack = defineProvider({
  id: 'slack',
  label: { en: 'Slack', it: 'Slack' },
  description: { en: 'Messages to your channels', it: 'Messaggi nei tuoi canali' },
  icon: '#',
  color: '#611f69',
  defaultBaseUrl: 'https://slack.com',
  auth: {
    type: 'oauth2',
    authorizePath: '/oauth/v2/authorize',
    tokenPath: '/api/oauth.v2.access',
    scopes: ['chat:write', 'chat:write.public', 'channels:read', 'groups:read'],
    scopeSeparator: ',',
  },
});
