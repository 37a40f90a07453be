import { goesBadly, signature, startCollecting } from '../support/collecting';
import { connectSlack, follow } from '../support/server';

let collection: Awaited<ReturnType<typeof startCollecting>>;
beforeAll(async () => {
  collection = await startCollecting();
});
afterAll(() => collection.test.close());

describe('a step that waits again for an event', () => {
  it('is ended by another one, not by that which has ended a wait of it', async () => {
    const { client, parked, sign, start, sweep } = collection;
    const id = await start(2);
    await sign('e1');
    expect(await parked(id, 'event', 1)).toMatchObject({ status: 'waiting', wait: signature });
    await sign('e1');
    await sweep();
    const { run, steps } = await client.getRun({ params: { id } });
    expect(run).toMatchObject({
      status: 'waiting',
      waitingFor: { kind: 'event', until: null, provider: null },
    });
    expect(steps[1]).toMatchObject({ status: 'waiting', output: ['e1'] });
    // What the server keeps with a wait is not told.
    expect(steps[1]?.wait).toEqual(signature);
    await sign('e2');
    expect((await follow(client, id)).steps[1]).toMatchObject({ status: 'succeeded', output: ['e1', 'e2'] });
  });

  it('remembers all of them, also over a wait for its connection', async () => {
    const { client, instead, parked, sign, start, sweep } = collection;
    const id = await start(4);
    instead.set('f2', async () => {
      await client.disconnectIntegration({ params: { provider: 'slack' } });
      return goesBadly('reconnect')();
    });
    await sign('f1');
    await parked(id, 'event', 1);
    await sign('f2');
    const refused = await parked(id, 'connection', 1);
    expect(refused?.wait).toEqual({ kind: 'connection', provider: 'slack', until: null });
    await connectSlack(collection.test);
    await parked(id, 'event', 2);
    await sign('f3');
    await parked(id, 'event', 3);
    await sweep();
    expect((await client.getRun({ params: { id } })).steps[1]).toMatchObject({
      status: 'waiting',
      output: ['f1', 'f2', 'f3'],
    });
    await sign('f4');
    expect((await follow(client, id)).steps[1]).toMatchObject({ output: ['f1', 'f2', 'f3', 'f4'] });
  });

  it('goes on a little later where it could not at once, and tells of it as of any other attempt', async () => {
    const { client, instead, parked, pass, sign, start, sweep } = collection;
    const id = await start(2);
    instead.set('g1', goesBadly('retry'));
    await sign('g1');
    const between = await parked(id, undefined, 0);
    expect(between).toMatchObject({ attempt: 1, error: { code: 'went_badly' }, wait: null });
    const { run } = await client.getRun({ params: { id } });
    expect(run).toMatchObject({ wakeAt: between?.wakeAt, waitingFor: null });
    pass(60_000);
    await sweep();
    expect(await parked(id, 'event', 1)).toMatchObject({ output: ['g1'], attempt: 2, wait: signature });
    await sign('g2');
    const { steps } = await follow(client, id);
    expect(steps[1]).toMatchObject({ status: 'succeeded', output: ['g1', 'g2'], wait: signature });
    expect(steps[1]?.attempts).toMatchObject([{ attempt: 1, error: { code: 'went_badly' } }]);
  });
});
