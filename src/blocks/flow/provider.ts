import { defineProvider } from '../../core/block/provider';

export const flow = defineProvider({
  id: 'flow',
  label: { en: 'Flow', it: 'Flusso' },
  description: { en: 'Decisions, repetition and waiting', it: 'Decisioni, ripetizioni e attese' },
  icon: '◇',
  color: '#4b5263',
  auth: { type: 'none' },
});
