import { createDocManager } from './app';
import { readConfig, SettingError } from './config';
import { listen } from './listen';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const listening = await listen(config.port);
  const docManager = await createDocManager(config);
  listening.serve(docManager.app);
  await docManager.ready();
  const database = config.databaseUrl
    ? 'PostgreSQL from DATABASE_URL'
    : `embedded PostgreSQL in ${config.dataDir}`;
  const services = [
    `Slack: ${config.slack ? 'your app' : 'sandbox'}`,
    `Fatture in Cloud: ${config.fattureInCloud ? 'your app' : 'sandbox'}`,
    `Resend: ${config.resend ? 'your key' : 'sandbox'}`,
  ].join(' · ');
  console.log(
    `\n  Doc Manager is ready: ${config.publicUrl}\n  Data: ${database}\n  ${services}\n  Stop with Ctrl+C.\n`,
  );

  const stop = async () => {
    console.log('Stopping ...');
    await listening.close();
    await docManager.close();
    process.exit(0);
  };
  let isStopping = false;
  const onSignal = () => {
    // A terminal signals every process of its group, and npm passes the signal on as well: the first one counts.
    if (!isStopping) stop().catch(fail);
    isStopping = true;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
}

function fail(error: NodeJS.ErrnoException): void {
  const port = Number(process.env.PORT || 3000);
  if (error.code === 'EADDRINUSE') {
    console.error(
      `Port ${port} is in use by another program. Choose another one: PORT=${port + 1} npm start`,
    );
  } else {
    console.error(error instanceof SettingError ? error.message : error);
  }
  process.exit(1);
}

main().catch(fail);
