import { useState } from 'react';
import { type Workflow, WorkflowBuilder, type WorkflowDefinition } from 'trama';
import { codeOf, useLoad } from '../api';
import { formatTime } from '../format';
import { Notice } from '../parts/notice';
import { Empty, Page, Skeleton } from '../parts/page';
import { usePreferences } from '../preferences';
import { Link, navigate } from '../router';
import { useSession } from '../session';
import { type StarterName, starters } from '../starters';

export function WorkflowsPage() {
  const { t } = usePreferences();
  const { workflows, canEdit } = useSession();
  const { data, error, reload } = useLoad(
    () => workflows.listWorkflows({ query: { limit: 100 } }),
    'workflows',
  );
  const [refused, setRefused] = useState<string | null>(null);
  const create = (body: { name: string; definition?: WorkflowDefinition }) =>
    void workflows.createWorkflow({ body }).then(
      ({ id }) => navigate(`/workflows/${id}`),
      (reason: unknown) => setRefused(codeOf(reason)),
    );
  const createEmpty = () => create({ name: t.workflows.newName });
  const createFrom = (name: StarterName) =>
    create({ name: t.starters[name].name, definition: starters[name] });
  const button = canEdit && (
    <button type="button" className="dm-button dm-button-primary" onClick={createEmpty}>
      {t.workflows.create}
    </button>
  );
  const problem = refused ?? error;
  return (
    <Page title={t.workflows.title} actions={button}>
      {problem && <Notice code={problem} onRetry={reload} />}
      {!data && !error && <Skeleton />}
      {data?.items.length === 0 && <Empty title={t.workflows.empty} hint={t.workflows.emptyHint} />}
      <ul className="dm-list">
        {data?.items.map((workflow) => (
          <WorkflowRow key={workflow.id} workflow={workflow} />
        ))}
      </ul>
      {canEdit && data && <Starters onChoose={createFrom} />}
    </Page>
  );
}

function Starters({ onChoose }: { onChoose: (name: StarterName) => void }) {
  const { t } = usePreferences();
  return (
    <section className="dm-stack-tight dm-starters">
      <h2 className="dm-subtitle">{t.workflows.starters}</h2>
      {(Object.keys(starters) as StarterName[]).map((name) => (
        <button key={name} type="button" className="dm-card dm-row" onClick={() => onChoose(name)}>
          <span className="dm-grow">
            <strong>{t.starters[name].name}</strong>
            <span className="dm-muted dm-block">{t.starters[name].text}</span>
          </span>
          <span aria-hidden="true">+</span>
        </button>
      ))}
    </section>
  );
}

function WorkflowRow({ workflow }: { workflow: Workflow }) {
  const { t, locale } = usePreferences();
  const { draft, enabled, publishedVersion } = workflow;
  const isActive = enabled && publishedVersion !== null;
  const state =
    publishedVersion === null
      ? t.workflows.draft
      : enabled
        ? t.workflows.active(publishedVersion)
        : t.workflows.off;
  return (
    <li>
      <Link className="dm-card dm-row" href={`/workflows/${workflow.id}`}>
        <span className="dm-grow">
          <strong>{workflow.name}</strong>
          <span className="dm-muted dm-block">
            {t.workflows.steps(draft.definition.nodes.length)} ·{' '}
            {t.workflows.changed(formatTime(workflow.updatedAt, locale))}
          </span>
        </span>
        <span className={`dm-pill dm-pill-${isActive ? 'ok' : 'quiet'}`}>{state}</span>
        <span className="dm-muted" aria-hidden="true">
          ›
        </span>
      </Link>
    </li>
  );
}

/** The builder takes all the room below the header; the way back to the list stands in its toolbar. */
export function WorkflowPage({ id }: { id: string }) {
  const { canEdit } = useSession();
  return (
    <main className="dm-fill">
      <WorkflowBuilder
        workflowId={id}
        mode={canEdit ? 'edit' : 'view'}
        components={{ ToolbarStart: BackToList }}
        onOpenRun={(run) => navigate(`/runs/${run.id}`)}
      />
    </main>
  );
}

function BackToList() {
  const { t } = usePreferences();
  return (
    <Link className="dm-back" href="/workflows">
      ‹ {t.workflows.title}
    </Link>
  );
}
