import type { RefusedEmail } from '../../core';

const en = {
  'inbound.reason.own_email': 'It was sent by this application, or by a workflow.',
  'inbound.reason.automatic_reply': 'It was an automatic reply, or a notice of non-delivery.',
  'inbound.reason.automatic':
    'It was sent automatically, by a machine or to a list. “Automatic emails too” takes such emails.',
  'inbound.reason.sender_refused': 'Its sender is not among those in “Only from”.',
  'inbound.reason.sender_unproven': 'It did not come from the sender it names (DMARC).',
  'inbound.reason.too_many': 'Too many emails within an hour.',
  'inbound.reason.inactive': 'The workflow was switched off, not published, or started in another way.',
};

const it: Record<keyof typeof en, string> = {
  'inbound.reason.own_email': 'L’ha inviata questa applicazione, o un flusso.',
  'inbound.reason.automatic_reply': 'Era una risposta automatica, o un avviso di mancata consegna.',
  'inbound.reason.automatic':
    'Era automatica, di una macchina o per una lista. Con «Anche le email automatiche» vengono accettate.',
  'inbound.reason.sender_refused': 'Il mittente non è tra quelli di «Solo da».',
  'inbound.reason.sender_unproven': 'Non veniva dal mittente che indica (DMARC).',
  'inbound.reason.too_many': 'Troppe email in un’ora.',
  'inbound.reason.inactive': 'Il flusso era spento, non pubblicato, o partiva in un altro modo.',
};

/** Why an email started nothing. */
export const refusalMessages: Record<
  'en' | 'it',
  Record<`inbound.reason.${RefusedEmail['reason']}`, string>
> = { en, it };
