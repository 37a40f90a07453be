import { createInvoice } from '../../../src/blocks/fatture-in-cloud/create-invoice';
import { addDays, dayOf, toDay } from '../../../src/blocks/fatture-in-cloud/day';
import { listInvoices } from '../../../src/blocks/fatture-in-cloud/list-invoices';
import { fattureInCloudServer } from '../../../src/blocks/fatture-in-cloud/provider.server';
import { sendInvoicePdf } from '../../../src/blocks/fatture-in-cloud/send-invoice-pdf';
import { updateInvoiceStatus } from '../../../src/blocks/fatture-in-cloud/update-invoice-status';
import { describeForm, type FormField } from '../../../src/core/block/form';
import { inline, simpleInvoice } from './harness';

const blocks = [createInvoice, updateInvoiceStatus, sendInvoicePdf, listInvoices];

describe('the blocks of Fatture in Cloud', () => {
  it.each(blocks)('$type has a sample its output accepts', ({ output, sample }) => {
    expect(output.parse(sample)).toEqual(sample);
  });

  it('choose only from lists that there are', () => {
    const lists = (fields: FormField[]): string[] =>
      fields.flatMap((field) => {
        if (field.kind === 'remote') return [field.options];
        if (field.kind === 'list') return lists([field.item]);
        if (field.kind === 'object') return lists(field.fields);
        return field.kind === 'union' ? field.variants.flatMap((variant) => lists(variant.fields)) : [];
      });
    const named = blocks.flatMap(({ input }) => lists(describeForm(input)));
    expect([...new Set(named)].sort()).toEqual(Object.keys(fattureInCloudServer.options ?? {}).sort());
  });

  it('say in both languages what they would do, with the amount as a decimal', () => {
    const items = [{ name: 'A', netPrice: '1.000,10', quantity: 3 }];
    const preview = (config: object) => createInvoice.preview?.(createInvoice.input.parse(config));
    expect(preview(simpleInvoice({ items, client: inline('Rossi S.r.l.') }))).toEqual({
      en: 'Would create an invoice of € 3,000.30 plus VAT for Rossi S.r.l.',
      it: 'Creerebbe una fattura di € 3.000,30 + IVA per Rossi S.r.l.',
    });
    expect(preview(simpleInvoice({ client: { kind: 'saved', id: '54321' } }))?.it).toBe(
      'Creerebbe una fattura di € 100,00 + IVA per il cliente 54321',
    );
  });

  it('warn of an e-invoice that the SdI would reject', () => {
    const withoutIds = { kind: 'inline', name: 'Rossi' };
    const warn = (config: object) => createInvoice.warnings?.(config as never).map(({ path }) => path);
    expect(warn({ eInvoice: true, client: withoutIds })).toEqual(['client.vatNumber']);
    expect(warn({ eInvoice: true, client: { ...withoutIds, taxCode: '{{trigger.payload.cf}}' } })).toEqual(
      [],
    );
    expect(warn({ eInvoice: false, client: withoutIds })).toEqual([]);
    expect(warn({})).toEqual([]);
  });
});

describe('a day', () => {
  it.each([
    ['2026-11-23', '2026-11-23'],
    ['2026-11-23T22:59:59Z', '2026-11-23'],
    ['2026-11-23T23:00:00Z', '2026-11-24'],
    ['2026-07-23T22:00:00.000Z', '2026-07-24'],
    ['2026-11-23T23:30:00', '2026-11-23'],
    ['2026-11-23T23:30:00+01:00', '2026-11-23'],
  ])('%s is %s in Rome', (text, expected) => {
    expect(toDay(text, 'Europe/Rome')).toBe(expected);
  });

  it.each(['23/11/2026', '2026-02-30', '2026-13-01', '', '2026-11-23T25:00', '2026-11-23 and more'])(
    'is not %p',
    (text) => {
      expect(createInvoice.input.safeParse(simpleInvoice({ date: text })).success).toBe(false);
    },
  );

  it('is counted on the calendar, over months, leap years and changes of the clock', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
    expect(dayOf(Date.parse('2026-12-31T23:00:00Z'), 'Europe/Rome')).toBe('2027-01-01');
  });
});
