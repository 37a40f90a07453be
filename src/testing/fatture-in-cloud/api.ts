import { type Answer, jsonAnswer } from '../support/http';
import { describeDocument, describePage } from './describe';
import { type Checked, createDocument, type Invalid, modifyDocument, nextNumber } from './documents';
import { parseQuery } from './query';
import { paymentAccounts, paymentMethods, senderEmails, vatTypes } from './seed';
import type { FakeFicDocument, FicState } from './state';
import { totalsOf } from './totals';

type JsonRecord = Record<string, unknown>;

/** A call as an operation sees it, its token already checked. */
export interface ApiCall {
  state: FicState;
  companyId: number;
  /** What stands in the path after the company. */
  id: number;
  query: Record<string, string>;
  body: JsonRecord;
  /** Where the API is reached. */
  origin: string;
}

export interface Operation {
  name: string;
  method: 'GET' | 'POST' | 'PUT';
  path: RegExp;
  /** Asked of the token; `:a` includes `:r`. */
  scope: string | null;
  run: (call: ApiCall) => Answer;
}

const invoicesRead = 'issued_documents.invoices:r';
const invoicesWrite = 'issued_documents.invoices:a';
const company = '^/c/(?<company>\\d+)';

/** What the fake knows of the API, by the specification's operation ids. */
export const operations: readonly Operation[] = [
  operation('listUserCompanies', 'GET', '^/user/companies$', null, listCompanies),
  operation('listClients', 'GET', `${company}/entities/clients$`, 'entity.clients:r', listClients),
  operation('getClient', 'GET', `${company}/entities/clients/(?<id>\\d+)$`, 'entity.clients:r', getClient),
  operation('listVatTypes', 'GET', `${company}/info/vat_types$`, 'settings:r', () => ok({ data: vatTypes })),
  operation('listPaymentMethods', 'GET', `${company}/info/payment_methods$`, null, () =>
    ok({ data: paymentMethods }),
  ),
  operation('listPaymentAccounts', 'GET', `${company}/info/payment_accounts$`, null, () =>
    ok({ data: paymentAccounts }),
  ),
  operation('getIssuedDocumentPreCreateInfo', 'GET', `${company}/issued_documents/info$`, null, describeNew),
  operation('getNewIssuedDocumentTotals', 'POST', `${company}/issued_documents/totals$`, null, ({ body }) =>
    ok({ data: totalsOf((body.data ?? {}) as JsonRecord) }),
  ),
  operation('listIssuedDocuments', 'GET', `${company}/issued_documents$`, invoicesRead, listDocuments),
  operation('createIssuedDocument', 'POST', `${company}/issued_documents$`, invoicesWrite, create),
  operation('getIssuedDocument', 'GET', `${company}/issued_documents/(?<id>\\d+)$`, invoicesRead, (call) =>
    withDocument(call, (document) => answerDocument(call, document)),
  ),
  operation(
    'modifyIssuedDocument',
    'PUT',
    `${company}/issued_documents/(?<id>\\d+)$`,
    invoicesWrite,
    (call) => withDocument(call, (document) => modify(call, document)),
  ),
  operation('getEmailData', 'GET', `${company}/issued_documents/(?<id>\\d+)/email$`, invoicesRead, (call) =>
    withDocument(call, (document) => describeEmail(call, document)),
  ),
  operation('scheduleEmail', 'POST', `${company}/issued_documents/(?<id>\\d+)/email$`, invoicesRead, (call) =>
    withDocument(call, (document) => sendEmail(call, document)),
  ),
];

function operation(
  name: string,
  method: Operation['method'],
  path: string,
  scope: string | null,
  run: Operation['run'],
): Operation {
  return { name, method, path: new RegExp(path), scope, run };
}

const ok = (body: unknown): Answer => jsonAnswer(body);

