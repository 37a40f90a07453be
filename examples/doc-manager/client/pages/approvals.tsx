import { ApprovalInbox } from 'trama';
import { Page } from '../parts/page';
import { useTexts } from '../preferences';
import { navigate } from '../router';
import { useSession } from '../session';

export function ApprovalsPage() {
  const t = useTexts();
  const { companies } = useSession();
  const users = companies.flatMap((company) => company.users);
  return (
    <Page title={t.approvals.title} lead={t.approvals.lead}>
      <div className="dm-flush">
        <ApprovalInbox
          userName={(userId) => users.find(({ id }) => id === userId)?.name ?? userId}
          onOpenRun={(runId) => navigate(`/runs/${runId}`)}
        />
      </div>
    </Page>
  );
}
