import { resolve } from 'node:path';

interface Credentials {
  clientId: string;
  clientSecret: string;
}

/** What emails that start workflows need. */
interface Inbound {
  webhookSecret: string;
  inboundDomain: string;
}

export interface Config {
  port: number;
  /** Where people reach this application; absolute links begin with it. */
  publicUrl: string;
  dataDir: string;
  pagesDir: string;
  databaseUrl: string | undefined;
  /** For stored credentials, `k1:<base64 of 32 bytes>`; made in the data folder when absent. */
  encryptionKeys: string | undefined;
  /** Credentials of the real services; without them a sandbox stands in. */
  slack: Credentials | null;
  fattureInCloud: Credentials | null;
  resend: ({ apiKey: string; from: string } & Partial<Inbound>) | null;
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
  const slack = readPair(env, 'SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET');
  const fattureInCloud = readPair(env, 'FATTURE_IN_CLOUD_CLIENT_ID', 'FATTURE_IN_CLOUD_CLIENT_SECRET');
  const resend = readPair(env, 'RESEND_API_KEY', 'RESEND_FROM');
  const inbound = readPair(env, 'RESEND_WEBHOOK_SECRET', 'RESEND_INBOUND_DOMAIN');
  return {
    port,
    publicUrl: (env.PUBLIC_URL || `http://localhost:${port}`).replace(/\/$/, ''),
    dataDir: resolve(env.DATA_DIR || `${import.meta.dirname}/../.data`),
    pagesDir: resolve(`${import.meta.dirname}/../dist`),
    databaseUrl: env.DATABASE_URL || undefined,
    encryptionKeys: env.TRAMA_ENCRYPTION_KEYS || undefined,
    slack: slack && { clientId: slack[0], clientSecret: slack[1] },
    fattureInCloud: fattureInCloud && { clientId: fattureInCloud[0], clientSecret: fattureInCloud[1] },
    resend: resend && {
      apiKey: resend[0],
      from: resend[1],
      ...(inbound && { webhookSecret: inbound[0], inboundDomain: inbound[1] }),
    },
  };
}

/** Two settings that are of use together only. */
function readPair(env: NodeJS.ProcessEnv, first: string, second: string): [string, string] | null {
  const [one, other] = [env[first], env[second]];
  if (one && other) return [one, other];
  if (!one && !other) return null;
  throw new SettingError(
    `${first} and ${second} belong together. Set the other one too, or neither for the sandbox.`,
  );
}
