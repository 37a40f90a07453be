import { defineProvider } from '../../core/block/provider';

export const fattureInCloud = defineProvider({
  id: 'fatture-in-cloud',
  label: { en: 'Fatture in Cloud', it: 'Fatture in Cloud' },
  description: { en: 'Invoices and payments', it: 'Fatture e incassi' },
  icon: '€',
  color: '#0a6ebd',
  defaultBaseUrl: 'https://api-v2.fattureincloud.it',
  // PDFs lie on other hosts of theirs than the API.
  hosts: ['*.fattureincloud.it'],
  accountLabel: { en: 'Company', it: 'Azienda' },
  auth: {
    type: 'oauth2',
    authorizePath: '/oauth/authorize',
    tokenPath: '/oauth/token',
    scopes: ['issued_documents.invoices:a', 'entity.clients:r', 'settings:r'],
    scopeSeparator: ' ',
  },
});

/** What blocks ask for; `:a` includes reading. */
export const invoiceScopes = ['issued_documents.invoices:a'] as const;
