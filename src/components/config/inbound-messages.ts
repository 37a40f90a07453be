import { problemMessages } from '../shared/problem-messages';
import { refusalMessages } from '../shared/refusal-messages';

const en = {
  'inbound.address': 'Address',
  'inbound.hint':
    'Emails to this address start the workflow, once it is published. Whoever knows it can write to it.',
  'inbound.copy': 'Copy the address',
  'inbound.rotate': 'Replace…',
  'inbound.rotateTitle': 'Replace the address?',
  'inbound.rotateText':
    'The old address stops at once: emails to it start nothing any more, and nobody is told so. Give the new one to all who write to it.',
  'inbound.rotateDo': 'Replace the address',
  'inbound.rotated': 'The address was replaced. The old one no longer works.',
  'inbound.notConfigured':
    'This application is not set up to receive emails, so the workflow has no address. Its developer must set up a domain for them.',
  'inbound.unsaved': 'The workflow gets an address of its own where it is kept.',
  'inbound.loading': 'Loading the address…',
  'inbound.failed': 'The address could not be had: {reason}',
  'inbound.refused': 'Latest emails that started nothing',
  ...refusalMessages.en,
  ...problemMessages.en,
};

const it: Record<keyof typeof en, string> = {
  'inbound.address': 'Indirizzo',
  'inbound.hint':
    'Le email a questo indirizzo avviano il flusso, una volta pubblicato. Chi lo conosce può scrivere.',
  'inbound.copy': 'Copia l’indirizzo',
  'inbound.rotate': 'Sostituisci…',
  'inbound.rotateTitle': 'Sostituire l’indirizzo?',
  'inbound.rotateText':
    'Il vecchio indirizzo smette subito di funzionare: le email che gli arrivano non avviano più nulla, e nessuno viene avvisato. Comunica il nuovo a chi gli scrive.',
  'inbound.rotateDo': 'Sostituisci l’indirizzo',
  'inbound.rotated': 'L’indirizzo è stato sostituito. Il vecchio non funziona più.',
  'inbound.notConfigured':
    'Questa applicazione non è predisposta per ricevere email, quindi il flusso non ha un indirizzo. Lo sviluppatore deve predisporre un dominio.',
  'inbound.unsaved': 'Il flusso riceve un indirizzo proprio là dove viene conservato.',
  'inbound.loading': 'Caricamento dell’indirizzo…',
  'inbound.failed': 'L’indirizzo non è disponibile: {reason}',
  'inbound.refused': 'Ultime email che non hanno avviato nulla',
  ...refusalMessages.it,
  ...problemMessages.it,
};

/** Texts of the email address of a workflow, and of what became of the emails to it. */
export const inboundMessages = { en, it };
