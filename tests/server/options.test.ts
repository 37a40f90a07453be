import { createContext, type SharedContext } from '../../src/server/context';
import { type Database, openDatabase } from '../../src/server/db/data-source';
import { findOption } from '../../src/server/integrations/options';
import { createVault } from '../../src/server/integrations/vault';
import { type FakeNotes, notesOptions, startFakeNotes } from '../support/notes';
import { connectAs, ENCRYPTION_KEYS, startTestServer, type TestServer } from '../support/server';

const params = { provider: 'notes', name: 'tags' };

describe('choices a provider holds', () => {
  let fake: FakeNotes;
  let test: TestServer;
  let now: number;
  const connect = () => connectAs(test, 'notes', fake.consent);
  const list = (query: object = {}, name = 'tags', companyId = 'rossi') =>
    test.clientOf({ companyId }).listOptions({ params: { ...params, name }, query });
  const asked = () => fake.count('GET /tags');

  beforeEach(async () => {
    now = Date.now();
    fake = await startFakeNotes();
    test = await startTestServer({ ...notesOptions(fake.origin), clock: { now: () => now } });
    await connect();
  });
  afterEach(async () => {
    await test.close();
    await fake.close();
  });

  it('come page by page', async () => {
    const first = await list({ q: 'ur' });
    expect(first).toEqual({ items: [{ value: 't0', label: 'Tag ur' }], nextCursor: '1' });
    expect((await list({ q: 'ur', cursor: '1' })).items).toEqual([{ value: 't1', label: 'Tag ur' }]);
  });

  it('are asked for once in five minutes, for each list and search', async () => {
    await Promise.all([list(), list(), list()]);
    expect(asked()).toBe(1);
    await list({ q: 'x' });
    await list({}, 'colors');
    expect(asked()).toBe(3);
    now += 5 * 60_000 - 1;
    await list();
    expect(asked()).toBe(3);
    now += 1;
    await list();
    expect(asked()).toBe(4);
  });

  it('are not kept over a disconnect, a reconnect or for another company', async () => {
    await list();
    await expect(list({}, 'tags', 'bianchi')).rejects.toMatchObject({ code: 'provider_not_configured' });
    await connect();
    await list();
    expect(asked()).toBe(2);
    await test.clientOf().disconnectIntegration({ params });
    await expect(list()).rejects.toMatchObject({ code: 'provider_not_configured' });
  });

  it('name a stored value, or none', async () => {
    expect(await list({ value: 't7' })).toEqual({
      items: [{ value: 't7', label: 'Tag t7' }],
      nextCursor: null,
    });
    expect(await list({ value: 'none' })).toEqual({ items: [], nextCursor: null });
  });

  it('are searched for a value where the provider cannot be asked for one', async () => {
    expect(await list({ value: 't1' }, 'colors')).toMatchObject({ items: [{ value: 't1' }] });
    expect(asked()).toBe(2);
    expect(await list({ value: 't9' }, 'colors')).toEqual({ items: [], nextCursor: null });
    expect(asked()).toBe(3);
  });

  it('that cannot be had say why, without what the provider echoed, and are asked for again', async () => {
    fake.failNext('/tags', ({ headers }) => ({ status: 400, body: { you_sent: headers.authorization } }));
    await expect(list()).rejects.toMatchObject({
      code: 'provider_error',
      message: 'Notes said: {"you_sent":"Bearer ••••••"}',
      details: { code: 'status_400' },
    });
    expect((await list()).items).toHaveLength(1);
  });

  it.each(['nothing', '__proto__', 'toString'])('are not found under the name "%s"', async (name) => {
    await expect(list({}, name)).rejects.toMatchObject({ code: 'not_found' });
  });

  describe('looked up while a workflow is checked', () => {
    const silent = { info: () => {}, warn: () => {}, error: () => {} };
    let database: Database;
    let context: SharedContext;
    const find = (value: string, companyId = 'rossi', budgetMs?: number) =>
      findOption(context, companyId, 'notes', 'tags', value, budgetMs);

    beforeEach(async () => {
      database = await openDatabase(test.database.url, 2, silent);
      const options = { ...notesOptions(fake.origin), authenticate: () => null, baseUrl: test.baseUrl };
      context = createContext(options, database, createVault(ENCRYPTION_KEYS), silent);
    });
    afterEach(() => database.source.destroy());

    it('are found, or known not to be there', async () => {
      expect(await find('t7')).toEqual({ value: 't7', label: 'Tag t7' });
      expect(await find('none')).toBeNull();
    });

    it('are unknown without a connection, and while the provider fails or takes too long', async () => {
      expect(await find('t7', 'bianchi')).toBe('unknown');
      expect(await findOption(context, 'rossi', 'nobody', 'tags', 't7')).toBe('unknown');
      fake.failNext('/tags', { status: 500, body: {} });
      expect(await find('t7')).toBe('unknown');
      let answer = () => {};
      const held = new Promise<{ body: object }>((resolve) => {
        answer = () => resolve({ body: { items: [] } });
      });
      fake.failNext('/tags', () => held);
      expect(await find('t8', 'rossi', 20)).toBe('unknown');
      answer();
      expect(await find('t8')).toBeNull();
    });
  });
});
