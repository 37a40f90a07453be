/**
 * Clients of providers: what blocks, option lists and tests of a connection work with. A client is always made for one company; the
 * connection behind it is that company's or there is none.
 */
import { findBlockError } from '../../core/block/call-failure';
import type { FileContent, FileInput } from '../../core/block/file';
import type { AnyProvider, ClientContext, StepContext } from '../../core/block/implement';
import type { ProviderDefinition } from '../../core/block/provider';
import { BlockError, type StepFailure, WorkflowError } from '../../core/errors';
import type { SharedContext } from '../context';
import { isDatabaseAway } from '../db/database-error';
import { hasReceived } from '../inbound/emails';
import { describeError } from '../log';
import { baseUrlOf } from './addresses';
import { createOutgoingFetch } from './outgoing';
import { type Access, openAccess } from './tokens';

/** What a client is made from, before anything is known of a connection. */
export function clientContext(
  context: SharedContext,
  provider: ProviderDefinition,
  companyId: string,
  step: StepContext | null = null,
): ClientContext {
  const baseUrl = baseUrlOf(context, provider.id);
  const { apiKey, from } = context.providerOptions[provider.id] ?? {};
  // The limits of a key that all companies share are shared as well.
  const owner = provider.auth.type === 'api-key' ? '' : companyId;
  const paceKey = (key: string) => JSON.stringify([owner, provider.id, key]);
  return {
    baseUrl,
    accessToken: () => Promise.reject(new Error(`${provider.label.en} has no access token.`)),
    apiKey: apiKey ?? null,
    from: typeof from === 'function' ? from(companyId) : from,
    accountId: null,
    fetch: createOutgoingFetch({ provider, baseUrl }),
    pace: (key, intervalMs) => context.pacer.take(paceKey(key), intervalMs, step?.signal),
    hasReceived: async (emailId) =>
      step !== null && hasReceived(context, companyId, step.workflowId, emailId),
    companyId,
    step,
    host: context.host,
  };
}

/** The same with the company's connection. */
function connectedContext(
  context: SharedContext,
  provider: ProviderDefinition,
  companyId: string,
  step: StepContext | null,
  access: Access,
): ClientContext {
  const bare = clientContext(context, provider, companyId, step);
  const { baseUrl } = bare;
  return {
    ...bare,
    accountId: access.accountId,
    accessToken: access.token,
    fetch: createOutgoingFetch({ provider, baseUrl, refresh: access.refresh }),
  };
}

/** What a leg has used of its company's connections. */
export interface ConnectionUse {
  /** Whether any secret was in the hands of a block. */
  hasSecrets: boolean;
  /** Ids of the connections, by provider. */
  connections: Map<string, string>;
}

/** The client of a step's provider. Throws what the engine should do when there is no usable connection. */
export async function connectProvider(
  context: SharedContext,
  implementation: AnyProvider | null,
  step: StepContext,
  use: ConnectionUse,
): Promise<unknown> {
  if (!implementation) return null;
  const { provider } = implementation;
  const missing = whatIsMissing(context, provider);
  if (missing) throw new BlockError(missing);
  use.hasSecrets ||= provider.auth.type === 'oauth2' || provider.auth.type === 'api-key';
  if (provider.auth.type !== 'oauth2')
    return implementation.client(clientContext(context, provider, step.companyId, step));
  const access = await openAccess(context, provider, step.companyId).catch((error) => {
    context.log.warn('a credential could not be read', { provider: provider.id, ...describeError(error) });
    throw new BlockError(isDatabaseAway(error) ? databaseAway : unreadable(provider.label.en), {
      cause: error,
    });
  });
  use.connections.delete(provider.id);
  if (!access) throw new BlockError(notConnected(provider.label.en));
  use.connections.set(provider.id, access.connectionId);
  return implementation.client(connectedContext(context, provider, step.companyId, step, access));
}

