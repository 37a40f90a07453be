import type { ReactNode } from 'react';
import type { DocumentView } from '../../shared/types';
import { get, useLoad } from '../api';
import { Icon } from '../parts/icons';
import { Page } from '../parts/page';
import { useTexts } from '../preferences';
import { Link } from '../router';
import { useSession } from '../session';

/** The five steps that show the whole product, each ticked once it has really happened. */
export function HomePage() {
  const t = useTexts();
  const { user, sandboxes } = useSession();
  const done = useProgress();
  return (
    <Page title={t.home.title(user.name.split(' ')[0] ?? '')} lead={t.home.lead}>
      <ol className="dm-steps">
        <Step number={1} href="/integrations" isDone={done.connected} title={t.home.connect.title}>
          {sandboxes.length > 0 ? t.home.connect.sandbox : t.home.connect.real}
        </Step>
        <Step number={2} href="/workflows" isDone={done.published} title={t.home.publish.title}>
          {t.home.publish.text}
        </Step>
        <Step number={3} href="/documents" isDone={done.requested} title={t.home.request.title}>
          {t.home.request.text}
        </Step>
        <Step number={4} href="/documents" isDone={done.signed} title={t.home.sign.title}>
          {t.home.sign.text}
        </Step>
        <Step number={5} href="/runs" isDone={done.ran} title={t.home.watch.title}>
          {t.home.watch.text}
        </Step>
      </ol>
      <p className="dm-muted">
        {t.home.decide}{' '}
        <Link className="dm-link" href="/workflows">
          {t.home.openWorkflows}
        </Link>
      </p>
    </Page>
  );
}

function useProgress() {
  const { workflows } = useSession();
  const { data } = useLoad(async () => {
    const [integrations, { items }, runs, documents] = await Promise.all([
      workflows.listIntegrations(),
      workflows.listWorkflows({ query: { limit: 100 } }),
      workflows.listRuns({ query: { limit: 1 } }),
      get<{ items: DocumentView[] }>('/documents'),
    ]);
    return {
      connected: integrations.items.every(({ state }) => state === 'active'),
      published: items.some(
        ({ draft, publishedVersion }) =>
          publishedVersion !== null &&
          draft.definition.nodes.some(({ type }) => type.startsWith('fatture-in-cloud.')),
      ),
      requested: documents.items.some(({ signers }) => signers.length > 0),
      signed: documents.items.some(({ completedAt }) => completedAt !== null),
      ran: runs.items.length > 0,
    };
  }, 'progress');
  return data ?? { connected: false, published: false, requested: false, signed: false, ran: false };
}

interface StepProps {
  number: number;
  href: string;
  isDone: boolean;
  title: string;
  children: ReactNode;
}

function Step({ number, href, isDone, title, children }: StepProps) {
  const t = useTexts();
  return (
    <li>
      <Link className="dm-card dm-step" href={href} data-state={isDone ? 'done' : 'open'}>
        <span className="dm-step-mark" aria-hidden="true">
          {isDone ? <Icon name="check" /> : number}
        </span>
        <span className="dm-grow">
          <strong>{title}</strong>
          {isDone && <span className="dm-pill dm-pill-ok">{t.home.done}</span>}
          <span className="dm-muted dm-block">{children}</span>
        </span>
        <span className="dm-muted" aria-hidden="true">
          ›
        </span>
      </Link>
    </li>
  );
}
