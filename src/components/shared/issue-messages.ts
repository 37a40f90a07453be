import type { IssueCode } from '../../core';

/** Issues by code; `{field}` and `{label}` come in the reader's language. */
const issues = {
  'issue.definition_malformed': 'The workflow cannot be read at {path}: {reason}.',
  'issue.definition_too_large': 'The workflow takes {actual} bytes; at most {limit} are allowed.',
  'issue.too_many_nodes': 'The workflow has {actual} steps; at most {limit} are allowed.',
  'issue.too_many_edges': 'The workflow has {actual} connections; at most {limit} are allowed.',
  'issue.too_deep': 'The workflow nests deeper than {limit} levels.',
  'issue.trigger_missing': 'Nothing starts the workflow: choose a trigger.',
  'issue.trigger_extra': '“{label}” is a second trigger; a workflow starts in one way.',
  'issue.trigger_not_a_trigger': '“{label}” cannot start a workflow; choose a trigger.',
  'issue.node_duplicate': 'Two steps have the id {id}.',
  'issue.edge_duplicate': 'Two connections have the id {id}.',
  'issue.unknown_block': 'There is no block of type “{type}” here.',
  'issue.edge_unknown_node': 'The connection {id} leads from or to a step that does not exist.',
  'issue.edge_unknown_handle': '“{label}” has no exit named “{handle}”.',
  'issue.edge_into_trigger': 'Nothing can lead back to the trigger.',
  'issue.cycle': '“{label}” is part of a circle: a run would never end. Use “For each” to repeat steps.',
  'issue.edge_into_loop':
    'A connection leads into the loop around “{label}” from outside; a loop is entered only through its own start.',
  'issue.loop_too_deep': '“{label}” is nested {actual} loops deep; at most {limit} are allowed.',
  'issue.node_unreachable': '“{label}” is not connected to the trigger and will never run.',
  'issue.on_error_branch_unused':
    'The error exit of “{label}” leads nowhere: a failure would end this path in silence.',
  'issue.field_required': '“{field}” is missing.',
  'issue.field_invalid': '“{field}” is not valid: {reason}.',
  'issue.field_unknown': 'There is no field named “{field}”.',
  'issue.event_unknown':
    'No event of type “{event}” ever comes here, so the step would wait in vain. There are {known}.',
  'issue.template_invalid': '{source} cannot be read: {reason}.',
  'issue.template_too_long': 'The text in “{field}” has {actual} characters; at most {limit} are allowed.',
  'issue.too_many_references':
    'The text in “{field}” has {actual} values from other steps; at most {limit} are allowed.',
  'issue.filter_unknown': '“{filter}” is not a filter. There are {known}.',
  'issue.reference_unknown': '{source} refers to a step that is no longer there.',
  'issue.reference_unreachable': '{source} refers to “{label}”, which does not run before this step.',
  'issue.reference_outside_loop': '{source} is only known inside a loop.',
  'issue.reference_unknown_field': '{source} names a value that “{label}” does not give.',
  'issue.reference_in_trigger':
    '{source} cannot be used in what starts the workflow: there are no values yet.',
  'issue.braces_foreign': '{source} is left as written: it is not a value of this workflow.',
  'issue.provider_not_configured':
    'The developer of this application has not set {provider} up yet: “{label}” could not run.',
  'issue.provider_not_connected': '{provider} is not connected: “{label}” could not run.',
  'issue.scope_missing':
    '{provider} was connected without a permission “{label}” needs ({scopes}): reconnect it.',
  'issue.option_unknown': '“{value}” is not, or no longer, among the choices of “{field}”: choose again.',
  'issue.migration_failed':
    'The settings of “{label}” are of an older version of this block and could not be converted: {reason}. They are kept as they are. Set the step up again.',
  'issue.block_newer':
    '“{label}” was set up with a newer version of Trama ({actual}; here {known}): update the server.',
  'issue.block_warning': '{text}',
} satisfies Record<`issue.${IssueCode}`, string>;

const en = {
  ...issues,
  'reason.too_small_text': 'it needs at least {minimum} characters',
  'reason.too_big_text': 'it can have at most {maximum} characters',
  'reason.too_small_number': 'it must be at least {minimum}',
  'reason.too_big_number': 'it can be at most {maximum}',
  'reason.too_small_list': 'at least {minimum} must be added',
  'reason.too_big_list': 'at most {maximum} can be added',
  'reason.number': 'it must be a number',
  'reason.list': 'it must be a list: choose one from an earlier step',
  'reason.choice': 'choose one of the values offered',
  'reason.format': 'it is not written in the expected form',
  'reason.other': 'check what is written',

  'builder.issues.inStep': '“{label}”: {text}',
};

export type IssueMessageKey = keyof typeof en;

