import { Client } from 'pg';
import { blocks, providers } from '../../src/blocks';
import { createFakeFattureInCloud, createFakeHost, createFakeSlack } from '../../src/testing';
import {
  around,
  type Misconfiguration,
  misconfigurationsOf,
  remoteFieldsOf,
  wrongOptionsOf,
} from '../support/misconfigurations';
import { connectAs, EVENT_SECRET, startTestServer, type TestServer } from '../support/server';
import { type KnownOptions, validConfig } from '../support/valid-config';

/** Companies by what is wrong with their connections; `rossi` has all of them as they should be. */
const companies = {
  rossi: 'connected',
  bianchi: 'not connected',
  verdi: 'without permissions',
  neri: 'refused',
};

const ficApp = { clientId: 'fic-client', clientSecret: 'the FIC secret of the tests' };
const fic = createFakeFattureInCloud(ficApp);
const slackApp = { clientId: '1234.5678', clientSecret: 'the client secret of the tests' };
const slack = createFakeSlack(slackApp);

let test: TestServer;
let known: KnownOptions;
beforeAll(async () => {
  test = await startTestServer({
    host: createFakeHost([], { people: [{ id: 'user_anna', label: 'Anna Conti' }] }),
    providers: {
      slack: { ...slackApp, baseUrl: await slack.listen() },
      'fatture-in-cloud': { ...ficApp, baseUrl: await fic.listen() },
      resend: {
        apiKey: 're_a_key_of_the_tests',
        webhookSecret: EVENT_SECRET,
        inboundDomain: 'in.studio.example',
      },
    },
  });
  for (const companyId of ['rossi', 'verdi', 'neri']) {
    await connectAs(test, 'slack', (url) => slack.consent(url, 'allow'), { companyId });
    await connectAs(test, 'fatture-in-cloud', (url) => fic.consent(url, 'allow'), { companyId });
  }
  const sql = new Client({ connectionString: test.database.url });
  await sql.connect();
  await sql.query(`update workflow_connection set scopes = '{}' where company_id = 'verdi'`);
  await sql.query(`update workflow_connection set state = 'needs_reauth' where company_id = 'neri'`);
  await sql.end();
  known = await firstOptions();
});
afterAll(() => Promise.all([test.close(), slack.close(), fic.close()]));

const issuesOf = async (definition: unknown, companyId = 'rossi') =>
  (await test.clientOf({ companyId }).validateDefinition({ body: { definition } })).issues;

/** The first choice of every remote field, as the stand-ins give it. */
async function firstOptions(): Promise<KnownOptions> {
  const names = new Set(
    blocks.flatMap((block) => remoteFieldsOf(block).map((name) => `${block.provider}/${name}`)),
  );
  const firsts = [...names].map(async (key) => {
    const [provider = '', name = ''] = key.split('/');
    const { items } = await test.clientOf().listOptions({ params: { provider, name }, query: {} });
    return [key, items[0]?.value ?? ''];
  });
  return Object.fromEntries(await Promise.all(firsts));
}

/** Told at the step, and at the field or something inside it. */
async function isNamed({ definition, nodeId, path }: Misconfiguration, companyId?: string): Promise<boolean> {
  const issues = await issuesOf(definition, companyId);
  return issues.some(
    (issue) =>
      issue.nodeId === nodeId &&
      (path === null || issue.path === path || /^[.[]/.test(issue.path?.slice(path.length) ?? '')),
  );
}

/** Blocks of providers a company connects, in a workflow that is right. */
function unconnected(): { companyId: string; wrong: Misconfiguration }[] {
  const connecting = providers.filter(({ auth }) => auth.type === 'oauth2').map(({ id }) => id);
  return blocks
    .filter(({ provider }) => connecting.includes(provider))
    .flatMap((block) =>
      Object.entries(companies)
        .filter(([companyId]) => companyId !== 'rossi')
        .map(([companyId, what]) => ({
          companyId,
          wrong: { what, block: block.type, path: null, ...around(block, validConfig(block, known)) },
        })),
    );
}

describe('what POST /validate says of a step', () => {
  it.each(blocks.map((block) => [block.type, block] as const))(
    'is nothing when %s is set up as it should be',
    async (_, block) => {
      expect(await issuesOf(around(block, validConfig(block, known)).definition)).toEqual([]);
    },
  );

  it('names the step and the field in at least 95 of 100 generated misconfigurations of every block', async () => {
    const cases = [
      ...blocks.flatMap((block) =>
        [...misconfigurationsOf(block, known), ...wrongOptionsOf(block, known)].map((wrong) => ({
          companyId: 'rossi',
          wrong,
        })),
      ),
      ...unconnected(),
    ];
    const missed: string[] = [];
    for (const { companyId, wrong } of cases)
      if (!(await isNamed(wrong, companyId))) missed.push(`${wrong.block} ${wrong.path}: ${wrong.what}`);
    expect(cases.length).toBeGreaterThan(20 * blocks.length);
    // The list itself is what one wants to read when this fails.
    expect(missed.slice(0, Math.floor(cases.length * 0.05))).toEqual(missed);
  }, 120_000);
});
