import { RunHistory } from 'trama';
import type { DocumentView } from '../../shared/types';
import { get, useLoad } from '../api';
import { formatMoney, formatTime } from '../format';
import { Notice } from '../parts/notice';
import { Page, Skeleton } from '../parts/page';
import { PdfFrame } from '../parts/pdf-frame';
import { SignaturePanel } from '../parts/signature-panel';
import { StatusPill } from '../parts/status-pill';
import { usePreferences } from '../preferences';
import { navigate } from '../router';

/** Signers act in other tabs and workflows by themselves, so the page looks again now and then. */
const LOOK_AGAIN_MS = 3_000;

export function DocumentPage({ id }: { id: string }) {
  const { t } = usePreferences();
  const {
    data: document,
    error,
    reload,
  } = useLoad(() => get<DocumentView>(`/documents/${id}`), id, LOOK_AGAIN_MS);
  const back = { href: '/documents', label: t.documents.title };
  if (!document) {
    return (
      <Page title={t.documents.title} back={back}>
        {error ? <Notice code={error} onRetry={reload} /> : <Skeleton />}
      </Page>
    );
  }
  const path = `/api/documents/${id}/${document.signedFile ? 'signed-file' : 'file'}`;
  const actions = (
    <a className="dm-button" href={path} target="_blank" rel="noreferrer">
      {document.signedFile ? t.document.openSigned : t.document.openPdf}
    </a>
  );
  return (
    <Page title={document.title} lead={<StatusPill status={document.status} />} back={back} actions={actions}>
      <div className="dm-columns">
        <div className="dm-stack">
          <SignaturePanel document={document} onChange={reload} />
          <Details document={document} />
          <section className="dm-stack-tight">
            <h2 className="dm-subtitle">{t.document.runs}</h2>
            <div className="dm-card dm-clip">
              <RunHistory businessKey={id} onOpenRun={(runId) => navigate(`/runs/${runId}`)} />
            </div>
          </section>
        </div>
        <PdfFrame src={path} title={document.title} />
      </div>
    </Page>
  );
}

function Details({ document }: { document: DocumentView }) {
  const { t, locale } = usePreferences();
  const { importo, cliente } = document.customFields;
  const rows: [string, string][] = [
    [t.document.code, document.id],
    [t.documents.columns.customer, cliente || t.document.noAmount],
    [t.documents.columns.amount, importo === null ? t.document.noAmount : formatMoney(importo, locale)],
    [t.document.created, t.documents.by(document.createdBy, formatTime(document.createdAt, locale))],
    ...(document.completedAt
      ? [[t.document.completed, formatTime(document.completedAt, locale)] as [string, string]]
      : []),
    ...(document.tags.length > 0 ? [[t.document.tags, document.tags.join(', ')] as [string, string]] : []),
    ...(document.note ? [[t.document.note, document.note] as [string, string]] : []),
  ];
  return (
    <section className="dm-card dm-card-body">
      <h2 className="dm-subtitle">{t.document.details}</h2>
      <dl className="dm-facts">
        {rows.map(([term, description]) => (
          <div key={term}>
            <dt className="dm-muted">{term}</dt>
            <dd>{description}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
