import { EventEmitter } from 'node:events';
import { mkdir, readdir, rm } from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/server/db/embedded-postgres';
import { readOrCreateKeys } from '../../src/server/integrations/vault';
import { createDataDir } from '../support/data-dir';

/** Asks the database something; rejects when it is not there. */
async function ask({ url }: EmbeddedPostgres, statement = 'select 1 as answer') {
  const client = new Client(url);
  await client.connect();
  return client.query(statement).finally(() => client.end());
}

describe('the embedded database of a directory', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await createDataDir('trama-embedded-');
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('is made once by servers that start together, shared by them, and stopped by the last to leave', async () => {
    const start = () => startEmbeddedPostgres(dataDir, ['-c fsync=off']);
    const [first, second, third] = (await Promise.all([start(), start(), start()])) as [
      EmbeddedPostgres,
      EmbeddedPostgres,
      EmbeddedPostgres,
    ];
    expect(new Set([first.url, second.url, third.url]).size).toBe(1);
    await ask(first, 'create table kept (n integer)');
    await first.stop();
    expect((await ask(second)).rows).toEqual([{ answer: 1 }]);
    await Promise.all([second.stop(), third.stop()]);
    await expect(ask(third)).rejects.toThrow();
    const again = await start();
    expect((await ask(again, 'select * from kept')).rows).toEqual([]);
    await again.stop();
  });

  it('is made anew when the first start was cut short', async () => {
    await mkdir(join(dataDir, 'postgres.0f4242aa', 'base'), { recursive: true });
    const database = await startEmbeddedPostgres(dataDir, ['-c fsync=off']);
    expect((await ask(database)).rows).toEqual([{ answer: 1 }]);
    await database.stop();
  });

  it('takes another port when its own was taken before it came to listen', async () => {
    const other = net.createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const taken = other.address();
    const probe = Object.assign(new EventEmitter(), {
      listen: (_port: number, _host: string, done: () => void) => done(),
      address: () => taken,
      close: (done: () => void) => done(),
    });
    const probed = jest.spyOn(net, 'createServer').mockReturnValueOnce(probe as unknown as net.Server);
    const database = await startEmbeddedPostgres(dataDir, ['-c fsync=off']);
    expect(probed).toHaveBeenCalledTimes(2);
    expect((await ask(database)).rows).toEqual([{ answer: 1 }]);
    probed.mockRestore();
    await database.stop();
    await new Promise((done) => other.close(done));
  });

  it('has one key ring, whoever of several servers makes it', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => readOrCreateKeys(dataDir)));
    expect(new Set(made.map(({ keys }) => keys)).size).toBe(1);
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await readdir(dataDir)).toEqual(['encryption.keys']);
  });
});
