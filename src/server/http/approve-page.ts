import type { Approval } from '../../core/api/shapes';
import { escapeHtml } from '../../core/template/escape';
import { approvePageTexts, type PageText } from './approve-page-texts';

export type ApprovePage =
  | { kind: 'ask'; approval: Approval; problem?: 'choose' }
  | { kind: 'thanks'; approval: Approval; decision: 'approved' | 'rejected' }
  | { kind: 'over'; approval: Approval; tooLate?: boolean }
  | { kind: 'unknown' | 'foreign' | 'away' };

interface PageOptions {
  locale: 'it' | 'en';
  nonce: string;
  timeZone: string;
}

/** The page behind a link to decide by. No script, nothing from elsewhere; every value of the run is text. */
export function renderApprovePage(page: ApprovePage, options: PageOptions): string {
  const t = approvePageTexts[options.locale];
  const [title, body] = contents(page, t, options);
  return `<!doctype html>
<html lang="${options.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style nonce="${options.nonce}">${STYLE}</style>
</head>
<body><main><h1>${escapeHtml(title)}</h1>${body}</main></body>
</html>`;
}

function contents(page: ApprovePage, t: PageText, options: PageOptions): [string, string] {
  switch (page.kind) {
    case 'ask':
      return [t.askTitle, form(page, t, options)];
    case 'thanks':
      return [
        t.thanks[page.decision],
        paragraph(page.approval.status === 'pending' ? t.othersMissing : t.goesOn),
      ];
    case 'over':
      return [page.tooLate ? t.tooLateTitle : t.overTitle, paragraph(outcome(page.approval, t, options))];
    case 'unknown':
    case 'foreign':
    case 'away':
      return [t[page.kind].title, paragraph(t[page.kind].text)];
    default:
      return page satisfies never;
  }
}

function form(
  { approval, problem }: Extract<ApprovePage, { kind: 'ask' }>,
  t: PageText,
  options: PageOptions,
): string {
  const { message, workflowName, title, until, required, decisions } = approval;
  const approved = decisions.length;
  const facts: [string, string][] = [
    [t.workflow, workflowName],
    ...(title ? [[t.about, title] as [string, string]] : []),
    ...(until ? [[t.deadline, when(until, options)] as [string, string]] : []),
    ...(required > 1 ? [[t.approvals, t.someOf(approved, required)] as [string, string]] : []),
  ];
  const list = facts
    .map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`)
    .join('');
  return `<p class="message">${escapeHtml(message)}</p><dl>${list}</dl>
<form method="post">
${problem ? `<p class="problem" role="alert">${escapeHtml(t.choose)}</p>` : ''}
<label for="comment">${escapeHtml(t.comment)}</label>
<textarea id="comment" name="comment" rows="3" maxlength="2000"></textarea>
<div class="actions">
<button class="primary" name="decision" value="approved">${escapeHtml(t.approve)}</button>
<button name="decision" value="rejected">${escapeHtml(t.reject)}</button>
</div>
</form>`;
}

function outcome(approval: Approval, t: PageText, options: PageOptions): string {
  const { status, decidedBy, decidedAt, until } = approval;
  const last = approval.decisions.at(-1);
  switch (status) {
    case 'approved':
    case 'rejected':
      return t.decided[status](decidedBy ?? '', when(decidedAt ?? '', options));
    case 'expired':
      return until ? t.expired(when(until, options)) : t.canceled;
    case 'canceled':
      return t.canceled;
    case 'pending':
      return t.yours(when(last?.decidedAt ?? '', options));
    default:
      return status satisfies never;
  }
}

const when = (iso: string, { locale, timeZone }: PageOptions): string =>
  new Date(iso).toLocaleString(locale === 'it' ? 'it-IT' : 'en-GB', {
    ...{ dateStyle: 'long', timeStyle: 'short', timeZone },
  });

const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`;

const STYLE = `
:root { color-scheme: light dark; --ground: #f7f7f8; --card: #fff; --text: #17181c; --muted: #5f636e; --line: #8b8f99; --edge: #e4e5e9; --accent: #3b5bdb; --on-accent: #fff; --danger: #c2273a; }
@media (prefers-color-scheme: dark) { :root { --ground: #141519; --card: #1c1e24; --text: #ecedf0; --muted: #a3a8b3; --line: #70757f; --edge: #2b2e36; --accent: #7c96ff; --on-accent: #10131f; --danger: #ff7b86; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 24px 16px; background: var(--ground); color: var(--text); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 520px; margin: 4vh auto 0; padding: 24px; border: 1px solid var(--edge); border-radius: 14px; background: var(--card); }
h1 { margin: 0 0 16px; font-size: 18px; font-weight: 600; }
p { margin: 0 0 12px; overflow-wrap: anywhere; }
.message { font-size: 17px; white-space: pre-wrap; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 16px; margin: 0 0 20px; font-size: 14px; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
label { display: block; margin-bottom: 6px; font-size: 13px; font-weight: 500; }
textarea { width: 100%; padding: 8px 10px; border: 1px solid var(--line); border-radius: 8px; background: transparent; color: inherit; font: inherit; }
.actions { display: flex; flex-wrap: wrap; gap: 10px; margin-top: 16px; }
button { flex: 1 1 140px; min-height: 40px; padding: 0 16px; border: 1px solid var(--line); border-radius: 8px; background: transparent; color: inherit; font: inherit; font-weight: 600; cursor: pointer; }
button.primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
.problem { color: var(--danger); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;
