import { useState } from 'react';
import type { InvoicesView, InvoiceView } from '../../shared/types';
import { get, useLoad } from '../api';
import { formatDay, formatMoney } from '../format';
import { Empty } from '../parts/page';
import { LOOK_AGAIN_MS, SandboxPage } from '../parts/sandbox-page';
import { usePreferences, useTexts } from '../preferences';

/** The fake Fatture in Cloud: the invoices of each company of its account. */
export function SandboxInvoicesPage() {
  const loaded = useLoad(
    () => get<InvoicesView>('/sandbox/fatture-in-cloud'),
    'fatture-in-cloud',
    LOOK_AGAIN_MS,
  );
  return (
    <SandboxPage name="fatture-in-cloud" loaded={loaded}>
      {(view) => <Invoices view={view} />}
    </SandboxPage>
  );
}

function Invoices({ view }: { view: InvoicesView }) {
  const t = useTexts();
  const [companyId, setCompanyId] = useState(view.ownCompanyId);
  const invoices = view.invoices.filter((invoice) => invoice.companyId === companyId);
  return (
    <div className="dm-stack">
      <select
        className="dm-select dm-company-choice"
        aria-label={t.invoices.company}
        value={companyId}
        onChange={(event) => setCompanyId(Number(event.target.value))}
      >
        {view.companies.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      {invoices.length === 0 ? (
        <Empty title={t.invoices.empty} hint={t.invoices.emptyHint} />
      ) : (
        <InvoiceTable invoices={invoices} />
      )}
    </div>
  );
}

function InvoiceTable({ invoices }: { invoices: InvoiceView[] }) {
  const { t, locale } = usePreferences();
  const { columns } = t.invoices;
  return (
    <div className="dm-card dm-table-scroll">
      <table className="dm-table">
        <thead>
          <tr>
            <th>{columns.number}</th>
            <th>{columns.client}</th>
            <th className="dm-number dm-wide-only">{columns.net}</th>
            <th className="dm-number">{columns.gross}</th>
            <th>{columns.status}</th>
            <th>PDF</th>
          </tr>
        </thead>
        <tbody>
          {invoices.map((invoice) => (
            <tr key={invoice.id}>
              <td>
                <strong>{invoice.number}</strong>
                <span className="dm-muted dm-block">{formatDay(invoice.date, locale)}</span>
              </td>
              <td>
                {invoice.client}
                <span className="dm-muted dm-block">{invoice.lines.join(', ')}</span>
              </td>
              <td className="dm-number dm-wide-only">{formatMoney(invoice.net, locale)}</td>
              <td className="dm-number">{formatMoney(invoice.gross, locale)}</td>
              <td>
                <InvoiceState invoice={invoice} />
              </td>
              <td>
                <a className="dm-link" href={`/api/sandbox/fatture-in-cloud/${invoice.id}/pdf`}>
                  {t.invoices.download}
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function InvoiceState({ invoice: { isPaid, dueDate, sentTo } }: { invoice: InvoiceView }) {
  const { t, locale } = usePreferences();
  return (
    <>
      <span className={`dm-pill dm-pill-${isPaid ? 'ok' : 'waiting'}`}>
        {isPaid ? t.invoices.paid : t.invoices.notPaid}
      </span>
      {dueDate && <span className="dm-muted dm-block">{t.invoices.due(formatDay(dueDate, locale))}</span>}
      {sentTo.length > 0 && <span className="dm-muted dm-block">{t.invoices.sentTo(sentTo.join(', '))}</span>}
    </>
  );
}
