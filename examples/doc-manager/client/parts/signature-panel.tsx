import { type FormEvent, useState } from 'react';
import type { DocumentView, SignerView } from '../../shared/types';
import { codeOf, post } from '../api';
import { formatTime } from '../format';
import { usePreferences, useTexts } from '../preferences';
import { useSession } from '../session';
import { Field } from './field';
import { Icon } from './icons';
import { Notice } from './notice';

interface SignaturePanelProps {
  document: DocumentView;
  onChange: () => void;
}

/** Who signs: a form until it is asked for, then each signer with their link and whether they have signed. */
export function SignaturePanel({ document, onChange }: SignaturePanelProps) {
  const t = useTexts();
  const { canEdit } = useSession();
  const isAsked = document.signers.length > 0;
  return (
    <section className="dm-card dm-card-body">
      <h2 className="dm-subtitle">{t.signature.title}</h2>
      {isAsked && <SignerList signers={document.signers} />}
      {!isAsked && canEdit && <RequestForm documentId={document.id} onRequested={onChange} />}
      {!isAsked && !canEdit && <p className="dm-muted">{t.signature.none}</p>}
    </section>
  );
}

function SignerList({ signers }: { signers: SignerView[] }) {
  const { t, locale } = usePreferences();
  const isWaiting = signers.some(({ link, status }) => link && status === 'pending');
  return (
    <>
      <ul className="dm-signers">
        {signers.map(({ name, email, status, signedAt, link }) => (
          <li key={link ?? email} className="dm-signer">
            <span className="dm-grow">
              <strong>{name}</strong>
              <span className="dm-muted dm-block">{email}</span>
            </span>
            {status === 'pending' && link && (
              <a className="dm-button" href={link} target="_blank" rel="noreferrer">
                {t.signature.link} ↗
              </a>
            )}
            <span className={`dm-pill dm-pill-${status === 'signed' ? 'ok' : 'waiting'}`}>
              {signedAt ? t.signature.signed(formatTime(signedAt, locale)) : t.signature.pending}
            </span>
          </li>
        ))}
      </ul>
      {isWaiting && <p className="dm-hint">{t.signature.linkHint}</p>}
    </>
  );
}

interface Draft {
  key: number;
  name: string;
  email: string;
}

function RequestForm({ documentId, onRequested }: { documentId: string; onRequested: () => void }) {
  const t = useTexts();
  const [signers, setSigners] = useState<Draft[]>([{ key: 0, name: '', email: '' }]);
  const [error, setError] = useState<string | null>(null);
  const edit = (key: number, change: Partial<Draft>) =>
    setSigners(signers.map((signer) => (signer.key === key ? { ...signer, ...change } : signer)));
  const add = () => setSigners([...signers, { key: (signers.at(-1)?.key ?? 0) + 1, name: '', email: '' }]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setError(null);
    const body = { signers: signers.map(({ name, email }) => ({ name, email })) };
    post(`/documents/${documentId}/signature-request`, body).then(onRequested, (reason: unknown) =>
      setError(codeOf(reason)),
    );
  };
  return (
    <form className="dm-stack" onSubmit={submit}>
      <p className="dm-muted">{t.signature.lead}</p>
      {signers.map(({ key, name, email }) => (
        <div className="dm-form-row" key={key}>
          <Field label={t.signature.name}>
            <input
              className="dm-input"
              value={name}
              maxLength={120}
              required
              onChange={(event) => edit(key, { name: event.target.value })}
            />
          </Field>
          <Field label={t.signature.email}>
            <input
              className="dm-input"
              type="email"
              value={email}
              maxLength={200}
              required
              onChange={(event) => edit(key, { email: event.target.value })}
            />
          </Field>
          {signers.length > 1 && (
            <button
              type="button"
              className="dm-button dm-button-icon"
              aria-label={t.signature.remove(name || t.signature.someone)}
              onClick={() => setSigners(signers.filter((signer) => signer.key !== key))}
            >
              <Icon name="close" />
            </button>
          )}
        </div>
      ))}
      {error && <Notice code={error} />}
      <div className="dm-actions">
        {signers.length < 10 && (
          <button type="button" className="dm-button" onClick={add}>
            {t.signature.add}
          </button>
        )}
        <button type="submit" className="dm-button dm-button-primary">
          {t.signature.request}
        </button>
      </div>
    </form>
  );
}
