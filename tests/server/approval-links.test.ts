import { readFileSync } from 'node:fs';
import type { ApprovalNotice } from '../../src/server';
import { openDatabase } from '../../src/server/db/data-source';
import { definition, node } from '../support/definitions';
import { follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

const CRON_SECRET = 'a cron secret of the tests';
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const asks = (config: object = {}) =>
  definition(
    [
      node('ask_1', 'flow.approval', {
        config: {
          message: 'Pagare <b>Rossi</b> & figli?',
          deadline: { amount: 2, unit: 'hours' },
          ...config,
        },
      }),
      node('stop_1', 'flow.stop'),
    ],
    ['trigger -> ask_1', 'ask_1:approved -> stop_1'],
  );

describe('a link to decide by', () => {
  let now = Date.parse('2027-02-01T09:00:00Z');
  let notices: ApprovalNotice[] = [];
  let told: ((notice: ApprovalNotice) => void | Promise<void>) | undefined;
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer({
      clock: { now: () => now },
      cronSecret: CRON_SECRET,
      notifyApproval: async (notice) => {
        notices.push(notice);
        await told?.(notice);
      },
    });
  });
  beforeEach(() => {
    notices = [];
    told = undefined;
    now += 3_600_000;
  });
  afterAll(() => test.close());

  /** A run that waits for an approval, with the notice of it. */
  const ask = async (config?: object) => {
    const client = test.clientOf();
    const { id } = await publishWorkflow(client, asks(config), 'Pagamenti "grandi"');
    const { run } = await client.startRun({ params: { id }, body: {} });
    await follow(client, run.id, (status) => status === 'waiting');
    while (notices.length === 0) await new Promise((done) => setTimeout(done, 5));
    return { run, notice: notices[0] as ApprovalNotice };
  };
  /** Resolves when it is written down that everybody has been told. */
  const noted = async () => {
    const { pool, source } = await openDatabase(test.database.url, 1, silent);
    while ((await pool.query('select from workflow_wait where notify_at is not null')).rowCount !== 0);
    await source.destroy();
  };
  const statusOf = async (runId: string) =>
    (await test.clientOf().getRun({ params: { id: runId } })).run.status;
  /** Everything the database holds of approvals. */
  const stored = async () => {
    const { pool, source } = await openDatabase(test.database.url, 1, silent);
    const tables = ['wait', 'approval_link', 'audit', 'run', 'run_step'];
    const rows = await Promise.all(
      tables.map((table) =>
        pool.query(`select to_jsonb(t)::text as row from workflow_${table} t order by 1`),
      ),
    );
    await source.destroy();
    return rows.flatMap((result) => result.rows.map(({ row }) => row as string));
  };
  const open = (link: string, init: RequestInit = {}) => fetch(link, { redirect: 'manual', ...init });
  const submit = (link: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    open(link, { method: 'POST', body: new URLSearchParams(form), headers });

  it('is made for each person the host tells, once the approval is stored', async () => {
    const { run, notice } = await ask({ approvers: ['carla', 'dario'] });
    expect(notice).toMatchObject({
      companyId: 'rossi',
      approval: {
        runId: run.id,
        status: 'pending',
        message: 'Pagare <b>Rossi</b> & figli?',
        approvers: ['carla', 'dario'],
      },
    });
    const links = [await notice.linkFor('carla'), await notice.linkFor('dario')];
    for (const link of links) expect(link).toMatch(/\/api\/workflows\/approve\/[A-Za-z0-9_-]{43}$/);
    expect(new Set(links).size).toBe(2);
    await expect(notice.linkFor('anna')).rejects.toThrow('was not asked of "anna"');
    expect(notices).toHaveLength(1);
  });

  it('shows what is to be decided and changes nothing, however often and by whatever it is opened', async () => {
    const { run, notice } = await ask();
    const link = await notice.linkFor('carla');
    const scanners: RequestInit[] = [
      {},
      { method: 'HEAD' },
      { headers: { 'user-agent': 'GoogleImageProxy' } },
      { headers: { 'sec-purpose': 'prefetch' } },
      { headers: { purpose: 'prefetch', 'x-moz': 'prefetch' } },
      { headers: { 'sec-purpose': 'prefetch;prerender' } },
      { headers: { 'x-http-method-override': 'POST' } },
      {
        method: 'HEAD',
        headers: { 'user-agent': 'Mozilla/5.0 (compatible; SafeLinks)', range: 'bytes=0-0' },
      },
    ];
    await noted();
    const before = await stored();
    for (const init of [...scanners, ...scanners]) expect((await open(link, init)).status).toBe(200);
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      expect((await open(link, { method })).status).not.toBe(200);
    const page = await (await open(`${link}?decision=approved&_method=POST`)).text();
    expect(await stored()).toEqual(before);
    expect(page).toContain('Pagare &lt;b&gt;Rossi&lt;/b&gt; &amp; figli?');
    expect(page).toContain('Pagamenti &quot;grandi&quot;');
    expect(page).not.toContain('<b>');
    expect(page).not.toMatch(/<script|src=|href=|url\(|https?:/);
    expect(await statusOf(run.id)).toBe('waiting');
  });

  it('decides by its form alone, in the name of its person, and is of no use afterwards', async () => {
    const { run, notice } = await ask();
    const link = await notice.linkFor('carla');
    const page = await submit(link, { decision: 'approved', comment: ' Va\u0000 bene ' });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Hai approvato');
    const { steps } = await follow(test.clientOf(), run.id);
    expect(steps[1]?.output).toMatchObject({ decision: 'approved', decidedBy: 'carla', comment: 'Va bene' });
    now += 60_000;
    const again = await submit(link, { decision: 'rejected' });
    expect(again.status).toBe(409);
    expect(await again.text()).toContain('carla ha approvato il');
    const shown = await open(link);
    expect([shown.status, (await shown.text()).includes('<form')]).toEqual([200, false]);
    const { items } = await test.clientOf().listAudit({ query: { limit: 20 } });
    const deeds = items.filter(({ targetId }) => targetId === notice.approval.id);
    expect(deeds).toMatchObject([{ action: 'approval.approve', userId: 'carla' }]);
  });

  it('asks again when nothing was chosen', async () => {
    const { run, notice } = await ask();
    const link = await notice.linkFor('carla');
    for (const form of [{}, { decision: 'perhaps' }, { decision: 'approved', comment: 'x'.repeat(2001) }]) {
      const page = await submit(link, form as Record<string, string>);
      expect([page.status, (await page.text()).includes('<form')]).toEqual([400, true]);
    }
    expect(
      (
        await open(link, {
          method: 'POST',
          body: '{"decision":"approved"}',
          headers: { 'content-type': 'application/json' },
        })
      ).status,
    ).toBe(400);
    expect(await statusOf(run.id)).toBe('waiting');
  });

  it('ends with the approval: decided elsewhere, expired, canceled', async () => {
    const elsewhere = await ask();
    const link = await elsewhere.notice.linkFor('carla');
    await test.clientOf({ userId: 'bruno' }).decideApproval({
      params: { id: elsewhere.notice.approval.id },
      body: { decision: 'rejected' },
    });
    expect(await (await open(link)).text()).toContain('bruno ha rifiutato il');
    expect((await submit(link, { decision: 'approved' })).status).toBe(409);

    notices = [];
    const late = await ask();
    const lateLink = await late.notice.linkFor('carla');
    now = Date.parse(late.notice.approval.until as string);
    const page = await submit(lateLink, { decision: 'approved' });
    expect([page.status, (await page.text()).includes('Il tempo per decidere è finito')]).toEqual([
      409,
      true,
    ]);

    notices = [];
    const canceled = await ask();
    const canceledLink = await canceled.notice.linkFor('carla');
    await test.clientOf().cancelRun({ params: { id: canceled.run.id } });
    expect(await (await open(canceledLink)).text()).toContain('Il flusso è stato fermato');
  });

  it('counts one of several approvals', async () => {
    const { run, notice } = await ask({ required: 2 });
    const [carla, dario] = [await notice.linkFor('carla'), await notice.linkFor('dario')];
    expect(await (await submit(carla, { decision: 'approved' })).text()).toContain(
      'quando avranno approvato anche gli altri',
    );
    expect(await statusOf(run.id)).toBe('waiting');
    expect((await submit(carla, { decision: 'approved' })).status).toBe(409);
    expect(await (await open(dario)).text()).toContain('1 su 2 finora');
    await submit(dario, { decision: 'approved' });
    expect((await follow(test.clientOf(), run.id)).run.status).toBe('succeeded');
  });

  it('does nothing for a form of another site', async () => {
    const { run, notice } = await ask();
    const link = await notice.linkFor('carla');
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of foreign)
      expect((await submit(link, { decision: 'approved' }, headers)).status).toBe(403);
    expect(await statusOf(run.id)).toBe('waiting');
    const own = { origin: test.origin, 'sec-fetch-site': 'same-origin' };
    expect((await submit(link, { decision: 'approved' }, own)).status).toBe(200);
  });

  it('answers with pages no other site can show, keep or read, in the reader’s language', async () => {
    const { notice } = await ask();
    const link = await notice.linkFor('carla');
    for (const answer of [await open(link), await open(`${link}x`), await submit(link, {})]) {
      const csp = answer.headers.get('content-security-policy') ?? '';
      expect(csp).toMatch(
        /^default-src 'none'; style-src 'nonce-[A-Za-z0-9+/=]{24}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      );
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        ...{
          'cache-control': 'no-store',
          'referrer-policy': 'same-origin',
          'x-content-type-options': 'nosniff',
        },
        ...{ 'x-frame-options': 'DENY', 'content-type': 'text/html; charset=utf-8' },
      });
      expect(await answer.text()).toContain(`<style nonce="${/nonce-([^']+)/.exec(csp)?.[1]}">`);
    }
    const english = await open(link, { headers: { 'accept-language': 'en-GB,en;q=0.9' } });
    expect(await english.text()).toMatch(/<html lang="en">[\s\S]*Your decision is needed/);
    expect(await (await open(link)).text()).toMatch(/<html lang="it">[\s\S]*Serve la tua decisione/);
  });

  it('that was never made leads nowhere, whatever it looks like', async () => {
    const tokens = ['x', 'A'.repeat(43), '%00', 'a'.repeat(5000), "';drop table workflow--", '..%2f..'];
    for (const token of tokens) {
      for (const method of ['GET', 'POST']) {
        const answer = await open(`${test.baseUrl}/approve/${token}`, { method });
        expect([token, answer.status]).toEqual([token, 404]);
      }
    }
  });

  it('is kept as a digest: who reads the database can open none', async () => {
    const { notice } = await ask();
    const token = (await notice.linkFor('carla')).split('/').at(-1) as string;
    const { pool, source } = await openDatabase(test.database.url, 1, silent);
    const { rows } = await pool.query(
      'select l.*, w.* from workflow_approval_link l join workflow_wait w on w.id = l.wait_id',
    );
    await source.destroy();
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('is asked for again when the host could not pass it on, or nobody lived to tell it', async () => {
    let failures = 1;
    told = () => {
      failures -= 1;
      if (failures >= 0) throw new Error('the mail server is away');
    };
    const sweepOnce = () =>
      fetch(`${test.baseUrl}/internal/sweep`, {
        method: 'POST',
        headers: { authorization: `Bearer ${CRON_SECRET}` },
      });
    const { notice } = await ask();
    const ids = () => notices.map(({ approval }) => approval.id);
    await sweepOnce();
    expect(ids()).toEqual([notice.approval.id]);
    now += 61_000;
    await sweepOnce();
    // Whichever sweep took it, that of the runner or this one: only one tells.
    while (notices.length < 2) await new Promise((done) => setTimeout(done, 5));
    expect(ids()).toEqual([notice.approval.id, notice.approval.id]);
    now += 86_400_000;
    await sweepOnce();
    expect(ids()).toHaveLength(2);
  });
});

it('no text of the pages is left out of a language', () => {
  const source = readFileSync('src/server/http/approve-page.ts', 'utf8');
  expect(source).not.toMatch(/>[A-Za-zÀ-ù]{3,}[^<$]*</);
});
