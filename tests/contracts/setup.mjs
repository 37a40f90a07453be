import { createEmulator } from 'emulate';

/** Starts the Slack that somebody else wrote; its origin goes to the tests by environment. */
export default async function setup() {
  globalThis.__emulator = await createEmulator({ service: 'slack', port: 0 });
  process.env.EMULATED_SLACK_ORIGIN = globalThis.__emulator.url;
}
