import { createEmulator } from 'emulate';

/** An app as it would be registered at Slack; tests read it from the environment. */
const app = {
  client_id: '1234.5678',
  client_secret: 'the client secret of the contract tests',
  name: 'Trama',
  redirect_uris: ['https://app.example/api/workflows/integrations/slack/callback'],
};

/** Starts the Slack that somebody else wrote; its origin goes to the tests by environment. */
export default async function setup() {
  const seed = {
    slack: {
      strict_scopes: true,
      team: { name: 'Rossi', domain: 'rossi' },
      channels: [{ name: 'fatture' }],
      oauth_apps: [app],
    },
  };
  globalThis.__emulator = await createEmulator({ service: 'slack', port: 0, seed });
  process.env.EMULATED_SLACK_ORIGIN = globalThis.__emulator.url;
  process.env.EMULATED_SLACK_APP = JSON.stringify(app);
}
