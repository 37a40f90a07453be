import { isAddress, isDomain } from '../blocks/resend/addresses';
import { areSecrets } from '../blocks/signature.server';
import { type HttpHostOptions, httpHost } from './host/http-host';
import { areKeys } from './integrations/vault';
import type { ProviderOptions, WorkflowServerOptions } from './options';
import { triggerFromEnv } from './runner/trigger-options';

/**
 * Reads options from `TRAMA_*` variables; spread them before those given in code. docs/configuration.md lists them. An empty variable
 * counts as absent.
 * @throws Error that names every variable that is malformed, or missing beside one that needs it
 */
export function optionsFromEnv(env: NodeJS.ProcessEnv = process.env): Partial<WorkflowServerOptions> {
  const read = createReader(env);
  const options: Partial<WorkflowServerOptions> = {
    baseUrl: read.url('TRAMA_BASE_URL'),
    databaseUrl: read.text('TRAMA_DATABASE_URL'),
    dataDir: read.text('TRAMA_DATA_DIR'),
    encryptionKeys: read.checked(
      'TRAMA_ENCRYPTION_KEYS',
      areKeys,
      '"<id>:<base64 of 32 bytes>", several separated by commas',
    ),
    eventSecret: read.secret('TRAMA_EVENT_SECRET'),
    cronSecret: read.checked('TRAMA_CRON_SECRET', (text) => text.length >= 16, '16 characters or more'),
    autoMigrate: read.flag('TRAMA_AUTO_MIGRATE'),
    poolSize: read.count('TRAMA_POOL_SIZE', 1),
    concurrency: read.count('TRAMA_CONCURRENCY', 1),
    leaseMs: read.count('TRAMA_LEASE_MS', 1000),
    pollMs: read.count('TRAMA_POLL_MS', 10),
    ...triggerFromEnv(env),
    runner: read.oneOf('TRAMA_RUNNER', ['local', 'trigger'] as const),
    formatting: given({
      locale: read.checked('TRAMA_LOCALE', isLocale, 'a language tag such as it-IT'),
      timeZone: read.checked('TRAMA_TIME_ZONE', isTimeZone, 'a time zone such as Europe/Rome'),
    }),
    providers: given({
      slack: readApp(read, 'TRAMA_SLACK'),
      'fatture-in-cloud': readApp(read, 'TRAMA_FATTURE_IN_CLOUD'),
      resend: readResend(read),
    }),
  };
  read.url('TRAMA_TRIGGER_DASHBOARD_URL');
  read.oneOf('TRAMA_TRIGGER_WAIT_MODE', ['suspend', 'waitpoint']);
  const host = readHost(read);
  read.finish();
  return given({ ...options, host: host && httpHost(host) }) ?? {};
}

/** Credentials of the application's own app at a provider that companies connect. */
function readApp(read: Reader, prefix: string): ProviderOptions | undefined {
  const [id, secret, baseUrl] = [
    `${prefix}_CLIENT_ID`,
    `${prefix}_CLIENT_SECRET`,
    `${prefix}_BASE_URL`,
  ] as const;
  read.together(id, secret);
  read.needs(baseUrl, id);
  return given({ clientId: read.text(id), clientSecret: read.text(secret), baseUrl: read.url(baseUrl) });
}

function readResend(read: Reader): ProviderOptions | undefined {
  const key = 'TRAMA_RESEND_API_KEY';
  read.needs('TRAMA_RESEND_FROM', key);
  read.needs('TRAMA_RESEND_BASE_URL', key);
  read.needs('TRAMA_RESEND_INBOUND_DOMAIN', key);
  read.together('TRAMA_RESEND_INBOUND_DOMAIN', 'TRAMA_RESEND_WEBHOOK_SECRET');
  return given({
    apiKey: read.text(key),
    from: read.checked(
      'TRAMA_RESEND_FROM',
      isAddress,
      'an address such as "Studio Rossi <no-reply@example.com>"',
    ),
    webhookSecret: read.secret('TRAMA_RESEND_WEBHOOK_SECRET'),
    inboundDomain: read.checked('TRAMA_RESEND_INBOUND_DOMAIN', isDomain, 'a domain such as in.example.com'),
    baseUrl: read.url('TRAMA_RESEND_BASE_URL'),
  });
}

function readHost(read: Reader): HttpHostOptions | undefined {
  read.together('TRAMA_HOST_BASE_URL', 'TRAMA_HOST_SECRET');
  read.needs('TRAMA_HOST_TIMEOUT_MS', 'TRAMA_HOST_BASE_URL');
  const baseUrl = read.url('TRAMA_HOST_BASE_URL');
  const secret = read.secret('TRAMA_HOST_SECRET');
  const timeoutMs = read.count('TRAMA_HOST_TIMEOUT_MS', 1000);
  return baseUrl && secret ? { baseUrl, secret, timeoutMs } : undefined;
}

type Reader = ReturnType<typeof createReader>;

/** Reads variables and remembers what is wrong with them; of a malformed one nothing is read. Values are never repeated: many are secret. */
function createReader(env: NodeJS.ProcessEnv) {
  const problems: string[] = [];
  const text = (name: string): string | undefined => env[name]?.trim() || undefined;
  const checked = (name: string, isRight: (value: string) => boolean, shape: string): string | undefined => {
    const value = text(name);
    if (value === undefined || isRight(value)) return value;
    problems.push(`  ${name}: must be ${shape}`);
    return undefined;
  };
  const oneOf = <const T extends string>(name: string, values: readonly T[]): T | undefined => {
    const shape = values.map((value) => `"${value}"`).join(' or ');
    return checked(name, (value) => (values as readonly string[]).includes(value), shape) as T | undefined;
  };
  const needs = (name: string, other: string): void => {
    if (text(name) !== undefined && text(other) === undefined)
      problems.push(`  ${other}: is missing, and ${name} is of no use without it`);
  };
  return {
    text,
    checked,
    oneOf,
    needs,
    together: (one: string, other: string): void => {
      needs(one, other);
      needs(other, one);
    },
    url: (name: string) => checked(name, isHttpUrl, 'an absolute http(s) address'),
    secret: (name: string) =>
      checked(name, areSecrets, '"whsec_" + 32 random bytes in base64; several are separated by commas'),
    count: (name: string, least: number): number | undefined => {
      const value = checked(
        name,
        (it) => /^\d{1,9}$/.test(it) && Number(it) >= least,
        `a whole number, ${least} or more`,
      );
      return value === undefined ? undefined : Number(value);
    },
    flag: (name: string): boolean | undefined => {
      const value = oneOf(name, ['true', 'false']);
      return value === undefined ? undefined : value === 'true';
    },
    finish: (): void => {
      if (problems.length > 0)
        throw new Error(`The environment is not as it must be:\n${[...new Set(problems)].join('\n')}`);
    },
  };
}

/** The object without what is absent; `undefined` when all of it is. */
function given<T extends object>(value: T): T | undefined {
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return entries.length > 0 ? (Object.fromEntries(entries) as T) : undefined;
}

const isHttpUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

const isLocale = (text: string): boolean => holds(() => new Intl.Locale(text));

const isTimeZone = (text: string): boolean => holds(() => new Intl.DateTimeFormat('en', { timeZone: text }));

function holds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
