import { configMessages } from '../config/messages';
import { failureMessages } from '../runs/failure-messages';
import { statusMessages } from '../runs/status-messages';

const en = {
  'conflict.title': 'Someone else changed this workflow',
  'conflict.text':
    'Another draft was saved while you were working. Nothing is lost: choose which of the two goes on.',
  'conflict.mine': 'Yours',
  'conflict.theirs': 'Theirs',
  'conflict.steps': '{count} steps',
  'conflict.onlyHere': 'Only here: {labels}',
  'conflict.changed': 'Different: {labels}',
  'conflict.same': 'Same steps and settings',
  'conflict.keepMine': 'Keep mine',
  'conflict.takeTheirs': 'Take theirs',
  'conflict.later': 'Decide later',

  'runNow.title': 'Run “{name}” now',
  'runNow.which': 'Version to run',
  'runNow.published': 'v{version}, the live one',
  'runNow.draft': 'The draft',
  'runNow.payload': 'Data of the event',
  'runNow.payloadHint': 'What “{trigger}” would hand over. The example can be changed.',
  'runNow.noFields': 'This workflow asks for nothing at the start.',
  'runNow.start': 'Run',
  'runNow.starting': 'Starting…',
  'runNow.is.queued': 'The run is queued and starts shortly.',
  'runNow.is.running': 'The run has started.',
  'runNow.is.waiting': 'The run has started and now waits; it goes on by itself.',
  'runNow.waitsFor.event': 'The run has started and now waits for an event; then it goes on by itself.',
  'runNow.waitsFor.decision':
    'The run has started and now waits for a decision: whoever may decide finds it among the approvals.',
  'runNow.waitsFor.connection':
    'The run has started and now waits for {provider} to be connected; then it goes on by itself.',
  'runNow.is.succeeded': 'The run came to its end.',
  'runNow.is.failed': 'The run stopped before its end.',
  'runNow.is.canceled': 'The run was canceled.',
  'runNow.is.needs_attention': 'It is not known whether a step succeeded: open the run to check it.',
  'runNow.open': 'Open the run',
  'runNow.failed': 'The run could not be started',
  'runNow.badJson': 'This is not valid JSON: {reason}',
  'runNow.badPayload': '“{path}” is not as the trigger expects',
  'runNow.required': 'Fill in “{field}”.',
  'runNow.number': '“{field}” must be a number.',
  ...configMessages.en,
  ...statusMessages.en,
  ...failureMessages.en,
};

export type DialogMessageKey = keyof typeof en;

const it: Record<DialogMessageKey, string> = {
  'conflict.title': 'Qualcun altro ha modificato questo flusso',
  'conflict.text':
    'Mentre lavoravi è stata salvata un’altra bozza. Non si perde nulla: scegli quale delle due prosegue.',
  'conflict.mine': 'La tua',
  'conflict.theirs': 'L’altra',
  'conflict.steps': '{count} passi',
  'conflict.onlyHere': 'Solo qui: {labels}',
  'conflict.changed': 'Diversi: {labels}',
  'conflict.same': 'Stessi passi e impostazioni',
  'conflict.keepMine': 'Tieni la mia',
  'conflict.takeTheirs': 'Prendi l’altra',
  'conflict.later': 'Decidi dopo',

  'runNow.title': 'Esegui ora «{name}»',
  'runNow.which': 'Versione da eseguire',
  'runNow.published': 'v{version}, quella attiva',
  'runNow.draft': 'La bozza',
  'runNow.payload': 'Dati dell’evento',
  'runNow.payloadHint': 'Ciò che «{trigger}» consegnerebbe. L’esempio si può cambiare.',
  'runNow.noFields': 'Questo flusso non chiede dati all’avvio.',
  'runNow.start': 'Esegui',
  'runNow.starting': 'Avvio…',
  'runNow.is.queued': 'L’esecuzione è in coda e parte tra poco.',
  'runNow.is.running': 'L’esecuzione è partita.',
  'runNow.is.waiting': 'L’esecuzione è partita e ora è in attesa; proseguirà da sola.',
  'runNow.waitsFor.event': 'L’esecuzione è partita e ora attende un evento; poi proseguirà da sola.',
  'runNow.waitsFor.decision':
    'L’esecuzione è partita e ora attende una decisione: la trova chi può decidere, tra le approvazioni.',
  'runNow.waitsFor.connection':
    'L’esecuzione è partita e ora attende che {provider} sia collegato; poi proseguirà da sola.',
  'runNow.is.succeeded': 'L’esecuzione è arrivata in fondo.',
  'runNow.is.failed': 'L’esecuzione si è fermata prima della fine.',
  'runNow.is.canceled': 'L’esecuzione è stata annullata.',
  'runNow.is.needs_attention': 'Di un passo non si sa se è riuscito: apri l’esecuzione per verificarlo.',
  'runNow.open': 'Apri l’esecuzione',
  'runNow.failed': 'Non è stato possibile avviare l’esecuzione',
  'runNow.badJson': 'Questo non è JSON valido: {reason}',
  'runNow.badPayload': '«{path}» non è come lo aspetta l’avvio',
  'runNow.required': 'Compila «{field}».',
  'runNow.number': '«{field}» deve essere un numero.',
  ...configMessages.it,
  ...statusMessages.it,
  ...failureMessages.it,
};

/** Words of the dialogs of the builder; they come with them. */
export const dialogMessages = { en, it };
