import { defineProvider } from '../../core/block/provider';

export const resend = defineProvider({
  id: 'resend',
  label: { en: 'Email', it: 'Email' },
  description: { en: 'Emails through Resend', it: 'Email tramite Resend' },
  icon: '✉',
  color: '#111111',
  defaultBaseUrl: 'https://api.resend.com',
  // Attachments of received emails come from inbound-cdn.resend.com.
  hosts: ['*.resend.com'],
  auth: { type: 'api-key' },
});

/** Every email a workflow sends carries it, so that one that comes back as an inbound email is known for what it is. */
export const RUN_HEADER = 'X-Trama-Run';
