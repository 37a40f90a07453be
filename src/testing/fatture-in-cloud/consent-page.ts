import { escapeHtml } from '../../core/template/escape';
import { refusalPage, type SandboxLook, sandboxPage, scopeList } from '../support/page';
import type { FakeFicCompany } from './seed';

const scopeTexts: Record<string, { it: string; en: string }> = {
  'issued_documents.invoices:a': { it: 'Leggere e scrivere le fatture', en: 'Read and write invoices' },
  'issued_documents.invoices:r': { it: 'Leggere le fatture', en: 'Read invoices' },
  'entity.clients:r': { it: 'Leggere i clienti', en: 'Read clients' },
  'settings:r': { it: 'Leggere le impostazioni (aliquote IVA)', en: 'Read settings (VAT rates)' },
};

const look: SandboxLook = {
  name: 'Fatture in Cloud',
  mark: '€',
  primary: '#0a6ebd',
  onPrimary: '#fff',
  dark: { primary: '#8cc8f7', onPrimary: '#06263f' },
};

export interface ConsentRequest {
  appName: string;
  scopes: readonly string[];
  companies: readonly FakeFicCompany[];
}

/** The page on which a person allows or refuses. Which company the app works for is chosen in the app, as with the real one. */
export function consentPage({ appName, scopes, companies }: ConsentRequest): string {
  const names = companies.map(({ name }) => escapeHtml(name)).join(', ');
  return sandboxPage(
    look,
    'Sandbox Fatture in Cloud',
    `<h1><strong>${escapeHtml(appName)}</strong> chiede di accedere al tuo account</h1>
<p lang="en">${escapeHtml(appName)} asks for access to your account</p>
<p>Aziende <small lang="en">Companies</small>: ${names}</p>
<form method="post">
${scopeList(scopes, scopeTexts)}
</form>`,
  );
}

export const ficRefusalPage = (code: string): string => refusalPage(look, code);
