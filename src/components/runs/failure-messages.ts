const en = {
  'failure.title': 'The step failed',
  'failure.doubtTitle': 'Nobody knows whether it happened',
  'failure.waitingTitle': 'It did not work yet',
  'failure.who': 'Who must act:',
  'failure.attempts': '{count} attempts, none succeeded.',
  'failure.effectNone': 'What the step would have done did not happen.',
  'failure.effectUnknown': 'What the step does may have happened all the same.',

  'failure.title.slack_http_error': '{provider} does not answer',
  'failure.text.slack_http_error': '{provider} refused the call with status {status}.',
  'failure.title.slack_unreachable': '{provider} could not be reached',
  'failure.text.slack_unreachable': 'The connection broke before an answer came.',
  'failure.title.attachments_too_many': 'The email has too many attachments',
  'failure.text.attachments_too_many':
    'No more than 50 are taken in. Ask for the files in several emails, or in one archive.',
  'failure.title.attachment_unavailable': 'The attachment could not be fetched',
  'failure.text.attachment_unavailable': '{provider} answered {status} where the file should be.',
  'failure.title.resend_unreachable': '{provider} could not be reached',
  'failure.text.resend_unreachable': 'The connection broke before an answer came.',
  'failure.title.file_unknown': 'The file cannot be opened',
  'failure.text.file_unknown':
    'It is an example, or does not belong to this workflow. Files come from real emails and documents.',
  'failure.title.file_too_large': 'The file is too large',
  'failure.text.file_too_large': 'Files of up to 10 MB can be passed on. Use a smaller one.',
  'failure.title.restricted_api_key': 'The key of {provider} does not allow this',
  'failure.text.restricted_api_key':
    'It may only send. To receive emails the application needs a key with full access.',
  'failure.title.rate_limited': '{provider} asks to slow down',
  'failure.text.rate_limited':
    'Too many calls in a short time. The step is repeated after the pause {provider} asks for.',
  'failure.title.paced': 'It waits for its turn',
  'failure.text.paced': 'Many steps call {provider} at once, so they go one after another.',
  'failure.title.channel_not_found': '{provider} does not know this channel',
  'failure.text.channel_not_found':
    'The channel was removed, renamed, or is private and the app is not in it.',
  'failure.title.not_in_channel': 'The app is not in this channel',
  'failure.text.not_in_channel':
    '{provider} only lets the app write in channels it was invited to. Write /invite in the channel.',
  'failure.title.is_archived': 'The channel is archived',
  'failure.text.is_archived': 'Nobody can write in an archived channel.',
  'failure.title.reconnect': '{provider} must be connected again',
  'failure.text.reconnect': '{provider} no longer accepts the connection.',
  'failure.title.not_connected': '{provider} is not connected',
  'failure.text.not_connected': 'The step needs {provider}, and the company has no connection to it.',
  'failure.title.reference_missing': 'A value is missing',
  'failure.text.reference_missing': 'The step uses a value that was not there in this run.',
  'failure.title.filter_failed': 'A value could not be formatted',
  'failure.text.filter_failed': 'A filter in the step does not suit the value it was given.',
  'failure.title.input_invalid': 'A value cannot be used',
  'failure.text.input_invalid': 'With the values of this run a field of the step is not valid.',
  'failure.title.comparison_impossible': 'The comparison cannot be made',
  'failure.text.comparison_impossible':
    'The two sides are of different kinds, for example a text and a number.',
  'failure.title.step_timeout': 'The step took too long',
  'failure.text.step_timeout': 'No answer came in time, so the step was stopped.',
  'failure.title.interrupted': 'The server stopped during this step',
  'failure.text.interrupted': 'The step had begun and nobody saw its end.',
  'failure.title.block_failed': 'The block has a fault',
  'failure.text.block_failed': 'The step stopped with an error of its own.',
  'failure.title.loop_too_long': 'The list is too long',
  'failure.text.loop_too_long':
    'A loop may go through a limited number of items. Shorten the list before the loop.',
  'failure.title.steps_exceeded': 'The run has too many steps',
  'failure.text.steps_exceeded': 'It was stopped at the limit. Split the workflow or shorten its loops.',
  'failure.title.state_exceeded': 'The run holds too much data',
  'failure.text.state_exceeded':
    'It was stopped at the limit. Keep less of each item in its loops, or split the workflow.',
  'failure.title.run_expired': 'The run lasted too long',
  'failure.text.run_expired': 'It reached the age at which a run ends, and what it waited for had not come.',
  'failure.title.wait_too_long': 'The wait is too long',
  'failure.text.wait_too_long': 'It would last beyond the latest end a run may have. Wait for less.',
  'failure.title.items_changed': 'The list of the loop has changed',
  'failure.text.items_changed':
    'What was done for its items can no longer be matched to them. Retry from the start, or with the version that began it.',
  'failure.title.runner_died': 'The server stopped again and again at this run',
  'failure.text.runner_died': 'It was set aside so that it does not hold up the others.',
  'failure.title.stopped': 'The workflow ended the run as failed',
  'failure.text.stopped': '{message}',
  'failure.title.output_too_large': 'The result is too large to keep',
  'failure.text.output_too_large': 'What the step did is done; its result was not kept.',
  'failure.title.not_found': 'What the step refers to does not exist',
  'failure.text.not_found': '{provider} does not know the document the step works on.',
  'failure.title.unavailable': '{provider} does not answer',
  'failure.text.unavailable': '{provider} is not available at the moment.',

  'failure.title.conflict': 'The document does not allow this now',
  'failure.text.conflict': '{provider} refused because of the state the document is in.',
  'failure.title.invalid': '{provider} refused a value',
  'failure.text.invalid': 'A value the step hands over is not accepted.',
  'failure.title.forbidden': '{provider} does not allow this',
  'failure.text.forbidden': 'The company may not do this with this document.',
  'failure.title.host_failed': '{provider} has a fault',
  'failure.text.host_failed': 'It failed while it carried out this step.',
  'failure.title.unknown_block': 'This block does not exist here',
  'failure.text.unknown_block': 'The server does not know the block this step was made of.',
  'failure.title.migration_failed': 'The settings could not be converted',
  'failure.text.migration_failed': 'They were made for an older version of the block. Set the step up again.',
  'failure.title.no_text': 'The message is empty',
  'failure.text.no_text': '{provider} takes no empty message. Check the values the text is made of.',
  'failure.title.msg_too_long': 'The message is too long',
  'failure.text.msg_too_long': '{provider} takes at most 40,000 characters.',

  'failure.who.customer':
    'whoever looks after the workflow. Correct “{step}”, publish, then retry with the latest version.',
  'failure.who.customerRun':
    'whoever looks after the workflow. Correct it, publish, then retry with the latest version.',
  'failure.who.reconnect':
    'an administrator. Reconnect {provider} in Settings › Integrations, then retry: what is done is not repeated.',
  'failure.who.developer': 'the developer of this application. Hand on the code and the id of the run.',
  'failure.who.provider':
    'nobody here. It is a fault of {provider}: once it works again, retry: what is done is not repeated.',
  'failure.who.stopped': 'nobody, if this is as meant: the workflow itself says so at “{step}”.',
  'failure.who.connection':
    'an administrator. As soon as {provider} is connected the run goes on by itself; nothing has to be repeated.',
  'failure.who.waiting': 'nobody. The step is repeated by itself at {time}.',
  'failure.who.doubt': 'a person. Look in {provider} whether it happened; nothing is repeated until then.',
};

