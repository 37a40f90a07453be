/** Everything `validateDefinition` can report. The texts stand here in English; the kit carries them in its languages. */
export const issueTexts = {
  definition_malformed: 'The definition is malformed at {path}: {reason}.',
  definition_too_large: 'The definition has {actual} bytes; at most {limit} are allowed.',
  too_many_nodes: 'The workflow has {actual} steps; at most {limit} are allowed.',
  too_many_edges: 'The workflow has {actual} connections; at most {limit} are allowed.',
  too_deep: 'The definition nests deeper than {limit} levels.',
  trigger_missing: 'The workflow has no trigger: exactly one node with the id "trigger" starts it.',
  trigger_extra: '"{label}" is a second trigger; a workflow starts in one way.',
  trigger_not_a_trigger: '"{label}" cannot start a workflow; choose a trigger.',
  node_duplicate: 'Two steps have the id {id}.',
  edge_duplicate: 'Two connections have the id {id}.',
  unknown_block: 'There is no block of type "{type}".',
  edge_unknown_node: 'The connection {id} leads from or to a step that does not exist.',
  edge_unknown_handle: '"{label}" has no exit named "{handle}".',
  edge_into_trigger: 'Nothing can lead back to the trigger.',
  cycle: '"{label}" is part of a circle; a run would never end. Use "For each" to repeat steps.',
  edge_into_loop:
    'A connection leads into the loop around "{label}" from outside; a loop is entered only through its own start.',
  loop_too_deep: '"{label}" is nested {actual} loops deep; at most {limit} are allowed.',
  node_unreachable: '"{label}" is not connected to the trigger and will never run.',
  on_error_branch_unused:
    'The error exit of "{label}" leads nowhere: a failure would end this path in silence.',
  field_required: '"{field}" is missing.',
  field_invalid: '"{field}" is not valid: {reason}.',
  field_unknown: 'There is no field named "{field}".',
  event_unknown:
    'No event of type "{event}" ever comes here, so the step would wait in vain. There are {known}.',
  template_invalid: '{source} cannot be read: {reason}.',
  template_too_long: 'The text in "{field}" has {actual} characters; at most {limit} are allowed.',
  too_many_references: 'The text in "{field}" has {actual} references; at most {limit} are allowed.',
  filter_unknown: '"{filter}" is not a filter. There are {known}.',
  reference_unknown: '{source} refers to a step that does not exist.',
  reference_unreachable: '{source} refers to "{label}", which does not run before this step.',
  reference_outside_loop: '{source} is only known inside a loop.',
  reference_unknown_field: '{source} names a value that "{label}" does not give.',
  reference_in_trigger:
    '{source} stands in what starts the workflow, where there are no values yet. Write the value itself.',
  braces_foreign: '{source} is left as written: it is not a value of this workflow.',
  provider_not_connected: '{provider} is not connected: "{label}" could not run.',
  provider_not_configured:
    'The application has not set {provider} up: "{label}" could not run. Its developer must do so.',
  scope_missing:
    '{provider} was connected without a permission that "{label}" needs ({scopes}). Reconnect it.',
  option_unknown: '"{value}" is not, or no longer, among the choices {provider} has for "{field}".',
  block_newer:
    '"{label}" was set up with version {actual} of its block; this server knows version {known}. Update the server.',
  migration_failed:
    'The settings of "{label}" are of an older version of its block and cannot be converted: {reason}. Set the step up again.',
  block_warning: '{text}',
} as const;

export type IssueCode = keyof typeof issueTexts;

/** Errors block publishing, warnings never do. */
export interface Issue {
  severity: 'error' | 'warning';
  code: IssueCode;
  nodeId?: string;
  edgeId?: string;
  /** Inside the node's configuration, e.g. `conditions[0].left`; inside the definition when there is no node. */
  path?: string;
  message: string;
  /** What the message's placeholders stand for, for other languages. */
  params: Record<string, string>;
}

export function fillText(text: string, params: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(params, name) ? (params[name] as string) : whole,
  );
}

export function issue(
  severity: Issue['severity'],
  code: IssueCode,
  params: Record<string, string | number>,
  place: { nodeId?: string; edgeId?: string; path?: string } = {},
): Issue {
  const texts = Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)]));
  return { severity, code, ...place, message: fillText(issueTexts[code], texts), params: texts };
}
