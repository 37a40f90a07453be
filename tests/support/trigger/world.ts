import { once } from 'node:events';
import { join } from 'node:path';
import { createWorkflowClient } from '../../../src/core';
import { isFinished } from '../../../src/core/run/status';
import { signEvent } from '../../../src/server';
import { bundleScript } from '../bundle-script';
import { createTestDatabase, type TestDatabase } from '../database';
import type { ScenarioWorld } from '../run-scenarios';
import { ENCRYPTION_KEYS, EVENT_SECRET } from '../server';
import { startLedger } from '../spawn-server';
import { forkServer } from './fork-server';
import { type Platform, startPlatform } from './platform';

export interface TriggerWorld extends ScenarioWorld {
  platform: Platform;
  /** Variables of processes that are started from now on. */
  env: Record<string, string>;
  database: TestDatabase;
  /** `POST /internal/sweep`, as a cron job does. */
  sweep: () => Promise<number>;
  close: () => Promise<void>;
}

const CRON_SECRET = 'the cron secret of the tests';

/** A host's server with runner 'trigger', its database, its host application and the platform, each where it belongs. */
export async function startTriggerWorld(
  waitMode: 'suspend' | 'waitpoint',
  /** Ours, unless others are given. */
  tasks?: { file: string; folder: string },
  /** Variables of the server alone. */
  ofServer: Record<string, string> = {},
): Promise<TriggerWorld> {
  const [database, ledger] = await Promise.all([createTestDatabase(), startLedger()]);
  let aheadMs = 0;
  const taskFile = tasks?.file ?? (await bundleScript(join(__dirname, 'tasks.ts')));
  const env: Record<string, string> = {
    ...{ DATABASE_URL: database.url, LEDGER_URL: ledger.url, WAIT_MODE: waitMode, CRON_SECRET },
    ...{ TRIGGER_SECRET_KEY: 'tr_prod_of_the_tests', TASK_FILE: taskFile, TASK_FOLDER: tasks?.folder ?? '' },
    // Read by tasks that take their options from the environment.
    TRAMA_ENCRYPTION_KEYS: ENCRYPTION_KEYS,
  };
  const platform = await startPlatform(env, () => Date.now() + aheadMs);
  const { child, origin } = await forkServer('server.ts', { ...env, ...ofServer });
  const baseUrl = `${origin}/api/workflows`;
  const client = createWorkflowClient({ baseUrl });
  return {
    ...{ platform, env, database, ledger, client },
    follow: (id, until) =>
      platform.watch(async () => {
        const detail = await client.getRun({ params: { id } });
        const isThere = isFinished(detail.run.status) || until?.(detail.run.status);
        return isThere ? detail : null;
      }),
    pass: async (ms) => {
      aheadMs += ms;
      platform.workers.setClock(aheadMs);
      const heard = once(child, 'message');
      child.send({ kind: 'clock', aheadMs });
      await heard;
      platform.look();
    },
    tell: async (id, data) => {
      const body = JSON.stringify({ type: 'invoice.paid', companyId: 'rossi', data });
      const headers = signEvent(EVENT_SECRET, id, body, new Date());
      const { status } = await fetch(`${baseUrl}/events`, { method: 'POST', headers, body });
      expect(status).toBe(202);
    },
    sweep: async () => {
      const headers = { authorization: `Bearer ${CRON_SECRET}` };
      const response = await fetch(`${baseUrl}/internal/sweep`, { method: 'POST', headers });
      return ((await response.json()) as { due: number }).due;
    },
    close: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      await platform.close();
      await ledger.close();
      await database.drop();
    },
  };
}
