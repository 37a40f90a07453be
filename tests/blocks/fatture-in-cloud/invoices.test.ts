import type { WorkflowClient } from '../../../src/core';
import { definition, node } from '../../support/definitions';
import { follow, publishWorkflow } from '../../support/server';
import {
  callsOf,
  connectCompany,
  everythingStored,
  type FicTest,
  runStep,
  simpleInvoice,
  startFic,
} from './harness';

let test: FicTest;
let client: WorkflowClient;
let company = 0;
beforeAll(async () => {
  test = await startFic();
});
beforeEach(async () => {
  company += 1;
  client = await connectCompany(test, `company-${company}`);
});
afterAll(() => test.close());

async function make(overrides = {}): Promise<string> {
  const { step } = await runStep(client, 'create-invoice', simpleInvoice(overrides));
  return idOf(step);
}
const idOf = (step: { output: unknown } | undefined): string =>
  (step as { output: { id: string } }).output.id;
const stored = (id: string) => test.fic.documents.find((document) => String(document.id) === id);

describe('fatture-in-cloud.update-invoice-status', () => {
  it('marks every open payment as paid, keeps the rest of them, and changes nothing the second time', async () => {
    const id = await make();
    const [first] = stored(id)?.payments_list ?? [];
    const open = {
      id: 9001,
      amount: 61,
      due_date: '2026-12-31',
      payment_terms: { days: 30, type: 'standard' },
    };
    const parts = [
      {
        ...first,
        amount: 61,
        status: 'paid',
        paid_date: '2026-01-02',
        payment_account: { id: 21, name: 'Cassa' },
      },
      { ...open, status: 'not_paid', paid_date: null, payment_account: null, ei_raw: { IBAN: 'IT60' } },
    ];
    test.fic.changeDocument(Number(id), { payments_list: parts as never });
    const config = { invoiceId: id, status: 'paid', paidDate: '2026-11-30T23:30:00Z', paymentAccount: '109' };
    const { run, step } = await runStep(client, 'update-invoice-status', config);
    expect(run.status).toBe('succeeded');
    expect(step?.output).toMatchObject({ id, status: 'paid', nextDueDate: null });
    expect(stored(id)?.payments_list).toEqual([
      parts[0],
      {
        ...open,
        status: 'paid',
        // 23:30 UTC is the next day in Rome.
        paid_date: '2026-12-01',
        payment_account: { id: 109, name: 'Conto Banca Intesa' },
        ei_raw: { IBAN: 'IT60' },
      },
    ]);
    const changes = callsOf(test, 'modifyIssuedDocument').length;
    expect((await runStep(client, 'update-invoice-status', config)).run.status).toBe('succeeded');
    expect(callsOf(test, 'modifyIssuedDocument')).toHaveLength(changes);
  });

  it('asks again when the answer was lost, and marks as not paid', async () => {
    const id = await make();
    await runStep(client, 'update-invoice-status', { invoiceId: id, paymentAccount: '21' });
    const other = await connectCompany(test, `other-${company}`);
    test.fic.failNext('modifyIssuedDocument', 'answer-lost');
    const { run, step } = await runStep(other, 'update-invoice-status', {
      invoiceId: id,
      status: 'not_paid',
    });
    expect(run.status).toBe('succeeded');
    expect(step?.output).toMatchObject({ status: 'not_paid' });
    expect(stored(id)?.payments_list).toMatchObject([{ status: 'not_paid', paid_date: null }]);
  });

  it('says that an invoice is locked, and leaves it as it is', async () => {
    const id = await make();
    test.fic.changeDocument(Number(id), { locked: true });
    const { run, step } = await runStep(client, 'update-invoice-status', {
      invoiceId: id,
      paymentAccount: '21',
    });
    expect(run.status).toBe('failed');
    expect(step?.error).toMatchObject({ kind: 'terminal', code: 'invoice_locked' });
    expect(stored(id)?.payments_list).toMatchObject([{ status: 'not_paid' }]);
  });
});

describe('fatture-in-cloud.send-invoice-pdf', () => {
  it('sends the usual email, with the place of the buttons left to Fatture in Cloud', async () => {
    const id = await make({ client: { kind: 'saved', id: '54321' } });
    const { step } = await runStep(client, 'send-invoice-pdf', { invoiceId: id });
    const number = stored(id)?.number;
    expect(step?.output).toEqual({
      invoiceId: id,
      recipients: ['amministrazione@rossi.example'],
      subject: `Nostra fattura nr. ${number}`,
    });
    expect(test.fic.emails.at(-1)).toMatchObject({
      documentId: Number(id),
      sender: 'no-reply@fattureincloud.it',
      body: expect.stringContaining('<br><br>{{allegati}}<br><br>'),
      attach_pdf: true,
      send_copy: false,
    });
  });

  it('writes a person’s own text as text, and adds the buttons to it', async () => {
    const id = await make();
    const body = 'Gentile <b>cliente</b> & C.\necco la fattura';
    await runStep(client, 'send-invoice-pdf', {
      invoiceId: id,
      to: 'a@x.example; b@y.example',
      subject: 'Ecco',
      body,
    });
    expect(test.fic.emails.at(-1)).toMatchObject({
      recipient_email: 'a@x.example,b@y.example',
      subject: 'Ecco',
      body: 'Gentile &lt;b&gt;cliente&lt;/b&gt; &amp; C.<br>ecco la fattura<br><br>{{allegati}}',
    });
  });

  it.each([
    ['no address at all', {}, 'recipient_missing'],
    ['an address that is none', { to: 'rossi' }, 'recipient_invalid'],
  ])('sends nothing to %s', async (_, config, code) => {
    const id = await make();
    const before = test.fic.emails.length;
    const { step } = await runStep(client, 'send-invoice-pdf', { invoiceId: id, ...config });
    expect(step?.error).toMatchObject({ kind: 'terminal', code, path: 'to' });
    expect(test.fic.emails).toHaveLength(before);
  });

  it('never sends twice: an email whose answer was lost waits for a person', async () => {
    const id = await make();
    const before = test.fic.emails.length;
    test.fic.failNext('scheduleEmail', 'answer-lost');
    const config = { invoiceId: id, to: 'a@x.example' };
    const until = (status: string) => status === 'needs_attention';
    const { run, step } = await runStep(client, 'send-invoice-pdf', config, { until });
    expect({ run: run.status, step: step?.status }).toEqual({ run: 'needs_attention', step: 'in_doubt' });
    expect(test.fic.emails).toHaveLength(before + 1);
  });

  it('asks again for what it only reads', async () => {
    const id = await make();
    test.fic.failNext('getEmailData', 'reset');
    const { run } = await runStep(client, 'send-invoice-pdf', { invoiceId: id, to: 'a@x.example' });
    expect(run.status).toBe('succeeded');
  });
});

