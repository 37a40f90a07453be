import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkflowServer, optionsFromEnv } from '../../src/server';
import { createFakeHost } from '../../src/testing';
import { ENCRYPTION_KEYS, EVENT_SECRET } from '../support/server';

/** Every variable there is, well formed. */
const complete = {
  TRAMA_BASE_URL: 'https://app.example.com/api/workflows',
  TRAMA_DATABASE_URL: 'postgres://db.example.com/trama',
  TRAMA_DATA_DIR: '/var/lib/trama',
  TRAMA_ENCRYPTION_KEYS: ENCRYPTION_KEYS,
  TRAMA_EVENT_SECRET: EVENT_SECRET,
  TRAMA_CRON_SECRET: 'sixteen characters',
  TRAMA_AUTO_MIGRATE: 'false',
  TRAMA_POOL_SIZE: '5',
  TRAMA_CONCURRENCY: '4',
  TRAMA_LEASE_MS: '20000',
  TRAMA_POLL_MS: '500',
  TRAMA_RUNNER: 'local',
  TRAMA_TRIGGER_DASHBOARD_URL: 'https://trigger.example.com',
  TRAMA_TRIGGER_WAIT_MODE: 'suspend',
  TRAMA_LOCALE: 'en-GB',
  TRAMA_TIME_ZONE: 'Europe/London',
  TRAMA_HOST_BASE_URL: 'https://docs.example.com/trama',
  TRAMA_HOST_SECRET: EVENT_SECRET,
  TRAMA_HOST_TIMEOUT_MS: '9000',
  TRAMA_SLACK_CLIENT_ID: 'slack-id',
  TRAMA_SLACK_CLIENT_SECRET: 'slack-secret',
  TRAMA_SLACK_BASE_URL: 'http://localhost:4001',
  TRAMA_FATTURE_IN_CLOUD_CLIENT_ID: 'fic-id',
  TRAMA_FATTURE_IN_CLOUD_CLIENT_SECRET: 'fic-secret',
  TRAMA_FATTURE_IN_CLOUD_BASE_URL: 'http://localhost:4002',
  TRAMA_RESEND_API_KEY: 're_1',
  TRAMA_RESEND_FROM: 'Studio Rossi <no-reply@example.com>',
  TRAMA_RESEND_WEBHOOK_SECRET: EVENT_SECRET,
  TRAMA_RESEND_INBOUND_DOMAIN: 'in.example.com',
  TRAMA_RESEND_BASE_URL: 'http://localhost:4003',
};

describe('options from the environment', () => {
  it('are all of them read', () => {
    const { host, ...options } = optionsFromEnv(complete);
    expect(options).toEqual({
      baseUrl: 'https://app.example.com/api/workflows',
      databaseUrl: 'postgres://db.example.com/trama',
      dataDir: '/var/lib/trama',
      encryptionKeys: ENCRYPTION_KEYS,
      eventSecret: EVENT_SECRET,
      cronSecret: 'sixteen characters',
      autoMigrate: false,
      poolSize: 5,
      concurrency: 4,
      leaseMs: 20_000,
      pollMs: 500,
      runner: 'local',
      trigger: { dashboardUrl: 'https://trigger.example.com', waitMode: 'suspend' },
      formatting: { locale: 'en-GB', timeZone: 'Europe/London' },
      providers: {
        slack: { clientId: 'slack-id', clientSecret: 'slack-secret', baseUrl: 'http://localhost:4001' },
        'fatture-in-cloud': {
          clientId: 'fic-id',
          clientSecret: 'fic-secret',
          baseUrl: 'http://localhost:4002',
        },
        resend: {
          apiKey: 're_1',
          from: 'Studio Rossi <no-reply@example.com>',
          webhookSecret: EVENT_SECRET,
          inboundDomain: 'in.example.com',
          baseUrl: 'http://localhost:4003',
        },
      },
    });
    expect(host).toMatchObject({ getDocument: expect.any(Function) });
  });

  it('are none when there are none, and an empty variable is as good as none', () => {
    expect(optionsFromEnv({})).toEqual({});
    expect(optionsFromEnv(Object.fromEntries(Object.keys(complete).map((name) => [name, ''])))).toEqual({});
  });

  it('reach a host in another process', async () => {
    const host = createFakeHost([{ companyId: 'rossi', id: 'doc_1', title: 'Contratto' }]);
    const TRAMA_HOST_BASE_URL = await host.listen(EVENT_SECRET);
    const options = optionsFromEnv({ TRAMA_HOST_BASE_URL, TRAMA_HOST_SECRET: EVENT_SECRET });
    const call = { companyId: 'rossi', signal: new AbortController().signal };
    expect(await options.host?.list?.documents?.(call, '')).toEqual([{ id: 'doc_1', label: 'Contratto' }]);
    await host.close();
  });

  it('name every variable that is malformed, all at once, and repeat no value', () => {
    const free = ['TRAMA_DATABASE_URL', 'TRAMA_DATA_DIR', 'TRAMA_RESEND_API_KEY'];
    const wrong = Object.keys(complete).filter(
      (name) => !free.includes(name) && !/CLIENT_(ID|SECRET)$/.test(name),
    );
    const env = Object.fromEntries(wrong.map((name) => [name, 'hunter2?']));
    const message = messageOf({ ...complete, ...env });
    for (const name of wrong) expect(message).toContain(`  ${name}: must be `);
    expect(message).not.toContain('hunter2');
  });

  it.each([
    ['TRAMA_SLACK_CLIENT_ID', 'TRAMA_SLACK_CLIENT_SECRET'],
    ['TRAMA_SLACK_CLIENT_SECRET', 'TRAMA_SLACK_CLIENT_ID'],
    ['TRAMA_FATTURE_IN_CLOUD_CLIENT_ID', 'TRAMA_FATTURE_IN_CLOUD_CLIENT_SECRET'],
    ['TRAMA_HOST_SECRET', 'TRAMA_HOST_BASE_URL'],
    ['TRAMA_HOST_BASE_URL', 'TRAMA_HOST_SECRET'],
    ['TRAMA_RESEND_API_KEY', 'TRAMA_RESEND_FROM'],
    ['TRAMA_RESEND_WEBHOOK_SECRET', 'TRAMA_RESEND_INBOUND_DOMAIN'],
  ])('name %s when it is missing beside %s', (missing, other) => {
    expect(messageOf({ ...complete, [missing]: undefined })).toContain(
      `  ${missing}: is missing, and ${other} `,
    );
  });

  it('are all of them in the documentation, and nothing else is', () => {
    const page = readFileSync(join(__dirname, '../../docs/configuration.md'), 'utf8');
    const documented = new Set([...page.matchAll(/`(TRAMA_[A-Z_]+[A-Z])`/g)].map(([, name]) => name));
    expect([...documented].sort()).toEqual(Object.keys(complete).sort());
  });
});

function messageOf(env: NodeJS.ProcessEnv): string {
  try {
    optionsFromEnv(env);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('options in code', () => {
  it('of providers are looked at before anything is touched', async () => {
    const options = {
      ...{ authenticate: () => null, baseUrl: 'https://app.example.com', encryptionKeys: 'k1:short' },
      providers: {
        slack: { baseUrl: 'slack' },
        resend: { apiKey: 're_1', from: 'nobody', webhookSecret: 'x' },
      },
    };
    await expect(createWorkflowServer(options)).rejects.toThrow(
      /encryptionKeys: must be.*providers\.slack\.baseUrl: must be.*providers\.resend\.from: must be.*providers\.resend\.webhookSecret: must be/s,
    );
  });
});
