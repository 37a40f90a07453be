import { wait } from '../../src/core';
import { PACED } from '../../src/core/run/await-turn';
import { goesBadly, signature, startCollecting } from '../support/collecting';
import { follow } from '../support/server';

let collection: Awaited<ReturnType<typeof startCollecting>>;
beforeAll(async () => {
  collection = await startCollecting();
});
afterAll(() => collection.test.close());
/** An event is for every run that waits. */
afterEach(() => collection.cancelAll());

const HOUR = 3_600_000;

describe('a retry of a run that waited for events', () => {
  it('goes on from the one at which it failed, and is ended by none that came before', async () => {
    const { client, instead, parked, retryOf, sign, start, sweep } = collection;
    const id = await start(3);
    await sign('a1');
    await parked(id, 'event', 1);
    instead.set('a2', goesBadly('terminal'));
    await sign('a2');
    const failed = await follow(client, id);
    expect(failed.steps[1]).toMatchObject({ status: 'failed', output: ['a1'], wait: signature });
    const retried = await retryOf(id);
    expect(await parked(retried, 'event', 2)).toMatchObject({ status: 'waiting', output: ['a1', 'a2'] });
    for (const told of ['a1', 'a2']) await sign(told);
    await sweep();
    expect((await client.getRun({ params: { id: retried } })).run.status).toBe('waiting');
    await sign('a3');
    expect((await follow(client, retried)).steps[1]).toMatchObject({ output: ['a1', 'a2', 'a3'] });
  });

  it('goes on from it however often it fails', async () => {
    const { client, instead, retryOf, sign, start } = collection;
    let id = await start(1);
    instead.set('b1', goesBadly('terminal'));
    await sign('b1');
    expect((await follow(client, id)).run.status).toBe('failed');
    instead.set('b1', goesBadly('terminal'));
    id = await retryOf(id);
    expect((await follow(client, id)).run.status).toBe('failed');
    expect((await follow(client, await retryOf(id))).steps[1]).toMatchObject({
      status: 'succeeded',
      output: ['b1'],
    });
  });

  it('finds what came while no run waited, though it had to wait for its turn in between', async () => {
    const { client, instead, parked, pass, retryOf, sign, start, sweep } = collection;
    const id = await start(3);
    await client.cancelRun({ params: { id } });
    await follow(client, id);
    for (const told of ['c1', 'c2']) await sign(told);
    instead.set('c1', goesBadly('retry', PACED, 30_000));
    const retried = await retryOf(id);
    expect(await parked(retried, undefined, 0)).toMatchObject({ attempt: 1, error: { code: PACED } });
    pass(60_000);
    await sweep();
    expect(await parked(retried, 'event', 2)).toMatchObject({ output: ['c1', 'c2'], attempt: 1 });
  });

  it('does not take the end of a wait for that of the next, which a cancel kept from beginning', async () => {
    const { client, instead, parked, retryOf, sign, start } = collection;
    const id = await start(2);
    instead.set('d1', async () => {
      await client.cancelRun({ params: { id } });
      return wait(signature, ['d1']);
    });
    await sign('d1');
    const canceled = await follow(client, id);
    expect(canceled.run.status).toBe('canceled');
    expect(canceled.steps[1]).toMatchObject({ status: 'canceled', output: ['d1'] });
    const retried = await retryOf(id);
    expect(await parked(retried, 'event', 1)).toMatchObject({ status: 'waiting', output: ['d1'] });
    await sign('d2');
    expect((await follow(client, retried)).steps[1]).toMatchObject({ output: ['d1', 'd2'] });
  });

  it('does not take the end of a wait for that of a time which the step waited for afterwards', async () => {
    const { client, instead, parked, retryOf, sign, start } = collection;
    const id = await start(2);
    const until = new Date(Date.now() + 2 * HOUR).toISOString();
    instead.set('e1', () => wait({ kind: 'time', until }, ['e1']));
    await sign('e1');
    await parked(id, 'time', 1);
    await client.cancelRun({ params: { id } });
    await follow(client, id);
    const retried = await retryOf(id);
    expect(await parked(retried, 'time', 1)).toMatchObject({ output: ['e1'], wait: { kind: 'time', until } });
  });

  it('does not take for another step the event that has ended a wait of the first', async () => {
    const { client, instead, parked, retryOf, sign, start, sweep } = collection;
    const id = await start(1, 1);
    instead.set('f1', goesBadly('terminal'));
    await sign('f1');
    await follow(client, id);
    const retried = await retryOf(id);
    expect(await parked(retried, 'event', 0, 'collect_2')).toBeDefined();
    await sign('f1');
    await sweep();
    const { run, steps } = await client.getRun({ params: { id: retried } });
    expect([run.status, steps.map(({ output }) => output)]).toEqual(['waiting', [{}, ['f1'], []]]);
    await sign('f2');
    expect((await follow(client, retried)).steps[2]).toMatchObject({ output: ['f2'] });
  });

  it('canceled between two attempts is told as having waited for what the step is about', async () => {
    const { client, instead, parked, sign, start } = collection;
    const id = await start(1);
    instead.set('g1', goesBadly('retry'));
    await sign('g1');
    await parked(id, undefined, 0);
    await client.cancelRun({ params: { id } });
    expect((await follow(client, id)).steps[1]).toMatchObject({ status: 'canceled', wait: signature });
  });
});