describe('fatture-in-cloud.list-invoices', () => {
  const list = async (config: Record<string, string | number>) => {
    const { step } = await runStep(client, 'list-invoices', config);
    return step?.output as { invoices: { id: string }[]; count: number; hasMore: boolean };
  };

  it('finds by text, dates and client whatever quotes are in them, the latest first', async () => {
    const name = "D'Angelo's “50%” or 1=1";
    const first = await make({ client: { kind: 'inline', name }, date: '2031-05-01' });
    const second = await connectCompany(test, `second-${company}`);
    const { step } = await runStep(
      second,
      'create-invoice',
      simpleInvoice({ date: '2031-05-03', client: { kind: 'inline', name } }),
    );
    const latest = idOf(step);
    const idsOf = async (config: Record<string, string | number>) =>
      (await list(config)).invoices.map(({ id }) => id);
    expect(await idsOf({ text: name })).toEqual([latest, first]);
    expect(await idsOf({ text: "x' or any_subject contains '" })).toEqual([]);
    expect(await idsOf({ from: '2031-05-02', to: '2031-05-31' })).toEqual([latest]);
    expect(await idsOf({ client: '54322', from: '2031-01-01' })).toEqual([]);
  });

  it('reads page after page up to the limit, filters by status, and says whether there are more', async () => {
    const model = test.fic.documents[0];
    test.fic.addDocuments(
      Array.from({ length: 130 }, (_, index) => ({
        ...(model as NonNullable<typeof model>),
        id: 500_000 + index,
        date: '2032-01-01',
        payments_list: (model?.payments_list ?? []).map((payment) => ({
          ...payment,
          status: index < 110 ? ('paid' as const) : ('not_paid' as const),
        })),
      })),
    );
    const from = '2032-01-01';
    expect(await list({ from, limit: 300 })).toMatchObject({ count: 130, hasMore: false });
    expect(await list({ from, limit: 20 })).toMatchObject({ count: 20, hasMore: true });
    expect(await list({ from, limit: 300, status: 'not_paid' })).toMatchObject({ count: 20, hasMore: false });
    expect(await list({ from, limit: 105, status: 'paid' })).toMatchObject({ count: 105, hasMore: true });
  });

  it.each([
    [['paid', 'reversed'], 'paid'],
    [['not_paid', 'reversed'], 'not_paid'],
    [['paid', 'reversed', 'not_paid'], 'partly_paid'],
    [['reversed', 'reversed'], 'reversed'],
    [[], 'not_paid'],
  ])('calls an invoice with the payments %j %s', async (statuses, expected) => {
    const [model] = test.fic.documents;
    const [payment] = model?.payments_list ?? [];
    const text = `Pagamenti ${company}`;
    const payments_list = statuses.map((status) => ({ ...payment, status }));
    test.fic.addDocuments([
      { ...model, id: 700_000 + company, date: '2030-01-01', visible_subject: text, payments_list } as never,
    ]);
    const { invoices } = await list({ text, from: '2030-01-01', to: '2030-01-01' });
    expect(invoices).toMatchObject([{ id: String(700_000 + company), status: expected }]);
    const open = await list({ text, from: '2030-01-01', to: '2030-01-01', status: 'not_paid' });
    expect(open.count).toBe(expected === 'not_paid' || expected === 'partly_paid' ? 1 : 0);
  });

  it('gives a loop its items', async () => {
    const id = await make({ date: '2033-02-01' });
    const { id: workflow } = await publishWorkflow(
      client,
      definition(
        [
          node('list_1', 'fatture-in-cloud.list-invoices', { config: { from: '2033-01-01' } }),
          node('loop_1', 'flow.loop', { config: { items: '{{step.list_1.output.invoices}}' } }),
          node('pay_1', 'fatture-in-cloud.update-invoice-status', {
            config: { invoiceId: '{{loop.item.id}}', paymentAccount: '21' },
          }),
        ],
        ['trigger -> list_1', 'list_1 -> loop_1', 'loop_1:each -> pay_1'],
      ),
    );
    const { run } = await client.startRun({ params: { id: workflow }, body: {} });
    expect((await follow(client, run.id)).run.status).toBe('succeeded');
    expect(stored(id)?.payments_list).toMatchObject([{ status: 'paid' }]);
  });
});

it('keeps no token and no temporary address anywhere in the database', async () => {
  const text = await everythingStored(test);
  expect(text).toContain('Consulenza');
  expect(text).not.toContain('fake-company-token');
  expect(text).not.toContain('/pdf/');
  expect(text).not.toMatch(/\b[ar]\/[\w-]{30,}/);
});