export const refuse = (status: number, { message, validation_result, extra }: Invalid): Answer =>
  jsonAnswer({ error: { message, validation_result }, ...(extra ? { extra } : {}) }, status);

export const plain = (message: string): Invalid => ({ message, validation_result: null });

/** Every company carries a token of its own, as in the real answer: nobody may keep it. */
function listCompanies({ state }: ApiCall): Answer {
  const describe = (id: number, name: string, type: string) => ({
    id,
    name,
    type,
    ...(type === 'company' ? { access_token: `fake-company-token-of-${id}` } : {}),
    connection_id: 94566,
    fic_plan: 'premium_plus',
    fic_license_expire: '2030-12-31',
  });
  const companies = state.companies.map(({ id, name, type, vatNumber, controlled = [] }) => ({
    ...describe(id, name, type),
    tax_code: vatNumber.slice(2),
    vat_number: vatNumber,
    controlled_companies: controlled.map((one) => ({
      ...describe(one.id, one.name, 'company'),
      tax_code: String(one.id),
    })),
  }));
  return ok({ data: { companies } });
}

function listClients({ state, companyId, query }: ApiCall): Answer {
  const own = state.clients
    .filter((client) => client.companyId === companyId)
    .map(({ companyId: _, default_vat, ...client }) => ({
      ...client,
      ...(default_vat ? { default_vat } : {}),
    }));
  return answerList(own, query, 'entities/clients');
}

function getClient({ state, companyId, id }: ApiCall): Answer {
  const found = state.clients.find((client) => client.id === id && client.companyId === companyId);
  if (!found) return refuse(404, plain('Cliente non trovato.'));
  const { companyId: _, default_vat, ...client } = found;
  return ok({ data: { ...client, ...(default_vat ? { default_vat } : {}) } });
}

function describeNew({ state, companyId }: ApiCall): Answer {
  const year = new Date(state.now()).getUTCFullYear();
  const own = state.documents.filter(
    (document) => document.companyId === companyId && document.year === year,
  );
  const names = [...new Set(['', '/A', ...own.map(({ numeration }) => numeration)])];
  const next = names.map((name) => [name, nextNumber(state, companyId, name, `${year}-01-01`)]);
  const [method] = paymentMethods;
  return ok({
    data: {
      numerations: { [year]: Object.fromEntries(next) },
      dn_numerations: {},
      default_values: {
        notes: '',
        rivalsa: 0,
        cassa: 0,
        withholding_tax: 0,
        withholding_tax_taxable: 100,
        other_withholding_tax: 0,
        use_gross_prices: false,
        payment_method: { id: method?.id, name: method?.name },
      },
      items_default_values: { vat: vatTypes.find((vat) => vat.default) },
      vat_types_list: vatTypes,
      payment_methods_list: paymentMethods,
      payment_accounts_list: paymentAccounts,
    },
  });
}

function listDocuments(call: ApiCall): Answer {
  const { state, companyId, query, origin } = call;
  if (query.type !== 'invoice') return refuse(422, plain('Il tipo di documento non è valido.'));
  const own = state.documents.filter((document) => document.companyId === companyId);
  const shape = { fields: query.fields, fieldset: query.fieldset, origin };
  return answerList(own, query, 'issued_documents', (document) => describeDocument(state, document, shape));
}

function answerList<T extends object>(
  all: readonly T[],
  query: Record<string, string>,
  path: string,
  describe: (record: T) => unknown = (record) => record,
): Answer {
  const page = Number(query.page ?? 1);
  const perPage = Number(query.per_page ?? 5);
  if (!Number.isInteger(perPage) || perPage < 1 || perPage > 100 || !Number.isInteger(page) || page < 1)
    return refuse(422, plain('Il campo per_page deve essere compreso tra 1 e 100.'));
  const matches = query.q === undefined ? () => true : parseQuery(query.q);
  if (!matches) return refuse(422, plain('Il filtro non è valido.'));
  const found = sorted(
    all.filter((record) => matches(record as JsonRecord)),
    query.sort,
  );
  const { data, ...facts } = describePage(found, { page, perPage, path });
  return ok({ ...facts, data: data.map(describe) });
}

