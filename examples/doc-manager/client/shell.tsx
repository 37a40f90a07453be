import type { ReactNode } from 'react';
import { Icon } from './parts/icons';
import { usePreferences } from './preferences';
import { Link } from './router';
import { useSession } from './session';
import type { Locale } from './texts';

/** Header with the sections, the language, the colours and who one is; the page below. */
export function Shell({ path, children }: { path: string; children: ReactNode }) {
  const { t } = usePreferences();
  const { sandboxes, company } = useSession();
  const sections = [
    ['/', t.nav.home],
    ['/documents', t.nav.documents],
    ['/workflows', t.nav.workflows],
    ['/runs', t.nav.runs],
    ['/approvals', t.nav.approvals],
    ['/integrations', t.nav.integrations],
    ...(sandboxes[0] ? [[`/sandbox-${sandboxes[0]}`, t.nav.sandbox]] : []),
  ] as [string, string][];
  return (
    <div className="dm-app">
      <header className="dm-header">
        <Link className="dm-brand" href="/">
          <img src="/icon.svg" alt="" width="24" height="24" />
          Doc Manager
        </Link>
        <nav className="dm-nav" aria-label={t.nav.label}>
          {sections.map(([href, label]) => {
            const section = href.startsWith('/sandbox-') ? '/sandbox-' : href;
            const isCurrent = section === '/' ? path === '/' : path.startsWith(section);
            return (
              <Link
                key={href}
                href={href}
                className="dm-nav-link"
                aria-current={isCurrent ? 'page' : undefined}
              >
                {label}
              </Link>
            );
          })}
        </nav>
        <LanguageSwitch />
        <ThemeSwitch />
        <span className="dm-company">{company.name}</span>
        <UserSwitch />
      </header>
      {children}
    </div>
  );
}

function LanguageSwitch() {
  const { t, locale, setLocale } = usePreferences();
  const languages: [Locale, string][] = [
    ['it', 'IT'],
    ['en', 'EN'],
  ];
  return (
    <fieldset className="dm-segments" aria-label={t.header.language}>
      {languages.map(([code, label]) => (
        <button
          key={code}
          type="button"
          className="dm-segment"
          aria-pressed={locale === code}
          onClick={() => setLocale(code)}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}

function ThemeSwitch() {
  const { t, theme, setTheme } = usePreferences();
  const label = theme === 'dark' ? t.header.toLight : t.header.toDark;
  return (
    <button
      type="button"
      className="dm-button dm-button-icon"
      aria-label={label}
      title={label}
      onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
    >
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </button>
  );
}

function UserSwitch() {
  const { t } = usePreferences();
  const { user, companies, become } = useSession();
  return (
    <select
      className="dm-select dm-user"
      aria-label={t.header.whoAmI}
      title={t.header.whoAmI}
      value={user.id}
      onChange={(event) => become(event.target.value)}
    >
      {companies.map((company) => (
        <optgroup key={company.id} label={company.name}>
          {company.users.map(({ id, name, role }) => (
            <option key={id} value={id}>
              {name} · {t.header.roles[role]}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}
