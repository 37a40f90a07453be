import type { DocumentView } from '../../shared/types';
import { get, useLoad } from '../api';
import { formatMoney, formatTime } from '../format';
import { Notice } from '../parts/notice';
import { Empty, Page, Skeleton } from '../parts/page';
import { StatusPill } from '../parts/status-pill';
import { usePreferences } from '../preferences';
import { Link, navigate } from '../router';
import { useSession } from '../session';

export function DocumentsPage() {
  const { t } = usePreferences();
  const { canEdit } = useSession();
  const { data, error, reload } = useLoad(() => get<{ items: DocumentView[] }>('/documents'), 'documents');
  const upload = canEdit && (
    <button type="button" className="dm-button dm-button-primary" onClick={() => navigate('/documents/new')}>
      {t.documents.upload}
    </button>
  );
  return (
    <Page title={t.documents.title} actions={upload}>
      {error && <Notice code={error} onRetry={reload} />}
      {!data && !error && <Skeleton />}
      {data?.items.length === 0 && <Empty title={t.documents.empty} hint={t.documents.emptyHint} />}
      {data && data.items.length > 0 && <DocumentTable documents={data.items} />}
    </Page>
  );
}

function DocumentTable({ documents }: { documents: DocumentView[] }) {
  const { t, locale } = usePreferences();
  const { columns } = t.documents;
  return (
    <div className="dm-card dm-table-scroll">
      <table className="dm-table">
        <thead>
          <tr>
            <th>{columns.title}</th>
            <th className="dm-wide-only">{columns.customer}</th>
            <th className="dm-number">{columns.amount}</th>
            <th>{columns.status}</th>
          </tr>
        </thead>
        <tbody>
          {documents.map((document) => (
            <tr key={document.id}>
              <td>
                <Link className="dm-row-link" href={`/documents/${document.id}`}>
                  {document.title}
                </Link>
                <span className="dm-muted dm-block">
                  {t.documents.by(document.createdBy, formatTime(document.createdAt, locale))}
                </span>
              </td>
              <td className="dm-wide-only">{document.customFields.cliente}</td>
              <td className="dm-number">
                {document.customFields.importo !== null && formatMoney(document.customFields.importo, locale)}
              </td>
              <td>
                <StatusPill status={document.status} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