/** A client outside a run: options, tests, identification. */
export async function connectForCompany(
  context: SharedContext,
  implementation: AnyProvider,
  companyId: string,
): Promise<unknown> {
  const { provider } = implementation;
  const missing = whatIsMissing(context, provider);
  if (missing) throw new WorkflowError('provider_not_configured', missing.message);
  if (provider.auth.type !== 'oauth2')
    return implementation.client(clientContext(context, provider, companyId));
  const access = await openAccess(context, provider, companyId);
  if (!access)
    throw new WorkflowError(
      'provider_not_configured',
      `${provider.label.en} is not connected. Connect it first.`,
    );
  return implementation.client(connectedContext(context, provider, companyId, null, access));
}

/** Opens a file for a step, as the step's company. A plain text is the id of one of the host's documents. */
export async function openFile(
  context: SharedContext,
  file: FileInput,
  step: StepContext,
  use: ConnectionUse,
): Promise<FileContent> {
  const host = [...context.providers.values()].find(({ auth }) => auth.type === 'host');
  const { provider, id } = typeof file === 'string' ? { provider: host?.id ?? '', id: file } : file;
  const implementation = context.implementations.get(provider);
  if (!implementation?.openFile) {
    const message = `No file can be had from "${provider}", so the step was not carried out. Choose a file an earlier step gives, or a document.`;
    throw new BlockError({ kind: 'terminal', code: 'file_unknown', message, actor: 'customer' });
  }
  let content: FileContent;
  try {
    const client = await connectProvider(context, implementation, step, use);
    content = await implementation.openFile(client, id);
  } catch (error) {
    throw new BlockError(readFailure(implementation, error), { cause: error });
  }
  if (content.bytes.byteLength <= context.caps.fileBytes) return content;
  const message = `The file has ${content.bytes.byteLength} bytes; at most ${context.caps.fileBytes} can be passed on. Use a smaller file.`;
  throw new BlockError({ kind: 'terminal', code: 'file_too_large', message, actor: 'customer' });
}

/** Reading a file changes nothing, so that an uncertain answer is simply asked for again. It is the file's provider that is to be connected. */
function readFailure(implementation: AnyProvider, error: unknown): StepFailure {
  const { id, auth } = implementation.provider;
  const failure = failureOf(implementation, error);
  if (failure.kind === 'uncertain') return { ...failure, kind: 'retry' };
  if (failure.kind !== 'reconnect') return failure;
  return auth.type === 'oauth2' ? { ...failure, provider: id } : { ...failure, kind: 'terminal' };
}

/** What an error of a client means, our own refusals first: the SDK has wrapped them. */
export function failureOf(implementation: AnyProvider, error: unknown): StepFailure {
  return findBlockError(error)?.failure ?? implementation.mapError(error);
}

/** What the host has not given, for providers whose companies connect nothing. */
function whatIsMissing(context: SharedContext, { id, auth, label }: ProviderDefinition): StepFailure | null {
  if (auth.type === 'host' && !context.host) {
    const message =
      'The application gave no host functions, so its steps cannot run. Pass "host" to createWorkflowServer.';
    return { kind: 'terminal', code: 'host_missing', message, actor: 'developer' };
  }
  if (auth.type === 'api-key' && !context.providerOptions[id]?.apiKey) {
    const message = `The application gave no key for ${label.en}, so its steps cannot run. Pass providers["${id}"].apiKey to createWorkflowServer.`;
    return { kind: 'terminal', code: 'api_key_missing', message, actor: 'developer' };
  }
  return null;
}

const notConnected = (label: string): StepFailure => ({
  kind: 'reconnect',
  code: 'not_connected',
  message: `${label} is not connected, so the step was not carried out. Connect it in Settings > Integrations.`,
  actor: 'customer',
});

/** Nothing has been asked of the provider yet, so the step may safely be tried again. */
const databaseAway: StepFailure = {
  kind: 'retry',
  code: 'connection_unavailable',
  message: 'The connection could not be read because the database was away; the step was not carried out.',
  actor: 'developer',
};

const unreadable = (label: string): StepFailure => ({
  kind: 'terminal',
  code: 'connection_unreadable',
  message: `The stored credential of ${label} cannot be opened, so the step was not carried out. Put its key back into encryptionKeys, or reconnect ${label}.`,
  actor: 'developer',
});
