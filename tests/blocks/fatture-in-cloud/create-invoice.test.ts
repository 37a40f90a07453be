import { type FicTest, runStep, startFic } from './harness';

let test: FicTest;
beforeAll(async () => {
  test = await startFic();
});
afterEach(() => test.fic.clearFaults());
afterAll(() => test.close());

describe('fatture-in-cloud.create-invoice', () => {
  it('writes the invoice an office would, and gives its number, amounts and PDF', async () => {
    const { run, step } = await runStep(test, 'create-invoice', {
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
    expect(step?.error).toBeNull();
    expect(run.status).toBe('succeeded');
    const [document] = test.fic.documents;
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
});
