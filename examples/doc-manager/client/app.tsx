import type { ReactNode } from 'react';
import { WorkflowProvider } from 'trama';
import { TIME_ZONE } from './format';
import { ApprovalsPage } from './pages/approvals';
import { DocumentPage } from './pages/document';
import { DocumentsPage } from './pages/documents';
import { HomePage } from './pages/home';
import { IntegrationsPage } from './pages/integrations';
import { RunsPage } from './pages/runs';
import { SandboxInvoicesPage } from './pages/sandbox-invoices';
import { SandboxMailPage } from './pages/sandbox-mail';
import { SandboxSlackPage } from './pages/sandbox-slack';
import { SigningPage } from './pages/signing';
import { UploadPage } from './pages/upload';
import { WorkflowPage, WorkflowsPage } from './pages/workflows';
import { Notice } from './parts/notice';
import { usePreferences } from './preferences';
import { matchPath, usePath } from './router';
import { SessionProvider, useSession } from './session';
import { Shell } from './shell';

/** Addresses and their pages; the first that fits is shown. */
const routes: [pattern: string, render: (params: Record<string, string>) => ReactNode][] = [
  ['/', () => <HomePage />],
  ['/documents', () => <DocumentsPage />],
  ['/documents/new', () => <UploadPage />],
  ['/documents/:id', ({ id = '' }) => <DocumentPage id={id} key={id} />],
  ['/workflows', () => <WorkflowsPage />],
  ['/workflows/:id', ({ id = '' }) => <WorkflowPage id={id} key={id} />],
  ['/runs', () => <RunsPage />],
  ['/runs/:id', ({ id = '' }) => <RunsPage runId={id} />],
  ['/approvals', () => <ApprovalsPage />],
  ['/integrations', () => <IntegrationsPage />],
  ['/sandbox-slack', () => <SandboxSlackPage />],
  ['/sandbox-fatture-in-cloud', () => <SandboxInvoicesPage />],
  ['/sandbox-resend', () => <SandboxMailPage />],
];

export function App() {
  const path = usePath();
  const signing = matchPath('/sign/:token', path);
  // A signer has a link and no account: their page stands outside the shell.
  if (signing) return <SigningPage token={signing.token ?? ''} />;
  return (
    <SessionProvider>
      <Workspace path={path} />
    </SessionProvider>
  );
}

/** The application of the person signed in; one provider serves every Trama component below. */
function Workspace({ path }: { path: string }) {
  const { locale, theme } = usePreferences();
  const { workflows, userName } = useSession();
  return (
    <WorkflowProvider
      client={workflows}
      locale={locale}
      colorMode={theme}
      timeZone={TIME_ZONE}
      userName={userName}
    >
      <Shell path={path}>{renderRoute(path)}</Shell>
    </WorkflowProvider>
  );
}

function renderRoute(path: string): ReactNode {
  for (const [pattern, render] of routes) {
    const params = matchPath(pattern, path);
    if (params) return render(params);
  }
  return (
    <main className="dm-page">
      <Notice code="not_found" />
    </main>
  );
}
