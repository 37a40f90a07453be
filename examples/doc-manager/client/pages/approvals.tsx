import { ApprovalInbox } from 'trama';
import { Page } from '../parts/page';
import { useTexts } from '../preferences';
import { navigate } from '../router';

export function ApprovalsPage() {
  const t = useTexts();
  return (
    <Page title={t.approvals.title} lead={t.approvals.lead}>
      <div className="dm-flush">
        <ApprovalInbox onOpenRun={(runId) => navigate(`/runs/${runId}`)} />
      </div>
    </Page>
  );
}
