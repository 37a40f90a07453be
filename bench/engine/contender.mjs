/**
 * The process one contender runs in, so that memory and processor time are its own. Started by `contender-process.mjs`, which sends
 * what to measure and receives the figures.
 */
import { closedLoop } from './closed-loop.mjs';
import { peersUrl } from './peers.mjs';

const [name, databaseUrl] = process.argv.slice(2);
const { open } = await import(`./contenders/${name}.mjs`);
const contender = await open({ databaseUrl, peersUrl });

process.on('message', async ({ steps, close, ...load }) => {
  if (close) {
    await contender.close();
    process.exit();
  }
  process.send(await closedLoop(await contender.prepare({ steps }), load));
});
// Without the bench there is nobody to answer to.
process.on('disconnect', () => process.exit(1));
process.send('ready');
