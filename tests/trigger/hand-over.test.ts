import { definition, node } from '../support/definitions';
import { approval, decide, done, ended, HOUR, linear, start, waiting } from '../support/run-scenarios';
import type { PlatformRun } from '../support/trigger/platform';
import { startTriggerWorld, type TriggerWorld } from '../support/trigger/world';

const twoWaits = definition(
  [
    ...approval.nodes.slice(1, 2),
    node('wait_1', 'flow.wait', { config: { for: 'duration', amount: 3, unit: 'hours' } }),
  ],
  ['trigger -> approval_1', 'approval_1:approved -> wait_1'],
);
const isParked = ({ status }: PlatformRun) => status === 'WAITING' || status === 'DELAYED';

describe.each(['suspend', 'waitpoint'] as const)('handing runs over, in wait mode %s,', (waitMode) => {
  let world: TriggerWorld;
  beforeAll(async () => {
    world = await startTriggerWorld(waitMode);
  });
  afterAll(() => world.close());

  const tasksOf = (runId: string): PlatformRun[] =>
    world.platform.runs.filter(({ payload }) => payload.includes(runId));
  const reached = (task: PlatformRun, status: string) =>
    world.platform.watch(() => (task.status === status ? true : null));
  const lastTask = (runId: string) => tasksOf(runId).at(-1) as PlatformRun;
  /** A run waits as soon as its task has parked it; only then does that task start the one that goes on, or wait itself, and say so. */
  const parked = async (runId: string) => {
    await waiting(world, runId);
    await world.platform.watch(async () => {
      const { run } = await world.client.getRun({ params: { id: runId } });
      return isParked(lastTask(runId)) && run.engine?.id === lastTask(runId).id ? true : null;
    });
  };
  const startAgain = (runId: string) =>
    world.platform.start('trama-run', { json: { companyId: 'rossi', runId } });

  it('tells the platform ids and nothing else, under keys of its own', async () => {
    const before = world.platform.requests.length;
    const id = await start(world, approval, { secret: 'Contratto Rossi' });
    await parked(id);
    await decide(world, id);
    expect(await ended(world, id)).toBe('succeeded');
    const asked = world.platform.requests.slice(before);
    expect(asked.map(({ body }) => body).join('\n')).not.toMatch(/Contratto|Va bene|approved/);
    const started = asked
      .filter(({ path }) => path === '/api/v1/tasks/trama-run/trigger')
      .map(({ body }) => JSON.parse(body));
    const { run } = await world.client.getRun({ params: { id } });
    for (const { payload, options } of started) {
      expect(JSON.parse(payload)).toEqual({ json: { companyId: 'rossi', runId: id } });
      expect(options).toMatchObject({
        concurrencyKey: 'rossi',
        tags: [`run_${id}`, 'company_rossi', `workflow_${run.workflowId}`],
        idempotencyKeyOptions: { scope: 'global' },
      });
    }
    expect(started[0].options.delay).toBeUndefined();
    const keys = started.map(({ options }) => options.idempotencyKey);
    expect(new Set(keys).size).toBe(keys.length);
    const tokens = asked
      .filter(({ path }) => path === '/api/v1/waitpoints/tokens')
      .map(({ body }) => JSON.parse(body));
    if (waitMode === 'suspend') {
      expect(started[1].options.delay).toMatch(/Z$/);
      expect(tokens).toEqual([]);
      // The task that was to look when the time was over is not needed any more.
      await world.platform.watch(() => (tasksOf(id)[1]?.status === 'CANCELED' ? true : null));
    } else {
      expect(started).toHaveLength(1);
      expect(tokens).toMatchObject([
        { idempotencyKeyTTL: expect.stringMatching(/^\d+d$/), timeout: expect.any(String) },
      ]);
      expect(tokens[0].idempotencyKey).toContain(id);
    }
  });

  it('waits anew each time a run waits', async () => {
    const before = world.platform.requests.length;
    const id = await start(world, twoWaits);
    await parked(id);
    await decide(world, id);
    await world.follow(id, (status) => status === 'waiting');
    await parked(id);
    await world.pass(3 * HOUR);
    expect(await ended(world, id)).toBe('succeeded');
    const asked = world.platform.requests.slice(before).filter(({ method }) => method === 'POST');
    const tokens = asked.filter(({ path }) => path === '/api/v1/waitpoints/tokens').map(({ body }) => body);
    const keys = tokens.map((body) => (JSON.parse(body) as { idempotencyKey: string }).idempotencyKey);
    expect(keys).toHaveLength(waitMode === 'waitpoint' ? 2 : 0);
    expect(new Set(keys).size).toBe(keys.length);
    expect(asked.filter(({ body }) => body.includes('"delay"'))).toHaveLength(waitMode === 'suspend' ? 2 : 0);
  });

  it('keeps the platform’s run with ours, and where it is shown', async () => {
    const id = await start(world, linear);
    await ended(world, id);
    const { run } = await world.client.getRun({ params: { id } });
    const { id: taskId } = lastTask(id);
    const url = `${world.platform.url}/projects/v3/proj_tests/runs/${taskId}`;
    expect(run.engine).toEqual({ kind: 'trigger', id: taskId, url });
  });

  it('does nothing in a task that comes twice or late, and ends it well', async () => {
    const id = await start(world, approval);
    await waiting(world, id);
    const early = startAgain(id);
    await reached(early, 'COMPLETED');
    await decide(world, id);
    const twins = [startAgain(id), startAgain(id)];
    expect(await ended(world, id)).toBe('succeeded');
    await world.platform.watch(() => (twins.every(({ status }) => status === 'COMPLETED') ? true : null));
    const late = startAgain(id);
    await reached(late, 'COMPLETED');
    expect(JSON.parse(String(late.output))).toMatchObject({ json: { status: 'succeeded' } });
    expect(done(world, id)).toEqual(['yes']);
    const unknown = startAgain('01a2124d-7092-7000-8000-035c3277c0d4');
    await reached(unknown, 'COMPLETED');
  });

  it('shows a failed run as failed, once, and says no more than where', async () => {
    const config = { documentId: 'explode', status: 'archived' };
    const id = await start(
      world,
      definition([node('status_1', 'doc-manager.update-status', { config })], ['trigger -> status_1']),
    );
    expect(await ended(world, id)).toBe('failed');
    const task = lastTask(id);
    await reached(task, 'FAILED');
    expect(task.attempt).toBe(1);
    expect(JSON.stringify(task.error)).toContain('status_1');
    expect(JSON.stringify(task.error)).not.toContain('There is no such document');
  });

  it('cancels both', async () => {
    const id = await start(world, approval);
    await parked(id);
    await world.client.cancelRun({ params: { id } });
    expect(lastTask(id).status).toBe('CANCELED');
    world.platform.api = 'down';
    const other = await start(world, approval);
    const { run } = await world.client.cancelRun({ params: { id: other } });
    world.platform.api = 'up';
    expect(run.status).toBe('canceled');
  });

  it.each(['down', 'silent'] as const)(
    'answers while the platform is %s, and a sweep brings the run',
    async (api) => {
      world.platform.api = api;
      const id = await start(world, linear);
      const { run } = await world.client.getRun({ params: { id } });
      expect(run).toMatchObject({ status: 'queued', engine: null });
      world.platform.api = 'up';
      await world.sweep();
      expect(await ended(world, id)).toBe('succeeded');
      expect(await world.sweep()).toBe(0);
      expect(tasksOf(id)).toHaveLength(1);
    },
  );

  it('sweeps from a schedule of the platform, too', async () => {
    world.platform.api = 'down';
    const id = await start(world, linear);
    world.platform.api = 'up';
    const schedule = world.platform.start('trama-sweep', {
      json: {
        timestamp: new Date(),
        timezone: 'UTC',
        scheduleId: 'sched_1',
        type: 'DECLARATIVE',
        upcoming: [],
      },
    });
    expect(await ended(world, id)).toBe('succeeded');
    await reached(schedule, 'COMPLETED');
    expect(JSON.parse(String(schedule.output))).toEqual({ json: { due: expect.any(Number) } });
    expect(tasksOf(id)).toHaveLength(1);
  });

  it('leaves a run to the task that waits for it, and starts another when that one was canceled in the dashboard', async () => {
    const id = await start(world, approval);
    await parked(id);
    lastTask(id).status = 'CANCELED';
    world.platform.workers.signal(lastTask(id).id);
    await world.pass(2 * HOUR);
    expect(done(world, id)).toEqual([]);
    await world.sweep();
    expect(await ended(world, id)).toBe('succeeded');
    expect(done(world, id)).toEqual(['late']);
  });
});
