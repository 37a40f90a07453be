import { type FormEvent, useState } from 'react';
import type { MailsView, MailView } from '../../shared/types';
import { codeOf, get, post, useLoad } from '../api';
import { formatTime } from '../format';
import { Attachment } from '../parts/attachment';
import { Field } from '../parts/field';
import { LinkedText } from '../parts/linked-text';
import { Notice } from '../parts/notice';
import { Empty } from '../parts/page';
import { LOOK_AGAIN_MS, SandboxPage } from '../parts/sandbox-page';
import { usePreferences, useTexts } from '../preferences';

/** The fake Resend: every email our company sent, the newest first. */
export function SandboxMailPage() {
  const t = useTexts();
  const loaded = useLoad(() => get<MailsView>('/sandbox/resend'), 'resend', LOOK_AGAIN_MS);
  return (
    <SandboxPage name="resend" loaded={loaded}>
      {({ mails }) => (
        <>
          <WriteEmail />
          {mails.length === 0 ? (
            <Empty title={t.mails.empty} hint={t.mails.emptyHint} />
          ) : (
            <ul className="dm-list">
              {mails.map((mail) => (
                <Mail key={mail.id} mail={mail} />
              ))}
            </ul>
          )}
        </>
      )}
    </SandboxPage>
  );
}

/** What somebody outside does: an email to the address of a workflow. */
function WriteEmail() {
  const t = useTexts();
  const [outcome, setOutcome] = useState<'sending' | 'sent' | { error: string } | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { hasFile, ...texts } = Object.fromEntries(new FormData(event.currentTarget));
    setOutcome('sending');
    post('/sandbox/resend/inbox', { ...texts, hasFile: hasFile === 'on' }).then(
      () => setOutcome('sent'),
      (reason: unknown) => setOutcome({ error: codeOf(reason) }),
    );
  };
  const isSending = outcome === 'sending';
  return (
    <details className="dm-card dm-fold">
      <summary className="dm-subtitle">{t.mails.write}</summary>
      <form className="dm-form" onSubmit={submit}>
        <p className="dm-hint">{t.mails.writeHint}</p>
        <Field label={t.mails.to}>
          <input className="dm-input" name="to" type="email" maxLength={320} required />
        </Field>
        <div className="dm-form-row">
          <Field label={t.mails.from}>
            <input className="dm-input" name="from" defaultValue="cliente@verdi.example" required />
          </Field>
          <Field label={t.mails.subject}>
            <input className="dm-input" name="subject" maxLength={200} required />
          </Field>
        </div>
        <Field label={t.mails.text}>
          <textarea className="dm-input" name="text" rows={3} maxLength={2000} />
        </Field>
        <label>
          <input type="checkbox" name="hasFile" defaultChecked /> {t.mails.withFile}
        </label>
        {outcome !== null && typeof outcome === 'object' && <Notice code={outcome.error} />}
        <p role="status">{outcome === 'sent' && t.mails.sent}</p>
        <div className="dm-actions">
          <button type="submit" className="dm-button dm-button-primary" disabled={isSending}>
            {isSending ? t.mails.sending : t.mails.send}
          </button>
        </div>
      </form>
    </details>
  );
}

function Mail({ mail }: { mail: MailView }) {
  const { t, locale } = usePreferences();
  const { id, from, to, cc, subject, text, html, createdAt, attachments } = mail;
  return (
    <li className="dm-card dm-card-body">
      <div className="dm-mail-head">
        <h2 className="dm-subtitle dm-grow">{subject}</h2>
        <time className="dm-muted" dateTime={createdAt}>
          {formatTime(createdAt, locale)}
        </time>
      </div>
      <p className="dm-muted">{t.mails.fromTo(from, [...to, ...cc].join(', '))}</p>
      {text && <LinkedText text={text} />}
      {/* Whatever the email holds, nothing of it runs and nothing is fetched. */}
      {html && <iframe className="dm-mail-html" sandbox="" srcDoc={html} title={subject} />}
      {attachments.map((filename, index) => (
        <Attachment key={filename} href={`/api/sandbox/resend/${id}/attachments/${index}`} name={filename} />
      ))}
    </li>
  );
}
