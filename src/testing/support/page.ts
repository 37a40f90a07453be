import { escapeHtml } from '../../core/template/escape';

/** How a sandbox's pages look: its name, the sign before it, and the provider's colours by day and by night. */
export interface SandboxLook {
  /** E.g. `Slack`. */
  name: string;
  mark: string;
  primary: string;
  onPrimary: string;
  dark: { primary: string; onPrimary: string };
}

/** A page of a sandbox, in Italian with English beside it. `content` is HTML. */
export function sandboxPage(look: SandboxLook, title: string, content: string): string {
  const name = escapeHtml(look.name);
  return `<!doctype html>
<html lang="it">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${styleOf(look)}</style>
</head>
<body>
<main>
<header><span class="mark" aria-hidden="true">${escapeHtml(look.mark)}</span> Sandbox ${name} <span class="note">finto ${name} di prova <span lang="en">· test double</span></span></header>
${content}
</main>
</body>
</html>`;
}

/** What an app asks for, one row per scope, and the two buttons a person decides with. */
export function scopeList(
  scopes: readonly string[],
  texts: Readonly<Record<string, { it: string; en: string }>>,
): string {
  const rows = scopes.map((scope) => {
    const text = Object.hasOwn(texts, scope) ? texts[scope] : undefined;
    const words = text ? `${text.it}<small lang="en">${text.en}</small>` : '';
    return `<li><span>${words}</span><code>${escapeHtml(scope)}</code></li>`;
  });
  return `<h2>Che cosa potrà fare <small lang="en">What it will be able to do</small></h2>
<ul>${rows.join('')}</ul>
<div class="actions">
<button name="decision" value="cancel">Annulla <small lang="en">Cancel</small></button>
<button name="decision" value="allow" class="primary">Consenti <small lang="en">Allow</small></button>
</div>`;
}

/** Shown instead of the consent when the app's request is wrong: the browser is not sent back then. */
export function refusalPage(look: SandboxLook, code: string): string {
  return sandboxPage(
    look,
    `Sandbox ${look.name} · errore`,
    `<h1>La richiesta dell’app non è valida</h1>
<p lang="en">The app’s request is not valid</p>
<p><code>${escapeHtml(code)}</code></p>`,
  );
}

const styleOf = ({ primary, onPrimary, dark }: SandboxLook): string => `
:root { color-scheme: light dark; --bg: #f7f7f8; --surface: #fff; --fg: #17181c; --muted: #6b6f7a; --border: #e4e5e9; --primary: ${primary}; --on-primary: ${onPrimary}; }
@media (prefers-color-scheme: dark) { :root { --bg: #141519; --surface: #1c1e24; --fg: #ecedf0; --muted: #9ba0ac; --border: #2b2e36; --primary: ${dark.primary}; --on-primary: ${dark.onPrimary}; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px; background: var(--bg); color: var(--fg); font: 14px/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 460px; padding: 24px; background: var(--surface); border: 1px solid var(--border); border-radius: 14px; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-bottom: 20px; font-weight: 600; }
.mark { display: grid; place-items: center; width: 28px; height: 28px; border-radius: 8px; background: var(--primary); color: var(--on-primary); }
.note, small, p { color: var(--muted); font-weight: 400; }
.note, small { font-size: 12px; }
h1 { margin: 0; font-size: 18px; font-weight: 400; line-height: 1.35; }
h2 { margin: 20px 0 8px; font-size: 14px; }
p { margin: 4px 0 20px; }
label { display: block; margin-bottom: 6px; font-weight: 600; }
select { width: 100%; height: 36px; padding: 0 8px; border: 1px solid var(--border); border-radius: 8px; background: var(--surface); color: inherit; font: inherit; }
ul { margin: 0; padding: 0; list-style: none; }
li { display: flex; justify-content: space-between; gap: 12px; padding: 8px 0; border-top: 1px solid var(--border); }
li small { display: block; }
code { font: 12px/1.6 ui-monospace, monospace; color: var(--muted); white-space: nowrap; }
.actions { display: flex; justify-content: flex-end; gap: 8px; margin-top: 20px; }
button { min-height: 36px; padding: 0 16px; border: 1px solid var(--border); border-radius: 8px; background: none; color: inherit; font: inherit; font-weight: 600; cursor: pointer; }
button.primary { border-color: transparent; background: var(--primary); color: var(--on-primary); }
button.primary small { color: inherit; opacity: .8; }
:focus-visible { outline: 2px solid var(--primary); outline-offset: 2px; }
`;
