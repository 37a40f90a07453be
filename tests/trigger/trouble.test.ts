import { askDatabase } from '../support/database';
import { startProxy } from '../support/proxy';
import { approval, decide, done, ended, HOUR, linear, start, waiting } from '../support/run-scenarios';
import type { PlatformRun } from '../support/trigger/platform';
import { startTriggerWorld, type TriggerWorld } from '../support/trigger/world';

/** As time does; by the database's clock, which is nobody's to turn. */
const expireLeases = ({ database }: TriggerWorld) =>
  askDatabase(
    database,
    `update workflow_run set lease_until = now() - interval '1 s' where status = 'running'`,
  );

describe.each(['suspend', 'waitpoint'] as const)('trouble with a task, in wait mode %s,', (waitMode) => {
  let world: TriggerWorld;
  beforeEach(async () => {
    world = await startTriggerWorld(waitMode);
  });
  afterEach(() => world.close());
  const lastTask = (runId: string) =>
    world.platform.runs.filter(({ payload }) => payload.includes(runId)).at(-1) as PlatformRun;
  const reached = (task: PlatformRun, status: string) =>
    world.platform.watch(() => (task.status === status ? true : null));

  it('is finished by another when its process was killed in the middle of a step; no step that is done is repeated', async () => {
    world.ledger.isHeld = true;
    const id = await start(world, linear);
    await world.ledger.reached(1);
    const task = lastTask(id);
    world.platform.workers.signal(task.id);
    await reached(task, 'CRASHED');
    world.ledger.isHeld = false;
    await expireLeases(world);
    await world.pass(31_000);
    expect(await world.sweep()).toBe(1);
    expect(await ended(world, id)).toBe('succeeded');
    expect(done(world, id)).toEqual(['1', '1', '2', '3']);
    expect(world.ledger.calls[1]?.idempotencyKey).toBe(world.ledger.calls[0]?.idempotencyKey);
  });

  it('is taken over from a process that hangs, which changes nothing when it goes on', async () => {
    world.ledger.isHeld = true;
    const id = await start(world, linear);
    await world.ledger.reached(1);
    const task = lastTask(id);
    world.platform.workers.signal(task.id, 'SIGSTOP');
    world.ledger.isHeld = false;
    await expireLeases(world);
    // The platform still takes it for alive: for a minute it is given the benefit of the doubt.
    await world.pass(31_000);
    await world.sweep();
    expect(lastTask(id)).toBe(task);
    await world.pass(61_000);
    await expireLeases(world);
    await world.sweep();
    expect(lastTask(id)).not.toBe(task);
    expect(await ended(world, id)).toBe('succeeded');
    const told = done(world, id);
    world.platform.workers.signal(task.id, 'SIGCONT');
    world.ledger.release();
    await reached(task, 'COMPLETED');
    expect(done(world, id)).toEqual(told);
    expect(told).toEqual(['1', '1', '2', '3']);
  });

  it('is tried again by the platform when the database was away', async () => {
    const proxy = await startProxy(world.database.url);
    world.env.DATABASE_URL = proxy.url;
    await proxy.cut();
    const id = await start(world, linear);
    await world.platform.watch(() => (lastTask(id).attempt >= 2 ? true : null));
    await proxy.restore();
    expect(await ended(world, id)).toBe('succeeded');
    await reached(lastTask(id), 'COMPLETED');
    expect(done(world, id)).toEqual(['1', '2', '3']);
    await proxy.cut();
  });

  it('is tried again when the database went away in the middle of a step, once the lease has run out', async () => {
    const proxy = await startProxy(world.database.url);
    Object.assign(world.env, { DATABASE_URL: proxy.url, LEASE_MS: '2000' });
    world.ledger.isHeld = true;
    const id = await start(world, linear);
    await world.ledger.reached(1);
    await proxy.cut();
    world.ledger.isHeld = false;
    world.ledger.release();
    await world.platform.watch(() => (lastTask(id).attempt >= 2 ? true : null));
    await proxy.restore();
    await reached(lastTask(id), 'COMPLETED');
    expect(await ended(world, id)).toBe('succeeded');
    expect(done(world, id)).toEqual(['1', '1', '2', '3']);
    await proxy.cut();
  });

  /** Holds the platform's answer to the task that parks a run: the delayed task, or the token, is there and nobody knows yet. */
  const holdParking = () => {
    let release = () => {};
    const isHeld = new Promise<void>((held) => {
      world.platform.beforeAnswer = (path, body) => {
        if (path !== '/api/v1/waitpoints/tokens' && !body.includes('"delay":')) return Promise.resolve();
        held();
        return new Promise((resolve) => {
          release = resolve;
        });
      };
    });
    return { isHeld, release: () => release() };
  };

  it('misses no decision that comes between the parking of the run and the platform’s knowing of it', async () => {
    const { isHeld, release } = holdParking();
    const id = await start(world, approval);
    await isHeld;
    await decide(world, id);
    expect(await ended(world, id)).toBe('succeeded');
    release();
    await Promise.all(
      world.platform.runs.map((task) =>
        world.platform.watch(() =>
          ['COMPLETED', 'CANCELED', 'DELAYED'].includes(task.status) ? true : null,
        ),
      ),
    );
    expect(done(world, id)).toEqual(['yes']);
  });

  it('leaves no task behind for a run that is canceled while it parks', async () => {
    const { isHeld, release } = holdParking();
    // The platform gives a task that is canceled time to end.
    world.platform.workers.signal = () => {};
    const id = await start(world, approval);
    await isHeld;
    const { run } = await world.client.cancelRun({ params: { id } });
    expect(run.status).toBe('canceled');
    release();
    const own = () => world.platform.runs.filter(({ payload }) => payload.includes(id));
    await world.platform.watch(() =>
      own().every(({ status }) => ['COMPLETED', 'CANCELED'].includes(status)) ? true : null,
    );
    expect(own().length).toBe(waitMode === 'suspend' ? 2 : 1);
    await world.pass(3 * HOUR);
    expect(done(world, id)).toEqual([]);
  });

  it('wakes by a sweep when the platform was away at the decision', async () => {
    const id = await start(world, approval);
    await waiting(world, id);
    world.platform.api = 'down';
    await decide(world, id);
    world.platform.api = 'up';
    await world.pass(31_000);
    await world.sweep();
    expect(await ended(world, id)).toBe('succeeded');
    expect(done(world, id)).toEqual(['yes']);
  });
});
