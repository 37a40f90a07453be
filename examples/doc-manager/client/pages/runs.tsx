import { AdminOverview, RunHistory, RunViewer } from 'trama';
import { useTexts } from '../preferences';
import { navigate } from '../router';
import { useSession } from '../session';

const openRun = (id: string) => navigate(`/runs/${id}`);

/** The history, and beside it the run that is open, or what needs an administrator. A narrow window shows one of the two. */
export function RunsPage({ runId }: { runId?: string }) {
  const t = useTexts();
  const { user } = useSession();
  return (
    <main className="dm-fill dm-runs" data-open={runId !== undefined}>
      <div className="dm-runs-list">
        <RunHistory onOpenRun={openRun} {...(runId ? { selectedRunId: runId } : {})} />
      </div>
      <div className="dm-runs-open">
        {runId ? (
          <RunViewer runId={runId} onBack={() => navigate('/runs')} onOpenRun={openRun} />
        ) : user.role === 'admin' ? (
          <AdminOverview onOpenRun={openRun} />
        ) : (
          <p className="dm-muted dm-runs-none">{t.runs.choose}</p>
        )}
      </div>
    </main>
  );
}
