/** What a fake Fatture in Cloud begins with: a company, its clients, and the lists an invoice is made from. */

export interface FakeFicCompany {
  id: number;
  name: string;
  type: 'company' | 'accountant';
  vatNumber: string;
  /** Of an accountant: the companies looked after. */
  controlled?: readonly { id: number; name: string }[];
}

export interface FakeFicClient {
  id: number;
  companyId: number;
  name: string;
  vat_number: string;
  tax_code: string;
  address_street: string;
  address_postal_code: string;
  address_city: string;
  address_province: string;
  country: string;
  email: string;
  ei_code: string;
  default_payment_terms: number;
  default_payment_terms_type: 'standard' | 'end_of_month';
  default_vat: { id: number; value: number } | null;
}

export const defaultCompanies: readonly FakeFicCompany[] = [
  { id: 12345, name: 'Studio Bianchi S.r.l.', type: 'company', vatNumber: 'IT01234567890' },
];

const people = [
  ['Rossi S.r.l.', 'IT09876543210', 'Via Roma, 1', '20121', 'Milano', 'MI', 'amministrazione@rossi.example'],
  [
    "D'Angelo & Figli S.n.c.",
    'IT11223344556',
    'Corso Italia, 22',
    '10121',
    'Torino',
    'TO',
    'info@dangelo.example',
  ],
  ['Verdi Costruzioni S.p.A.', 'IT66554433221', 'Piazza Garibaldi, 3', '80142', 'Napoli', 'NA', ''],
] as const;

export function defaultClients(companyId: number): FakeFicClient[] {
  return people.map(([name, vatNumber, street, postalCode, city, province, email], index) => ({
    id: 54321 + index,
    companyId,
    name,
    vat_number: vatNumber,
    tax_code: vatNumber.slice(2),
    address_street: street,
    address_postal_code: postalCode,
    address_city: city,
    address_province: province,
    country: 'Italia',
    email,
    ei_code: '0000000',
    default_payment_terms: 30,
    default_payment_terms_type: 'standard',
    default_vat: null,
  }));
}

export const vatTypes = [
  { id: 0, value: 22, description: '', is_disabled: false, default: true },
  { id: 3, value: 10, description: '', is_disabled: false, default: false },
  { id: 4, value: 4, description: '', is_disabled: false, default: false },
  { id: 21, value: 0, description: 'Non imponibile art. 8', is_disabled: false, default: false },
  { id: 1, value: 21, description: 'Fino al 2013', is_disabled: true, default: false },
];

export const paymentMethods = [
  { id: 386091, name: 'Bonifico bancario', type: 'standard', is_default: true },
  { id: 386092, name: 'Carta di credito', type: 'standard', is_default: false },
];

export const paymentAccounts = [
  { id: 21, name: 'Cassa', type: 'standard', iban: null, sia: null, virtual: false },
  {
    id: 109,
    name: 'Conto Banca Intesa',
    type: 'bank',
    iban: 'IT60X0542811101000000123456',
    sia: null,
    virtual: false,
  },
];

export const senderEmails = [
  { id: 0, email: 'no-reply@fattureincloud.it' },
  { id: 888, email: 'fatture@bianchi.example' },
];
