/** What Fatture in Cloud knows of the company and its clients, as far as a new invoice needs it. */
import type { Entity, IssuedDocument } from '@fattureincloud/fattureincloud-ts-sdk';
import * as z from 'zod';
import { type FicClient, readAnswer } from './client.server';

export interface CompanyDefaults {
  vatId: number;
  paymentMethod: { id: number; name: string } | null;
  paymentMethods: { id: number; name: string }[];
  /** Withholding tax, «rivalsa» and «cassa» as the company always has them. The API adds none by itself. */
  taxes: Partial<IssuedDocument>;
}

const methodSchema = z.object({ id: z.number(), name: z.string() });
const percentage = z.number().nullish().catch(null);
const code = z.string().nullish().catch(null);
const taxesSchema = z.object({
  rivalsa: percentage,
  cassa: percentage,
  cassa_taxable: percentage,
  withholding_tax: percentage,
  withholding_tax_taxable: percentage,
  other_withholding_tax: percentage,
  ei_cassa_type: code,
  ei_withholding_tax_causal: code,
  ei_other_withholding_tax_type: code,
  ei_other_withholding_tax_causal: code,
});
const infoSchema = z.object({
  data: z.object({
    default_values: taxesSchema.extend({ payment_method: methodSchema.nullish().catch(null) }).nullish(),
    items_default_values: z.object({ vat: z.object({ id: z.number() }).nullish() }).nullish(),
    payment_methods_list: z
      .array(z.object({ id: z.number().nullish(), name: z.string().nullish() }))
      .nullish(),
  }),
});

export async function readDefaults(client: FicClient): Promise<CompanyDefaults> {
  const answer = await client.documents.getIssuedDocumentPreCreateInfo(client.companyId(), 'invoice');
  const { data } = readAnswer(infoSchema, answer.data, 'description of a new invoice');
  return {
    // 0 is the id of the ordinary 22 %.
    vatId: data.items_default_values?.vat?.id ?? 0,
    paymentMethod: data.default_values?.payment_method ?? null,
    paymentMethods: (data.payment_methods_list ?? []).flatMap(({ id, name }) =>
      typeof id === 'number' ? [{ id, name: name ?? String(id) }] : [],
    ),
    taxes: taxesOf(data.default_values ?? {}),
  };
}

/** A tax that is zero is left out, and with it everything that only describes it. */
function taxesOf(values: Partial<z.infer<typeof taxesSchema>>): Partial<IssuedDocument> {
  const groups: [keyof typeof values, (keyof typeof values)[]][] = [
    ['rivalsa', []],
    ['cassa', ['cassa_taxable', 'ei_cassa_type']],
    ['withholding_tax', ['withholding_tax_taxable', 'ei_withholding_tax_causal']],
    ['other_withholding_tax', ['ei_other_withholding_tax_type', 'ei_other_withholding_tax_causal']],
  ];
  const kept = groups.flatMap(([tax, rest]) => (values[tax] ? [tax, ...rest] : []));
  return Object.fromEntries(
    kept.map((name) => [name, values[name]]).filter(([, value]) => value !== null && value !== undefined),
  );
}

export interface SavedClient {
  /** Its address and numbers: the API copies none of them from the id. */
  entity: Entity;
  vatId: number | null;
  paymentDays: number | null;
  paymentTerms: 'standard' | 'end_of_month';
}

const text = z.string().nullish();
const savedClientSchema = z.object({
  data: z.object({
    id: z.number(),
    name: text,
    type: text,
    vat_number: text,
    tax_code: text,
    address_street: text,
    address_postal_code: text,
    address_city: text,
    address_province: text,
    address_extra: text,
    country: text,
    email: text,
    certified_email: text,
    ei_code: text,
    default_vat: z.object({ id: z.number().nullish() }).nullish(),
    default_payment_terms: z.number().nullish(),
    default_payment_terms_type: z.enum(['standard', 'end_of_month']).nullish().catch(null),
  }),
});

export async function readSavedClient(client: FicClient, id: number): Promise<SavedClient> {
  const answer = await client.clients.getClient(client.companyId(), id, undefined, 'detailed');
  const { data } = readAnswer(savedClientSchema, answer.data, 'client');
  const { default_vat, default_payment_terms, default_payment_terms_type, ...copied } = data;
  const known = Object.entries({ ...copied, name: copied.name ?? String(id) }).filter(
    ([, value]) => value !== null && value !== undefined && value !== '',
  );
  return {
    entity: Object.fromEntries(known) as Entity,
    vatId: default_vat?.id ?? null,
    paymentDays: default_payment_terms ?? null,
    paymentTerms: default_payment_terms_type ?? 'standard',
  };
}
