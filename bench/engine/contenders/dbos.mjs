/** The same run as a DBOS workflow: each step a durable `runStep`, its result kept in the system database. */
import { createRequire } from 'node:module';
import { OUTPUT, POOL_SIZE } from '../workload.mjs';

export async function open({ databaseUrl, peersUrl }) {
  const { DBOS } = createRequire(peersUrl)('@dbos-inc/dbos-sdk');
  const walk = DBOS.registerWorkflow(
    async ({ amount }, steps) => {
      if (amount <= 1000) return null;
      let output = null;
      for (let number = 1; number <= steps; number += 1) {
        output = await DBOS.runStep(async () => OUTPUT, { name: `step_${number}` });
      }
      return output;
    },
    { name: 'reference-run' },
  );
  DBOS.setConfig({
    name: 'bench',
    systemDatabaseUrl: databaseUrl,
    systemDatabasePoolSize: POOL_SIZE,
    logLevel: 'error',
  });
  await DBOS.launch();
  return {
    prepare:
      async ({ steps }) =>
      async () => {
        const handle = await DBOS.startWorkflow(walk)({ amount: 1200 }, steps);
        await handle.getResult();
      },
    close: () => DBOS.shutdown(),
  };
}
