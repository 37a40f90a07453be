/** What is wrong or doubtful in a definition, seen from a company: its blocks, its connections, and what its providers have. */
import type * as z from 'zod';
import { describeForm, shownFields } from '../../core/block/form';
import { migrateDefinition } from '../../core/block/migrate';
import type { ProviderDefinition } from '../../core/block/provider';
import { type Issue, issue } from '../../core/definition/issues';
import { labelOf } from '../../core/definition/node';
import { listRemoteValues } from '../../core/definition/remote-values';
import { parseDefinition, validateDefinition } from '../../core/definition/validate';
import { WorkflowError } from '../../core/errors';
import type { ServerContext } from '../context';
import { inboundDomainOf } from '../inbound/tokens';
import { isConfigured } from '../integrations/addresses';
import { connectionStates } from '../integrations/connections';
import { findOption } from '../integrations/options';

/** Permissions granted to each provider the company is connected to. */
type GrantedScopes = ReadonlyMap<string, readonly string[]>;

/** Everything that can be told without asking a provider. */
export async function validateFor(
  context: ServerContext,
  companyId: string,
  definition: unknown,
): Promise<Issue[]> {
  return (await validatorFor(context, companyId))(definition);
}

/** The same for a definition that is known only under a lock, where nothing more may be asked of the pool. */
export async function validatorFor(
  context: ServerContext,
  companyId: string,
): Promise<(definition: unknown) => Issue[]> {
  const rows = [...(await connectionStates(context, companyId)).values()];
  const active = rows.filter((row) => row.state === 'active');
  const granted = new Map(active.map((row) => [row.provider, row.scopes]));
  return (definition) => validate(context, definition, granted);
}

function validate(context: ServerContext, definition: unknown, granted: GrantedScopes): Issue[] {
  const providers = [...context.providers.values()];
  const labels = (chosen: ProviderDefinition[]) => new Map(chosen.map(({ id, label }) => [id, label.en]));
  const issues = validateDefinition(definition, {
    blocks: context.blocks,
    caps: context.caps,
    connections: new Set(granted.keys()),
    grantedScopes: granted,
    providerLabels: labels(providers.filter(({ auth }) => auth.type === 'oauth2')),
    notConfigured: labels(
      providers.filter((provider) => provider.auth.type !== 'oauth2' && !isConfigured(context, provider)),
    ),
  });
  return [...issues, ...checkAddress(context, definition)];
}

/** Emails cannot start a workflow where the host has set no domain up for them. */
function checkAddress(context: ServerContext, value: unknown): Issue[] {
  if (inboundDomainOf(context) !== null) return [];
  const parsed = parseDefinition(value, context.caps);
  const nodes = 'definition' in parsed ? parsed.definition.nodes : [];
  return nodes.flatMap((node) => {
    const block = context.blocks.get(node.type);
    const provider = context.providers.get(block?.provider ?? '');
    const isAddressed = block?.kind === 'trigger' && block.hasAddress;
    if (!isAddressed || !provider || !isConfigured(context, provider)) return [];
    const params = { label: labelOf(node, context.blocks), provider: provider.label.en };
    return [issue('warning', 'provider_not_configured', params, { nodeId: node.id })];
  });
}

/**
 * The ids in a definition that their providers do not have: a channel that is gone, a customer of another account. What a provider cannot
 * be asked now is passed over: it is no fault of the definition. A warning, not an error: an app may yet be invited to a channel, and what a
 * provider answers today must not decide whether a workflow can be published.
 */
export async function findUnknownOptions(
  context: ServerContext,
  companyId: string,
  value: unknown,
): Promise<Issue[]> {
  const parsed = parseDefinition(value, context.caps);
  if ('issues' in parsed) return [];
  const { nodes } = migrateDefinition(parsed.definition, context.blocks);
  const found = nodes.flatMap((node) => {
    const block = node.disabled ? undefined : context.blocks.get(node.type);
    if (!block) return [];
    const fields = shownFields(describeForm(block.input as z.ZodObject), node.config);
    return listRemoteValues(fields, node.config).map((remote) => ({
      ...remote,
      nodeId: node.id,
      provider: block.provider,
    }));
  });
  // Each is asked once, however many steps name it.
  const asked = new Map<string, ReturnType<typeof findOption>>();
  const lookUp = ({ provider, options, value: id }: (typeof found)[number]) => {
    const key = JSON.stringify([provider, options, id]);
    const answer = asked.get(key) ?? findOption(context, companyId, provider, options, id);
    asked.set(key, answer);
    return answer;
  };
  const issues = found.map(async (remote): Promise<Issue[]> => {
    if ((await lookUp(remote)) !== null) return [];
    const provider = context.providers.get(remote.provider)?.label.en ?? remote.provider;
    const params = { provider, value: remote.value, field: remote.label.en };
    return [issue('warning', 'option_unknown', params, { nodeId: remote.nodeId, path: remote.path })];
  });
  return (await Promise.all(issues)).flat();
}

export function refuseErrors(issues: readonly Issue[]): void {
  const errors = issues.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors`;
  const message = `The workflow has ${count} and was not put to use. The first: ${errors[0]?.message} Correct them and try again.`;
  throw new WorkflowError('definition_invalid', message, { details: { issues } });
}
