import type { MailsView, MailView } from '../../shared/types';
import { get, useLoad } from '../api';
import { formatTime } from '../format';
import { Attachment } from '../parts/attachment';
import { LinkedText } from '../parts/linked-text';
import { Empty } from '../parts/page';
import { LOOK_AGAIN_MS, SandboxPage } from '../parts/sandbox-page';
import { usePreferences, useTexts } from '../preferences';

/** The fake Resend: every email our company sent, the newest first. */
export function SandboxMailPage() {
  const t = useTexts();
  const loaded = useLoad(() => get<MailsView>('/sandbox/resend'), 'resend', LOOK_AGAIN_MS);
  return (
    <SandboxPage name="resend" loaded={loaded}>
      {({ mails }) =>
        mails.length === 0 ? (
          <Empty title={t.mails.empty} hint={t.mails.emptyHint} />
        ) : (
          <ul className="dm-list">
            {mails.map((mail) => (
              <Mail key={mail.id} mail={mail} />
            ))}
          </ul>
        )
      }
    </SandboxPage>
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
