import { defineProvider } from '../../core/block/provider';

export const docManager = defineProvider({
  id: 'doc-manager',
  label: { en: 'Doc Manager', it: 'Doc Manager' },
  description: { en: 'Documents and signatures', it: 'Documenti e firme' },
  icon: '✓',
  color: '#1d7a45',
  auth: { type: 'host' },
});
