import Big from 'big.js';
import { vatTypes } from './seed';

export interface Totals {
  amount_net: number;
  amount_vat: number;
  amount_gross: number;
  taxable_amount: number;
  amount_due: number;
  amount_withholding_tax: number;
  payments_sum: number;
  vat_list: Record<string, { amount_net: number; amount_vat: number }>;
}

type JsonRecord = Record<string, unknown>;

/** As the real one computes: each line to cents, VAT on the sum of each rate, tax withheld of the net amount. */
export function totalsOf(document: JsonRecord): Totals {
  const byRate = new Map<number, Big>();
  for (const item of listOf(document.items_list)) {
    const rate = rateOf(item);
    const line = cents(Big(numberOf(item.qty, 1)).times(numberOf(item.net_price, 0)));
    byRate.set(rate, (byRate.get(rate) ?? Big(0)).plus(line));
  }
  const rates = [...byRate].map(([rate, net]) => ({ rate, net, vat: cents(net.times(rate).div(100)) }));
  const net = rates.reduce((sum, one) => sum.plus(one.net), Big(0));
  const vat = rates.reduce((sum, one) => sum.plus(one.vat), Big(0));
  const taxable = net.times(numberOf(document.withholding_tax_taxable, 100)).div(100);
  const withheld = cents(taxable.times(numberOf(document.withholding_tax, 0)).div(100));
  return {
    amount_net: net.toNumber(),
    taxable_amount: net.toNumber(),
    amount_vat: vat.toNumber(),
    amount_gross: net.plus(vat).toNumber(),
    amount_withholding_tax: withheld.toNumber(),
    amount_due: net.plus(vat).minus(withheld).toNumber(),
    payments_sum: paymentsSum(document).toNumber(),
    vat_list: Object.fromEntries(
      rates.map(({ rate, net: ofRate, vat: onIt }) => [
        String(rate),
        { amount_net: ofRate.toNumber(), amount_vat: onIt.toNumber() },
      ]),
    ),
  };
}

const cents = (value: Big): Big => value.round(2, Big.roundHalfUp);

export const paymentsSum = (document: JsonRecord): Big =>
  listOf(document.payments_list).reduce((sum, { amount }) => sum.plus(numberOf(amount, 0)), Big(0));

function rateOf(item: JsonRecord): number {
  const id = (item.vat as JsonRecord | undefined)?.id;
  return vatTypes.find((vat) => vat.id === id)?.value ?? 0;
}

export const listOf = (value: unknown): JsonRecord[] => (Array.isArray(value) ? (value as JsonRecord[]) : []);

export const numberOf = (value: unknown, fallback: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : fallback;
