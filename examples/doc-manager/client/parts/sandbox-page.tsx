import { type ReactNode, useState } from 'react';
import type { SandboxName } from '../../shared/types';
import { codeOf, type Loaded, post } from '../api';
import { useTexts } from '../preferences';
import { Link } from '../router';
import { useSession } from '../session';
import { Notice } from './notice';
import { Page, Skeleton } from './page';

/** Workflows act by themselves, so a sandbox is looked at again and again. */
export const LOOK_AGAIN_MS = 2_000;

interface SandboxPageProps<T> {
  name: SandboxName;
  loaded: Loaded<T>;
  children: (view: T) => ReactNode;
}

/** What arrived at one stand-in, and the way to the others. */
export function SandboxPage<T>({ name, loaded, children }: SandboxPageProps<T>) {
  const t = useTexts();
  const { sandboxes } = useSession();
  const { data, error, reload } = loaded;
  const tabs = sandboxes.map((sandbox) => (
    <Link
      key={sandbox}
      className="dm-nav-link"
      href={`/sandbox-${sandbox}`}
      aria-current={sandbox === name ? 'page' : undefined}
    >
      {t.sandbox[sandbox].name}
    </Link>
  ));
  return (
    <Page
      title={t.sandbox[name].title}
      lead={t.sandbox[name].lead}
      actions={name !== 'resend' && <Revoke name={name} />}
    >
      <nav className="dm-tabs" aria-label={t.nav.sandbox}>
        {tabs}
      </nav>
      {error && <Notice code={error} onRetry={reload} />}
      {!data && !error && <Skeleton />}
      {data && children(data)}
    </Page>
  );
}

/** What a person does at the provider itself: from then on the connection is refused, and runs that need it wait. */
function Revoke({ name }: { name: SandboxName }) {
  const t = useTexts();
  const { user } = useSession();
  const [outcome, setOutcome] = useState<string | null>(null);
  if (user.role !== 'admin') return null;
  const revoke = () =>
    void post(`/sandbox/${name}/revoke`, {}).then(
      () => setOutcome(t.sandbox.revoked),
      (reason: unknown) => setOutcome(t.errors[codeOf(reason)] ?? t.errors.internal ?? ''),
    );
  if (outcome) return <p role="status">{outcome}</p>;
  return (
    <button type="button" className="dm-button" onClick={revoke}>
      {t.sandbox.revoke}
    </button>
  );
}
