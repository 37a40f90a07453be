import { blocks } from '../../src/blocks';
import { createFakeHost } from '../../src/testing';
import { definition, node } from '../support/definitions';
import { startTestServer, type TestServer } from '../support/server';

const people = [
  { id: 'user_anna', label: 'Anna Conti' },
  { id: 'user_luca', label: 'Luca Ferri' },
];
const roles = ['role:admin', 'role:editor'];

const asking = (...approvers: string[]) =>
  definition(
    [node('ask', 'flow.approval', { config: { message: 'Inviare?', approvers } })],
    ['trigger -> ask'],
  );
const options = async (test: TestServer, query: { q?: string; value?: string } = {}) =>
  (await test.clientOf().listOptions({ params: { provider: 'flow', name: 'people' }, query })).items;
const wrongIn = async (test: TestServer, ...approvers: string[]) => {
  const { issues } = await test.clientOf().validateDefinition({ body: { definition: asking(...approvers) } });
  return issues.map(({ code, path }) => `${code} ${path}`);
};

describe('those who may be asked for a decision', () => {
  it('are the roles and the people the host lists, by what was typed in either language', async () => {
    const test = await startTestServer({ host: createFakeHost([], { people }) });
    const values = async (q: string) => (await options(test, { q })).map(({ value }) => value);
    expect(await values('')).toEqual([...roles, 'user_anna', 'user_luca']);
    expect(await values('conti')).toEqual(['user_anna']);
    expect(await values('administrator')).toEqual(['role:admin']);
    expect(await values('amministratore')).toEqual(['role:admin']);
    expect(await options(test, { value: 'role:editor' })).toEqual([
      {
        value: 'role:editor',
        label: 'Chiunque possa modificare i flussi',
        labels: { en: 'Anybody who may edit workflows', it: 'Chiunque possa modificare i flussi' },
      },
    ]);
    await test.close();
  });

  it('are told apart from those the host does not know, also where its first answer is not all of them', async () => {
    const host = createFakeHost([], { people });
    const asked: string[] = [];
    // The first answer of a large host holds the first few only.
    host.list = {
      people: async (_, q) => {
        asked.push(q);
        return q === '' ? people.slice(0, 1) : people.filter(({ id }) => id === q);
      },
    };
    const test = await startTestServer({ host });
    expect(await wrongIn(test, 'user_anna', 'role:admin', 'user_luca', '{{trigger.payload.boss}}')).toEqual(
      [],
    );
    expect(asked.filter((q) => q !== '')).toEqual(['user_luca']);
    expect(await wrongIn(test, 'user_anna', 'user_gone')).toEqual(['option_unknown approvers[1]']);
    await test.close();
  });

  it('are anybody where the host lists nobody, or there is no host', async () => {
    for (const host of [createFakeHost(), undefined]) {
      const test = await startTestServer({ host, blocks });
      expect((await options(test)).map(({ value }) => value)).toEqual(roles);
      expect(await wrongIn(test, 'whoever')).toEqual([]);
      await test.close();
    }
  });
});