const it: Record<IssueMessageKey, string> = {
  'issue.definition_malformed': 'Il flusso non si legge in {path}: {reason}.',
  'issue.definition_too_large': 'Il flusso occupa {actual} byte; il massimo è {limit}.',
  'issue.too_many_nodes': 'Il flusso ha {actual} passi; il massimo è {limit}.',
  'issue.too_many_edges': 'Il flusso ha {actual} collegamenti; il massimo è {limit}.',
  'issue.too_deep': 'Il flusso è annidato oltre {limit} livelli.',
  'issue.trigger_missing': 'Nulla avvia il flusso: scegli un avvio.',
  'issue.trigger_extra': '«{label}» è un secondo avvio; un flusso parte in un solo modo.',
  'issue.trigger_not_a_trigger': '«{label}» non può avviare un flusso; scegli un avvio.',
  'issue.node_duplicate': 'Due passi hanno l’id {id}.',
  'issue.edge_duplicate': 'Due collegamenti hanno l’id {id}.',
  'issue.unknown_block': 'Qui non esiste un blocco di tipo «{type}».',
  'issue.edge_unknown_node': 'Il collegamento {id} parte da un passo che non esiste, o ci arriva.',
  'issue.edge_unknown_handle': '«{label}» non ha un’uscita «{handle}».',
  'issue.edge_into_trigger': 'Nulla può tornare all’avvio.',
  'issue.cycle':
    '«{label}» fa parte di un cerchio: l’esecuzione non finirebbe mai. Per ripetere dei passi usa «Per ogni elemento».',
  'issue.edge_into_loop':
    'Un collegamento entra da fuori nel ciclo di «{label}»; in un ciclo si entra solo dal suo inizio.',
  'issue.loop_too_deep': '«{label}» è dentro {actual} cicli; il massimo è {limit}.',
  'issue.node_unreachable': '«{label}» non è collegato all’avvio e non verrà mai eseguito.',
  'issue.on_error_branch_unused':
    'L’uscita di errore di «{label}» non porta da nessuna parte: un errore chiuderebbe questo ramo in silenzio.',
  'issue.field_required': 'Manca «{field}».',
  'issue.field_invalid': '«{field}» non va bene: {reason}.',
  'issue.field_unknown': 'Non esiste un campo «{field}».',
  'issue.event_unknown':
    'Qui non arriva mai un evento di tipo «{event}», quindi il passo attenderebbe invano. Esistono {known}.',
  'issue.template_invalid': '{source} non si legge: {reason}.',
  'issue.template_too_long': 'Il testo in «{field}» ha {actual} caratteri; il massimo è {limit}.',
  'issue.too_many_references':
    'Il testo in «{field}» usa {actual} dati di altri passi; il massimo è {limit}.',
  'issue.filter_unknown': '«{filter}» non è un filtro. Esistono {known}.',
  'issue.reference_unknown': '{source} si riferisce a un passo che non c’è più.',
  'issue.reference_unreachable':
    '{source} si riferisce a «{label}», che non viene eseguito prima di questo passo.',
  'issue.reference_outside_loop': '{source} esiste solo dentro un ciclo.',
  'issue.reference_unknown_field': '{source} indica un dato che «{label}» non fornisce.',
  'issue.reference_in_trigger':
    '{source} non si può usare in ciò che avvia il flusso: non ci sono ancora valori.',
  'issue.braces_foreign': '{source} resta com’è scritto: non è un dato di questo flusso.',
  'issue.provider_not_configured':
    'Lo sviluppatore di questa applicazione non ha ancora predisposto {provider}: «{label}» non potrà essere eseguito.',
  'issue.provider_not_connected': '{provider} non è collegato: «{label}» non potrà essere eseguito.',
  'issue.scope_missing':
    '{provider} è collegato senza un’autorizzazione che serve a «{label}» ({scopes}): ricollegalo.',
  'issue.option_unknown': '«{value}» non è, o non è più, tra le scelte di «{field}»: scegli di nuovo.',
  'issue.migration_failed':
    'Le impostazioni di «{label}» sono di una versione precedente del blocco e non è stato possibile convertirle: {reason}. Restano come sono. Configura di nuovo il passo.',
  'issue.block_newer':
    '«{label}» è stato configurato con una versione più recente di Trama ({actual}; qui {known}): aggiorna il server.',
  'issue.block_warning': '{text}',

  'reason.too_small_text': 'servono almeno {minimum} caratteri',
  'reason.too_big_text': 'sono ammessi al massimo {maximum} caratteri',
  'reason.too_small_number': 'deve essere almeno {minimum}',
  'reason.too_big_number': 'può essere al massimo {maximum}',
  'reason.too_small_list': 'serve almeno {minimum} voce',
  'reason.too_big_list': 'sono ammesse al massimo {maximum} voci',
  'reason.number': 'deve essere un numero',
  'reason.list': 'deve essere una lista: scegline una da un passo precedente',
  'reason.choice': 'scegli uno dei valori proposti',
  'reason.format': 'non è scritto nella forma attesa',
  'reason.other': 'controlla cosa c’è scritto',

  'builder.issues.inStep': '«{label}»: {text}',
};

/** What is wrong with a workflow, and why a value is refused. */
export const issueMessages = { en, it };
