import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocks } from '../../src/blocks';
import { executors, providerImplementations } from '../../src/server';
import { definition, node } from '../support/definitions';
import { connectAs, follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';
import { addCard, boardServer, runAddCard, startBoard } from './new-provider';

describe('a provider of the host’s own', () => {
  let board: Awaited<ReturnType<typeof startBoard>>;
  let test: TestServer;

  beforeEach(async () => {
    board = await startBoard();
    test = await startTestServer({
      blocks: [...blocks, addCard],
      executors: { ...executors, [addCard.type]: runAddCard },
      providerDefinitions: [...providerImplementations, boardServer].map(({ provider }) => provider),
      providerImplementations: [...providerImplementations, boardServer],
      providers: { board: { clientId: 'id', clientSecret: 'a client secret', baseUrl: board.origin } },
    });
  });
  afterEach(async () => {
    await test.close();
    await board.close();
  });

  it('takes under a hundred lines, its stand-in included', () => {
    const lines = readFileSync(join(__dirname, 'new-provider.ts'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeLessThan(100);
  });

  it('is listed, connected and run like the built-in ones, with nothing but options of the server', async () => {
    const client = test.clientOf();
    const find = async () =>
      (await client.listIntegrations()).items.find(({ provider }) => provider === 'board');
    expect(await find()).toMatchObject({
      label: { it: 'Bacheca' },
      configured: true,
      state: 'not_connected',
    });
    await connectAs(test, 'board', (authorizeUrl) => {
      const { searchParams } = new URL(authorizeUrl);
      return `${searchParams.get('redirect_uri')}?code=once&state=${searchParams.get('state')}`;
    });
    expect(await find()).toMatchObject({
      state: 'active',
      account: { id: 'b1', label: 'Studio Rossi' },
      scopes: ['cards'],
    });
    expect((await client.listBlocks()).items.find(({ type }) => type === addCard.type)).toMatchObject({
      provider: 'board',
      connection: 'active',
      input: { properties: { title: { type: 'string' } } },
    });
    const { id } = await publishWorkflow(
      client,
      definition(
        [node('card', addCard.type, { config: { title: 'Contratto {{trigger.payload.name}}' } })],
        ['trigger -> card'],
      ),
    );
    const { run } = await client.startRun({ params: { id }, body: { payload: { name: 'Rossi' } } });
    const { run: ended, steps } = await follow(client, run.id);
    expect(ended.status).toBe('succeeded');
    expect(steps.find(({ nodeId }) => nodeId === 'card')?.output).toEqual({
      id: 'card-1',
      title: 'Contratto Rossi',
    });
    expect(board.cards.size).toBe(1);
  });
});