/** By the first field named; `-` turns the order round. What is equal comes latest first. */
function sorted<T extends object>(records: T[], sort: string | undefined): T[] {
  const [first = ''] = (sort ?? '').split(',');
  const name = first.replace(/^-/, '');
  const sign = first.startsWith('-') ? -1 : 1;
  const keyOf = (record: T) => String((record as JsonRecord)[name] ?? '');
  const latestFirst = [...records].reverse();
  return name === '' ? latestFirst : latestFirst.sort((a, b) => sign * keyOf(a).localeCompare(keyOf(b)));
}

function create(call: ApiCall): Answer {
  const created = createDocument(call.state, call.companyId, call.body);
  return answerChecked(call, created);
}

function modify(call: ApiCall, document: FakeFicDocument): Answer {
  if (document.locked) return refuse(409, plain('Il documento è bloccato e non può essere modificato.'));
  return answerChecked(call, modifyDocument(call.state, document, call.body));
}

const answerChecked = (call: ApiCall, checked: Checked<FakeFicDocument>): Answer =>
  'invalid' in checked ? refuse(422, checked.invalid) : answerDocument(call, checked.ok, 'detailed');

function withDocument(call: ApiCall, then: (document: FakeFicDocument) => Answer): Answer {
  const { state, companyId, id } = call;
  const found = state.documents.find((document) => document.id === id && document.companyId === companyId);
  return found ? then(found) : refuse(404, plain('Documento non trovato.'));
}

function answerDocument(
  { state, query, origin }: ApiCall,
  document: FakeFicDocument,
  fieldset?: string,
): Answer {
  const shape = { fields: query.fields, fieldset: fieldset ?? query.fieldset, origin };
  return ok({ data: describeDocument(state, document, shape) });
}

function describeEmail({ state }: ApiCall, { number, numeration, entity }: FakeFicDocument): Answer {
  const client = state.clients.find(({ id }) => id === entity.id);
  const [sender] = senderEmails;
  return ok({
    data: {
      recipient_email: client?.email ?? String(entity.email ?? ''),
      default_sender_email: sender,
      sender_emails_list: senderEmails,
      cc_email: 'ufficio@bianchi.example',
      subject: `Nostra fattura nr. ${number}${numeration}`,
      body: `Gentile ${entity.name},<br>per vedere la nostra fattura prema sul bottone sottostante.<br><br>{{allegati}}<br><br>Cordiali saluti`,
      document_exists: true,
      delivery_note_exists: false,
      attachment_exists: false,
      accompanying_invoice_exists: false,
      default_attach_pdf: false,
    },
  });
}

function sendEmail({ state, companyId, body }: ApiCall, document: FakeFicDocument): Answer {
  const data = (body.data ?? {}) as JsonRecord;
  const required = ['recipient_email', 'subject', 'body', 'include', 'attach_pdf', 'send_copy'];
  const missing = required.find((name) => data[name] === undefined || data[name] === '');
  if (missing)
    return refuse(422, {
      message: 'I dati inviati non sono validi.',
      validation_result: { [`data.${missing}`]: ['Il campo è richiesto.'] },
    });
  const sender = senderEmails.find(({ id }) => id === data.sender_id)?.email ?? data.sender_email;
  if (typeof sender !== 'string') return refuse(422, plain('Il mittente non è valido.'));
  state.addEmail({
    companyId,
    documentId: document.id,
    recipient_email: String(data.recipient_email),
    subject: String(data.subject),
    body: String(data.body),
    sender,
    attach_pdf: data.attach_pdf === true,
    send_copy: data.send_copy === true,
  });
  return { status: 200, headers: { 'content-type': 'application/json' }, body: '' };
}
