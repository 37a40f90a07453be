import { defineProvider } from '../../core/block/provider';

export const flow = defineProvider({
  id: 'flow',
  label: { en: 'Flow', it: 'Flusso' },
  description: { en: 'Decisions and repetition', it: 'Decisioni e ripetizioni' },
  icon: '◇',
  color: '#4b5263',
  auth: { type: 'none' },
});
