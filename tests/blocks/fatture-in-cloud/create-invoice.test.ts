import { follow } from '../../support/server';
import { callsOf, connectCompany, type FicTest, inline, runStep, simpleInvoice, startFic } from './harness';

let test: FicTest;
beforeAll(async () => {
  test = await startFic();
});
afterEach(() => test.fic.clearFaults());
afterAll(() => test.close());

describe('fatture-in-cloud.create-invoice', () => {
  it('writes the invoice an office would, and gives its number, amounts and PDF', async () => {
    const { run, step } = await runStep(await connectCompany(test, 'rossi'), 'create-invoice', {
      client: { kind: 'saved', id: '54321' },
      items: [
        { name: 'Consulenza', description: 'Novembre', quantity: '2,5', netPrice: '1.200,50' },
        { name: 'Marca', quantity: 1, netPrice: 2, vat: '21' },
      ],
      date: '2026-11-23',
      numeration: '/A',
      paymentAccount: '109',
      visibleSubject: 'Contratto Rossi',
      eInvoice: true,
    });
    const document = test.fic.documents.at(-1);
    expect({ status: run.status, error: step?.error }).toEqual({ status: 'succeeded', error: null });
    expect(step?.output).toEqual({
      id: String(document?.id),
      number: 1,
      numeration: '/A',
      date: '2026-11-23',
      nextDueDate: '2026-12-23',
      amountNet: 3003.25,
      amountVat: 660.28,
      amountGross: 3663.53,
      status: 'not_paid',
      client: { id: '54321', name: 'Rossi S.r.l.' },
      pdf: {
        kind: 'file',
        provider: 'fatture-in-cloud',
        id: String(document?.id),
        filename: 'fattura-1-A.pdf',
        contentType: 'application/pdf',
      },
    });
    expect(document).toMatchObject({
      visible_subject: 'Contratto Rossi',
      entity: { id: 54321, vat_number: 'IT09876543210', address_city: 'Milano' },
      payment_method: { id: 386091, name: 'Bonifico bancario' },
      e_invoice: true,
      ei_data: { payment_method: 'MP05' },
      payments_list: [{ amount: 3663.53, due_date: '2026-12-23', payment_account: { id: 109 } }],
    });
  });

  it('takes a client who is in no address book, dates it today in Rome, and counts on from the last number', async () => {
    const client = await connectCompany(test, 'verdi');
    const config = simpleInvoice({ client: inline("D'Angelo & Figli"), due: 'date', dueDate: '2099-01-31' });
    const day = () => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Rome' }).format(Date.now());
    const before = day();
    const first = await runStep(client, 'create-invoice', config);
    expect(first.step?.output).toMatchObject({
      // Midnight may have passed.
      date: expect.stringMatching(`^(${before}|${day()})$`),
      nextDueDate: '2099-01-31',
      amountGross: 122,
      client: { id: null, name: "D'Angelo & Figli" },
    });
    expect(test.fic.clients.map(({ name }) => name)).not.toContain("D'Angelo & Figli");
    expect(test.fic.documents.at(-1)?.entity).toEqual({
      name: "D'Angelo & Figli",
      vat_number: 'IT00112233445',
      country: 'Italia',
    });
  });

  it('says what is wrong in the words of Fatture in Cloud, and makes nothing', async () => {
    const before = test.fic.documents.length;
    const client = await connectCompany(test, 'gialli');
    const items = [{ name: 'Consulenza', netPrice: 100, vat: '1' }];
    const { run, step } = await runStep(client, 'create-invoice', simpleInvoice({ items }));
    expect(run.status).toBe('failed');
    expect(step?.error).toMatchObject({
      kind: 'terminal',
      code: 'validation_failed',
      providerStatus: 422,
      message: expect.stringContaining('L’aliquota IVA non esiste o è disattivata'),
    });
    expect(test.fic.documents).toHaveLength(before);
  });

  it('refuses an amount that can be read in two ways before anything is asked of Fatture in Cloud', async () => {
    const client = await connectCompany(test, 'grigi');
    const before = callsOf(test, 'getIssuedDocumentPreCreateInfo').length;
    const items = [{ name: 'Consulenza', netPrice: '{{trigger.payload.importo}}' }];
    const payload = { importo: '1.200' };
    const { step } = await runStep(client, 'create-invoice', simpleInvoice({ items }), { payload });
    expect(step?.error).toMatchObject({
      code: 'input_invalid',
      path: 'items[0].netPrice',
      message: expect.stringContaining('can be read in two ways'),
    });
    expect(callsOf(test, 'getIssuedDocumentPreCreateInfo')).toHaveLength(before);
  });

  describe('whose end nobody saw', () => {
    let before = 0;
    beforeEach(() => {
      before = test.fic.documents.length;
    });
    const made = () => test.fic.documents.slice(before);

    it.each([
      ['the answer was lost', 'answer-lost' as const],
      ['Fatture in Cloud failed after it was done', { status: 500, done: true }],
      ['the answer was no JSON', { status: 200, body: '<html>', done: true }],
    ])('is found by its mark and adopted: %s', async (name, fault) => {
      const client = await connectCompany(test, `adopt ${name}`);
      test.fic.failNext('createIssuedDocument', fault);
      const { run, step } = await runStep(client, 'create-invoice', simpleInvoice());
      expect(run.status).toBe('succeeded');
      const [document, ...more] = made();
      expect(more).toEqual([]);
      expect(step?.output).toMatchObject({ id: String(document?.id), number: document?.number });
    });

    it('is made again when it is nowhere to be found, once', async () => {
      const client = await connectCompany(test, 'again');
      test.fic.failNext('createIssuedDocument', 'reset');
      const { run } = await runStep(client, 'create-invoice', simpleInvoice());
      expect(run.status).toBe('succeeded');
      expect(made()).toHaveLength(1);
    });

    it('is found among the latest when the filter is not understood', async () => {
      const client = await connectCompany(test, 'latest');
      test.fic.failNext('createIssuedDocument', 'answer-lost');
      test.fic.failNext('listIssuedDocuments', { status: 422, body: { error: { message: 'Filtro' } } });
      const { run } = await runStep(client, 'create-invoice', simpleInvoice());
      expect(run.status).toBe('succeeded');
      expect(made()).toHaveLength(1);
    });

    it('is looked for before a retry makes it, however the run before ended', async () => {
      const client = await connectCompany(test, 'canceled');
      test.fic.failNext('createIssuedDocument', 'answer-lost');
      const later = {
        retry: { delayMs: 3_600_000, maxDelayMs: 3_600_000 },
        until: (status: string) => status === 'waiting',
      };
      const { run, step } = await runStep(client, 'create-invoice', simpleInvoice(), later);
      expect(step?.error?.kind).toBe('uncertain');
      await client.cancelRun({ params: { id: run.id } });
      const { run: again } = await client.retryRun({ params: { id: run.id }, body: {} });
      const ended = await follow(client, again.id);
      expect(ended.run.status).toBe('succeeded');
      const [document, ...more] = made();
      expect(more).toEqual([]);
      expect(ended.steps.at(-1)).toMatchObject({ attempt: 2, output: { id: String(document?.id) } });
    });

    it('waits for a person when two carry its mark', async () => {
      const client = await connectCompany(test, 'twice');
      const { run: earlier } = await runStep(client, 'create-invoice', simpleInvoice());
      expect(earlier.status).toBe('succeeded');
      const [twin] = made();
      const stop = test.fic.onDocument(({ subject }) => test.fic.changeDocument(twin?.id ?? 0, { subject }));
      test.fic.failNext('createIssuedDocument', 'answer-lost');
      const { run, step } = await runStep(client, 'create-invoice', simpleInvoice(), { until: isParked });
      stop();
      expect({ run: run.status, step: step?.status }).toEqual({ run: 'needs_attention', step: 'in_doubt' });
      expect(made()).toHaveLength(2);
    });

    it('waits for a person when there are more invoices than can be looked through: the filter alone proves nothing', async () => {
      await runStep(await connectCompany(test, 'crowd'), 'create-invoice', simpleInvoice());
      const model = made()[0] as (typeof test.fic.documents)[number];
      const crowd = Array.from({ length: 300 }, (_, index) => ({
        ...model,
        id: 900_000 + index,
        subject: '',
      }));
      test.fic.addDocuments(crowd);
      test.fic.failNext('createIssuedDocument', 'reset');
      const client = await connectCompany(test, 'beyond the crowd');
      const until = (status: string) => isParked(status) || status === 'succeeded';
      const { run, step } = await runStep(client, 'create-invoice', simpleInvoice(), { until });
      expect({ run: run.status, step: step?.status }).toEqual({ run: 'needs_attention', step: 'in_doubt' });
      expect(made()).toHaveLength(1 + crowd.length);
    });
  });
});

const isParked = (status: string): boolean => status === 'needs_attention';