export type FailureMessageKey = keyof typeof en;

const it: Record<FailureMessageKey, string> = {
  'failure.title': 'Il passo non è riuscito',
  'failure.doubtTitle': 'Non si sa se è avvenuto',
  'failure.waitingTitle': 'Non è ancora riuscito',
  'failure.who': 'Chi deve agire:',
  'failure.attempts': '{count} tentativi, nessuno riuscito.',
  'failure.effectNone': 'Ciò che il passo doveva fare non è avvenuto.',
  'failure.effectUnknown': 'Ciò che il passo fa potrebbe essere avvenuto lo stesso.',

  'failure.title.slack_http_error': '{provider} non risponde',
  'failure.text.slack_http_error': '{provider} ha respinto la chiamata con stato {status}.',
  'failure.title.slack_unreachable': '{provider} non è raggiungibile',
  'failure.text.slack_unreachable': 'Il collegamento si è interrotto prima della risposta.',
  'failure.title.attachments_too_many': 'L’email ha troppi allegati',
  'failure.text.attachments_too_many':
    'Se ne accettano al massimo 50. Chiedi i file in più email, o in un archivio.',
  'failure.title.attachment_unavailable': 'L’allegato non è scaricabile',
  'failure.text.attachment_unavailable': '{provider} ha risposto {status} al posto del file.',
  'failure.title.resend_unreachable': '{provider} non è raggiungibile',
  'failure.text.resend_unreachable': 'La connessione si è interrotta prima di una risposta.',
  'failure.title.file_unknown': 'Il file non si può aprire',
  'failure.text.file_unknown':
    'È un esempio, o non appartiene a questo flusso. I file vengono da email e documenti veri.',
  'failure.title.file_too_large': 'Il file è troppo grande',
  'failure.text.file_too_large': 'Si passano file fino a 10 MB. Usane uno più piccolo.',
  'failure.title.restricted_api_key': 'La chiave di {provider} non lo consente',
  'failure.text.restricted_api_key':
    'Può solo inviare. Per ricevere email l’applicazione ha bisogno di una chiave con accesso completo.',
  'failure.title.rate_limited': '{provider} chiede di rallentare',
  'failure.text.rate_limited':
    'Troppe chiamate in poco tempo. Il passo si ripete dopo la pausa chiesta da {provider}.',
  'failure.title.paced': 'Attende il suo turno',
  'failure.text.paced': 'Molti passi chiamano {provider} insieme, quindi vanno uno dopo l’altro.',
  'failure.title.channel_not_found': '{provider} non conosce questo canale',
  'failure.text.channel_not_found':
    'Il canale è stato eliminato o rinominato, oppure è privato e l’app non ne fa parte.',
  'failure.title.not_in_channel': 'L’app non è in questo canale',
  'failure.text.not_in_channel':
    '{provider} lascia scrivere l’app solo nei canali in cui è invitata. Scrivi /invite nel canale.',
  'failure.title.is_archived': 'Il canale è archiviato',
  'failure.text.is_archived': 'In un canale archiviato nessuno può scrivere.',
  'failure.title.reconnect': '{provider} va ricollegato',
  'failure.text.reconnect': '{provider} non accetta più il collegamento.',
  'failure.title.not_connected': '{provider} non è collegato',
  'failure.text.not_connected': 'Il passo usa {provider}, e l’azienda non lo ha collegato.',
  'failure.title.reference_missing': 'Manca un valore',
  'failure.text.reference_missing': 'Il passo usa un valore che in questa esecuzione non c’era.',
  'failure.title.filter_failed': 'Un valore non si può formattare',
  'failure.text.filter_failed': 'Un filtro del passo non è adatto al valore ricevuto.',
  'failure.title.input_invalid': 'Un valore non è utilizzabile',
  'failure.text.input_invalid': 'Con i valori di questa esecuzione un campo del passo non è valido.',
  'failure.title.comparison_impossible': 'Il confronto non è possibile',
  'failure.text.comparison_impossible': 'I due lati sono di tipo diverso, per esempio un testo e un numero.',
  'failure.title.step_timeout': 'Il passo ha impiegato troppo tempo',
  'failure.text.step_timeout': 'La risposta non è arrivata in tempo e il passo è stato fermato.',
  'failure.title.interrupted': 'Il server si è fermato durante questo passo',
  'failure.text.interrupted': 'Il passo era iniziato e nessuno ne ha visto la fine.',
  'failure.title.block_failed': 'Il blocco ha un difetto',
  'failure.text.block_failed': 'Il passo si è fermato per un errore suo.',
  'failure.title.loop_too_long': 'La lista è troppo lunga',
  'failure.text.loop_too_long':
    'Un ciclo può scorrere un numero limitato di elementi. Accorcia la lista prima del ciclo.',
  'failure.title.steps_exceeded': 'L’esecuzione ha troppi passi',
  'failure.text.steps_exceeded': 'È stata fermata al limite. Dividi il flusso o accorcia i suoi cicli.',
  'failure.title.state_exceeded': 'L’esecuzione contiene troppi dati',
  'failure.text.state_exceeded':
    'È stata fermata al limite. Conserva meno per ogni elemento dei cicli, o dividi il flusso.',
  'failure.title.run_expired': 'L’esecuzione è durata troppo',
  'failure.text.run_expired':
    'È arrivata all’età in cui un’esecuzione finisce, e ciò che aspettava non era arrivato.',
  'failure.title.wait_too_long': 'L’attesa è troppo lunga',
  'failure.text.wait_too_long': 'Andrebbe oltre il termine massimo di un’esecuzione. Attendi di meno.',
  'failure.title.items_changed': 'La lista del ciclo è cambiata',
  'failure.text.items_changed':
    'Ciò che è già fatto non si può più abbinare ai suoi elementi. Riprova dall’inizio, o con la versione che l’ha iniziato.',
  'failure.title.runner_died': 'Il server si è fermato più volte su questa esecuzione',
  'failure.text.runner_died': 'È stata messa da parte perché non blocchi le altre.',
  'failure.title.stopped': 'Il flusso ha chiuso l’esecuzione come non riuscita',
  'failure.text.stopped': '{message}',
  'failure.title.output_too_large': 'Il risultato è troppo grande da conservare',
  'failure.text.output_too_large':
    'Ciò che il passo ha fatto è fatto; il suo risultato non è stato conservato.',
  'failure.title.not_found': 'Ciò a cui il passo si riferisce non esiste',
  'failure.text.not_found': '{provider} non conosce il documento su cui il passo lavora.',
  'failure.title.unavailable': '{provider} non risponde',
  'failure.text.unavailable': '{provider} al momento non è disponibile.',

  'failure.title.conflict': 'Il documento ora non lo permette',
  'failure.text.conflict': '{provider} ha rifiutato per lo stato in cui si trova il documento.',
  'failure.title.invalid': '{provider} ha rifiutato un valore',
  'failure.text.invalid': 'Un valore passato dal passo non è accettato.',
  'failure.title.forbidden': '{provider} non lo consente',
  'failure.text.forbidden': 'L’azienda non può farlo con questo documento.',
  'failure.title.host_failed': '{provider} ha un guasto',
  'failure.text.host_failed': 'Non è riuscito mentre eseguiva questo passo.',
  'failure.title.unknown_block': 'Questo blocco qui non esiste',
  'failure.text.unknown_block': 'Il server non conosce il blocco di cui è fatto il passo.',
  'failure.title.migration_failed': 'Le impostazioni non si sono potute convertire',
  'failure.text.migration_failed': 'Sono di una versione precedente del blocco. Configura di nuovo il passo.',
  'failure.title.no_text': 'Il messaggio è vuoto',
  'failure.text.no_text':
    '{provider} non accetta messaggi vuoti. Controlla i valori di cui è fatto il testo.',
  'failure.title.msg_too_long': 'Il messaggio è troppo lungo',
  'failure.text.msg_too_long': '{provider} accetta al massimo 40.000 caratteri.',

  'failure.who.customer':
    'chi cura il flusso. Correggi «{step}», pubblica, poi riprova con l’ultima versione.',
  'failure.who.customerRun': 'chi cura il flusso. Correggilo, pubblica, poi riprova con l’ultima versione.',
  'failure.who.reconnect':
    'un amministratore. Ricollega {provider} in Impostazioni › Integrazioni, poi riprova: ciò che è già fatto non si ripete.',
  'failure.who.developer':
    'lo sviluppatore di questa applicazione. Comunica il codice e l’id dell’esecuzione.',
  'failure.who.provider':
    'nessuno qui. È un guasto di {provider}: quando torna a funzionare, riprova: ciò che è già fatto non si ripete.',
  'failure.who.stopped': 'nessuno, se è come previsto: lo dice il flusso stesso, in «{step}».',
  'failure.who.connection':
    'un amministratore. Appena {provider} è collegato l’esecuzione prosegue da sola: non c’è nulla da rifare.',
  'failure.who.waiting': 'nessuno. Il passo si ripete da solo alle {time}.',
  'failure.who.doubt':
    'una persona. Controlla in {provider} se è avvenuto; fino ad allora nulla viene ripetuto.',
};

/** Why a step failed and who can mend it, by failure code. The failure's own message stands in for codes not listed. */
export const failureMessages = { en, it };
