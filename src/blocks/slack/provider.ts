import { defineProvider } from '../../core/block/provider';

export const slack = defineProvider({
  id: 'slack',
  label: { en: 'Slack', it: 'Slack' },
  description: { en: 'Messages and files in your channels', it: 'Messaggi e file nei tuoi canali' },
  icon: '#',
  color: '#611f69',
  defaultBaseUrl: 'https://slack.com',
  // A file's bytes go to the address Slack names for the upload.
  hosts: ['files.slack.com'],
  accountLabel: { en: 'Workspace', it: 'Spazio di lavoro' },
  auth: {
    type: 'oauth2',
    authorizePath: '/oauth/v2/authorize',
    tokenPath: '/api/oauth.v2.access',
    scopes: ['chat:write', 'chat:write.public', 'channels:read', 'groups:read', 'files:write'],
    scopeSeparator: ',',
  },
});
