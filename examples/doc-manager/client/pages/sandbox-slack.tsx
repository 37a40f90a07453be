import { useState } from 'react';
import type { SlackMessageView, SlackView } from '../../shared/types';
import { get, useLoad } from '../api';
import { formatClock } from '../format';
import { Attachment } from '../parts/attachment';
import { Icon } from '../parts/icons';
import { LOOK_AGAIN_MS, SandboxPage } from '../parts/sandbox-page';
import { SlackText } from '../parts/slack-text';
import { usePreferences, useTexts } from '../preferences';

/** The fake Slack as its people would see it: channels on the left, what arrives on the right. */
export function SandboxSlackPage() {
  const loaded = useLoad(() => get<SlackView>('/sandbox/slack'), 'slack', LOOK_AGAIN_MS);
  return (
    <SandboxPage name="slack" loaded={loaded}>
      {(view) => <Workspaces view={view} />}
    </SandboxPage>
  );
}

function Workspaces({ view }: { view: SlackView }) {
  const t = useTexts();
  const [teamId, setTeamId] = useState(view.ownTeamId);
  const [chosen, setChosen] = useState<string | null>(null);
  const channels = view.channels.filter((channel) => channel.teamId === teamId);
  const messages = view.messages.filter((message) => message.teamId === teamId);
  const current = chosen ?? messages.at(-1)?.channelId ?? channels[0]?.id;
  const countOf = (channelId: string) => messages.filter((message) => message.channelId === channelId).length;
  return (
    <div className="dm-card dm-slack">
      <aside className="dm-slack-side">
        <select
          className="dm-select"
          aria-label={t.slack.workspace}
          value={teamId}
          onChange={(event) => {
            setTeamId(event.target.value);
            setChosen(null);
          }}
        >
          {view.teams.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <nav className="dm-slack-channels" aria-label={t.slack.channels}>
          {channels.map(({ id, name, isPrivate }) => (
            <button
              key={id}
              type="button"
              className="dm-slack-channel"
              aria-current={id === current ? 'true' : undefined}
              onClick={() => setChosen(id)}
            >
              {isPrivate ? <Icon name="lock" /> : <span aria-hidden="true">#</span>}
              <span className="dm-grow">{name}</span>
              {countOf(id) > 0 && <span className="dm-slack-count">{countOf(id)}</span>}
            </button>
          ))}
        </nav>
      </aside>
      <Messages
        name={channels.find(({ id }) => id === current)?.name ?? ''}
        messages={messages.filter(({ channelId }) => channelId === current)}
      />
    </div>
  );
}

function Messages({ name, messages }: { name: string; messages: SlackMessageView[] }) {
  const { t, locale } = usePreferences();
  return (
    <section className="dm-slack-main">
      <h2 className="dm-slack-title">
        # {name} <span className="dm-pill dm-pill-ok">{t.slack.live}</span>
      </h2>
      {messages.length === 0 && <p className="dm-muted dm-slack-none">{t.slack.empty}</p>}
      <ol className="dm-slack-messages" aria-live="polite">
        {messages.map(({ ts, text, isReply, files }) => (
          <li key={ts} className="dm-slack-message" data-reply={isReply || undefined}>
            <img src="/icon.svg" alt="" width="36" height="36" />
            <div className="dm-grow">
              <strong>Doc Manager</strong> <span className="dm-slack-app">{t.slack.app}</span>{' '}
              <time className="dm-muted" dateTime={new Date(Number(ts) * 1000).toISOString()}>
                {formatClock(new Date(Number(ts) * 1000), locale)}
              </time>
              <SlackText text={text} />
              {files.map((file) => (
                <SlackFile key={file.id} file={file} />
              ))}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function SlackFile({ file: { id, name, isKept } }: { file: SlackMessageView['files'][number] }) {
  if (!isKept) return <span className="dm-muted">{name}</span>;
  return <Attachment href={`/api/sandbox/slack/files/${id}`} name={name} />;
}
