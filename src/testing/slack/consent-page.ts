import { escapeHtml } from '../../core/template/escape';
import { refusalPage, type SandboxLook, sandboxPage, scopeList } from '../support/page';
import type { FakeSlackTeam } from './state';

const scopeTexts: Record<string, { it: string; en: string }> = {
  'chat:write': { it: 'Inviare messaggi a nome dell’app', en: 'Send messages as the app' },
  'chat:write.public': {
    it: 'Scrivere nei canali pubblici senza invito',
    en: 'Write in public channels without an invitation',
  },
  'channels:read': { it: 'Vedere i canali pubblici', en: 'See public channels' },
  'groups:read': {
    it: 'Vedere i canali privati in cui è invitata',
    en: 'See private channels it is invited to',
  },
  'files:write': { it: 'Caricare file', en: 'Upload files' },
  'users:read': { it: 'Vedere le persone dello spazio di lavoro', en: 'See the people of the workspace' },
};

export interface ConsentRequest {
  appName: string;
  scopes: readonly string[];
  teams: readonly FakeSlackTeam[];
  selectedTeamId: string;
}

const look: SandboxLook = {
  name: 'Slack',
  mark: '#',
  primary: '#611f69',
  onPrimary: '#fff',
  dark: { primary: '#e3a9ec', onPrimary: '#2a1230' },
};

/** The page on which a person allows or refuses. Its form posts to its own address, so it works under any path. */
export function consentPage({ appName, scopes, teams, selectedTeamId }: ConsentRequest): string {
  const options = teams.map(
    (team) =>
      `<option value="${escapeHtml(team.id)}"${team.id === selectedTeamId ? ' selected' : ''}>${escapeHtml(team.name)}</option>`,
  );
  return sandboxPage(
    look,
    'Sandbox Slack',
    `<h1><strong>${escapeHtml(appName)}</strong> chiede di accedere allo spazio di lavoro</h1>
<p lang="en">${escapeHtml(appName)} asks for access to the workspace</p>
<form method="post">
<label for="team">Spazio di lavoro <small lang="en">Workspace</small></label>
<select id="team" name="team">${options.join('')}</select>
${scopeList(scopes, scopeTexts)}
</form>`,
  );
}

/** Slack does not send the browser back when the app's request is wrong. */
export const slackRefusalPage = (code: string): string => refusalPage(look, code);
