import { type FormEvent, useState } from 'react';
import type { SigningView } from '../../shared/types';
import { codeOf, get, post, useLoad } from '../api';
import { formatTime } from '../format';
import { Field } from '../parts/field';
import { Icon } from '../parts/icons';
import { Notice } from '../parts/notice';
import { Skeleton } from '../parts/page';
import { PdfFrame } from '../parts/pdf-frame';
import { usePreferences, useTexts } from '../preferences';

/** The signer's page: the document, and the signature below it. */
export function SigningPage({ token }: { token: string }) {
  const t = useTexts();
  const { data, error, reload } = useLoad(
    () => get<SigningView>(`/sign/${encodeURIComponent(token)}`),
    token,
  );
  return (
    <div className="dm-app">
      <header className="dm-header">
        <span className="dm-brand">
          <img src="/icon.svg" alt="" width="24" height="24" />
          Doc Manager
        </span>
        <span className="dm-muted">{data && t.signing.from(data.companyName)}</span>
      </header>
      <main className="dm-page">
        {error === 'not_found' && <p className="dm-notice">{t.signing.notFound}</p>}
        {error && error !== 'not_found' && <Notice code={error} onRetry={reload} />}
        {!data && !error && <Skeleton />}
        {data && <Signing token={token} view={data} onSigned={reload} />}
      </main>
    </div>
  );
}

function Signing({ token, view, onSigned }: { token: string; view: SigningView; onSigned: () => void }) {
  const t = useTexts();
  return (
    <div className="dm-signing">
      <div>
        <h1 className="dm-title">{view.title}</h1>
        <p className="dm-lead">{t.signing.greeting(view.signerName)}</p>
        {view.message && <p className="dm-notice">{view.message}</p>}
      </div>
      <PdfFrame src={`/api/sign/${token}/file`} title={view.title} />
      <section className="dm-card dm-card-body">
        {view.signedAt ? (
          <Signed token={token} view={view} />
        ) : (
          <SignForm token={token} onSigned={onSigned} />
        )}
      </section>
    </div>
  );
}

function SignForm({ token, onSigned }: { token: string; onSigned: () => void }) {
  const t = useTexts();
  const [name, setName] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    post(`/sign/${encodeURIComponent(token)}`, { name }).then(onSigned, (reason: unknown) => {
      setError(codeOf(reason));
      setBusy(false);
    });
  };
  return (
    <form className="dm-stack" onSubmit={submit}>
      <Field label={t.signing.name} hint={t.signing.consent}>
        <input
          className="dm-input dm-signature"
          value={name}
          maxLength={120}
          required
          autoComplete="name"
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      {error && <Notice code={error} />}
      <div className="dm-actions">
        <button type="submit" className="dm-button dm-button-primary" disabled={isBusy || name.trim() === ''}>
          {t.signing.sign}
        </button>
      </div>
    </form>
  );
}

function Signed({ token, view }: { token: string; view: SigningView }) {
  const { t, locale } = usePreferences();
  return (
    <div className="dm-signed" role="status">
      <span className="dm-step-mark dm-signed-mark" aria-hidden="true">
        <Icon name="check" />
      </span>
      <p className="dm-grow">
        <strong>{t.signing.signed(formatTime(view.signedAt ?? '', locale))}</strong>{' '}
        <span className="dm-muted">{view.isCompleted ? t.signing.completed : t.signing.waiting}</span>
      </p>
      {view.isCompleted && (
        <a className="dm-button" href={`/api/sign/${token}/signed-file`} target="_blank" rel="noreferrer">
          {t.signing.download}
        </a>
      )}
    </div>
  );
}
