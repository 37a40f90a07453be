import { resolve } from 'node:path';

export interface Config {
  port: number;
  /** Where people reach this application; absolute links begin with it. */
  publicUrl: string;
  dataDir: string;
  pagesDir: string;
  databaseUrl: string | undefined;
  /** For stored credentials, `k1:<base64 of 32 bytes>`; made in the data folder when absent. */
  encryptionKeys: string | undefined;
  /** Real Slack credentials; without them the sandbox stands in. */
  slack: { clientId: string; clientSecret: string } | null;
}

/** A setting only whoever starts the application can mend; its message is all they need. */
export class SettingError extends Error {}

/** Reads the environment once; a value that cannot be used is named, with what would be right. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const port = Number(env.PORT || 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new SettingError(
      `PORT is "${env.PORT}", which is no port. Give a number from 1 to 65535, for example PORT=3001.`,
    );
  }
  const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret } = env;
  if (Boolean(clientId) !== Boolean(clientSecret)) {
    throw new SettingError(
      'Slack needs both SLACK_CLIENT_ID and SLACK_CLIENT_SECRET. Set the other one too, or neither for the sandbox.',
    );
  }
  return {
    port,
    publicUrl: (env.PUBLIC_URL || `http://localhost:${port}`).replace(/\/$/, ''),
    dataDir: resolve(env.DATA_DIR || `${import.meta.dirname}/../.data`),
    pagesDir: resolve(`${import.meta.dirname}/../dist`),
    databaseUrl: env.DATABASE_URL || undefined,
    encryptionKeys: env.TRAMA_ENCRYPTION_KEYS || undefined,
    slack: clientId && clientSecret ? { clientId, clientSecret } : null,
  };
}
