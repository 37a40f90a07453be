import type { ReactNode } from 'react';
import { Link } from '../router';

interface PageProps {
  title: ReactNode;
  lead?: ReactNode;
  /** Where the reader came from. */
  back?: { href: string; label: string };
  actions?: ReactNode;
  children: ReactNode;
}

/** A page with its title, what one can do there, and its content. */
export function Page({ title, lead, back, actions, children }: PageProps) {
  return (
    <main className="dm-page" id="content">
      <header className="dm-page-head">
        <div className="dm-grow">
          {back && (
            <Link className="dm-back" href={back.href}>
              ‹ {back.label}
            </Link>
          )}
          <h1 className="dm-title">{title}</h1>
          {lead && <p className="dm-lead">{lead}</p>}
        </div>
        {actions}
      </header>
      {children}
    </main>
  );
}

/** Grey rows in the place of a list that is still on its way. */
export function Skeleton({ rows = 3 }: { rows?: number }) {
  return (
    <div className="dm-skeleton" aria-hidden="true">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical rows that never move
        <span key={index} />
      ))}
    </div>
  );
}

export function Empty({ title, hint, children }: { title: string; hint: string; children?: ReactNode }) {
  return (
    <div className="dm-card dm-empty">
      <strong>{title}</strong>
      <p className="dm-muted">{hint}</p>
      {children}
    </div>
  );
}
