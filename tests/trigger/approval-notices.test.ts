import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { approval, start, waiting } from '../support/run-scenarios';
import { startTriggerWorld, type TriggerWorld } from '../support/trigger/world';

interface Notice {
  runId: string;
  link: string;
}

describe('an approval that a task has stored', () => {
  let people: Server;
  let url: string;
  let notices: Notice[] = [];
  let told = () => {};
  let world: TriggerWorld;
  beforeAll(async () => {
    people = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      notices.push(JSON.parse(body));
      response.end();
      told();
    });
    await new Promise<void>((resolve) => people.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(people.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    notices = [];
  });
  afterEach(() => world.close());
  afterAll(() => new Promise((resolve) => people.close(resolve)));

  const sweepInTask = async () => {
    const json = { timestamp: new Date(), timezone: 'UTC', scheduleId: 'sched_1', type: 'DECLARATIVE' };
    const task = world.platform.start('trama-sweep', { json: { ...json, upcoming: [] } });
    await world.platform.watch(() => (task.status === 'COMPLETED' ? true : null));
  };

  it('is told by the server, where only that can tell, and once', async () => {
    world = await startTriggerWorld('suspend', undefined, { NOTICE_URL: url });
    const runId = await start(world, approval);
    await waiting(world, runId);
    await sweepInTask();
    expect(notices).toEqual([]);
    await world.sweep();
    expect(notices).toEqual([{ runId, link: expect.stringContaining('/api/workflows/approve/') }]);
    await world.sweep();
    expect(notices).toHaveLength(1);
  });

  it('is told by the task itself, where that can', async () => {
    world = await startTriggerWorld('suspend');
    world.env.NOTICE_URL = url;
    const heard = new Promise<void>((resolve) => {
      told = resolve;
    });
    const runId = await start(world, approval);
    await heard;
    expect(notices).toEqual([{ runId, link: expect.stringContaining('/api/workflows/approve/') }]);
  });
});
