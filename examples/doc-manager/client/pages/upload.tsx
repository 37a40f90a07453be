import { type FormEvent, useState } from 'react';
import type { DocumentView } from '../../shared/types';
import { codeOf, post } from '../api';
import { Field } from '../parts/field';
import { Notice } from '../parts/notice';
import { Page } from '../parts/page';
import { useTexts } from '../preferences';
import { navigate } from '../router';

export function UploadPage() {
  const t = useTexts();
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    post<DocumentView>('/documents', new FormData(event.currentTarget)).then(
      ({ id }) => navigate(`/documents/${id}`),
      (reason: unknown) => {
        setError(codeOf(reason));
        setBusy(false);
      },
    );
  };
  return (
    <Page title={t.upload.title} back={{ href: '/documents', label: t.documents.title }}>
      <form className="dm-card dm-form" onSubmit={submit}>
        <Field label={t.upload.file} hint={t.upload.fileHint}>
          <input
            className="dm-input dm-file"
            type="file"
            name="file"
            accept="application/pdf,.pdf"
            required
          />
        </Field>
        <Field label={t.upload.name} hint={t.upload.nameHint}>
          <input className="dm-input" name="title" maxLength={200} />
        </Field>
        <div className="dm-form-row">
          <Field label={t.upload.customer}>
            <input className="dm-input" name="cliente" maxLength={200} />
          </Field>
          <Field label={t.upload.amount}>
            <input
              className="dm-input"
              name="importo"
              type="number"
              min="0"
              step="0.01"
              inputMode="decimal"
            />
          </Field>
        </div>
        <Field label={t.upload.tags} hint={t.upload.tagsHint}>
          <input className="dm-input" name="tags" defaultValue="contratto" maxLength={400} />
        </Field>
        {error && <Notice code={error} />}
        <div className="dm-actions">
          <button type="submit" className="dm-button dm-button-primary" disabled={isBusy}>
            {isBusy ? t.upload.busy : t.upload.submit}
          </button>
        </div>
      </form>
    </Page>
  );
}
