/** Choices that a provider holds: channels, customers, VAT types. */
import type { AnyProvider, OptionLoader, OptionsPage, RemoteOption } from '../../core/block/implement';
import { WorkflowError } from '../../core/errors';
import type { SharedContext } from '../context';
import { describeError } from '../log';
import { connectForCompany, failureOf } from './clients';
import { findConnection } from './connections';
import type { OptionOwner } from './option-cache';

/** Pages looked through for a value where a loader cannot be asked for it. */
const MOST_PAGES = 10;
/** Milliseconds a check of a workflow waits for a provider. */
const FIND_BUDGET_MS = 3_000;

export interface OptionQuery {
  q: string;
  cursor: string | null;
}

/** One page of choices. @throws WorkflowError when there is no such list, no connection, or no answer */
export async function listOptions(
  context: SharedContext,
  companyId: string,
  implementation: AnyProvider,
  name: string,
  { q, cursor }: OptionQuery,
): Promise<OptionsPage> {
  const source = await openOptions(context, companyId, implementation, name);
  return source.page(q, cursor);
}

/** The choice with a value, as a list of one or none. */
export async function listOption(
  context: SharedContext,
  companyId: string,
  implementation: AnyProvider,
  name: string,
  value: string,
): Promise<OptionsPage> {
  const source = await openOptions(context, companyId, implementation, name);
  const item = await source.find(value);
  return { items: item ? [item] : [], nextCursor: null };
}

/** The choice with this value, `null` when the provider has none, `unknown` when it cannot be asked or takes too long. */
export async function findOption(
  context: SharedContext,
  companyId: string,
  provider: string,
  name: string,
  value: string,
  budgetMs = FIND_BUDGET_MS,
): Promise<RemoteOption | null | 'unknown'> {
  const implementation = context.implementations.get(provider);
  if (!implementation) return 'unknown';
  const asked = openOptions(context, companyId, implementation, name)
    .then((source) => source.find(value))
    .catch((error) => {
      context.log.info('an option could not be looked up', { provider, ...describeError(error) });
      return 'unknown' as const;
    });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<'unknown'>((resolve) => {
    timer = setTimeout(() => resolve('unknown'), budgetMs);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

interface OptionSource {
  page: (q: string, cursor: string | null) => Promise<OptionsPage>;
  find: (value: string) => Promise<RemoteOption | null>;
}

async function openOptions(
  context: SharedContext,
  companyId: string,
  implementation: AnyProvider,
  name: string,
): Promise<OptionSource> {
  const loader = loaderOf(implementation, name);
  const owner = await ownerOf(context, companyId, implementation.provider.id);
  const ask = <T>(parts: readonly unknown[], call: (client: unknown) => Promise<T>): Promise<T> =>
    context.optionCache.read(owner, [name, ...parts], async () => {
      const client = await connectForCompany(context, implementation, companyId);
      return call(client).catch((error) => {
        throw providerError(context, implementation, error);
      });
    });
  const page = (q: string, cursor: string | null) =>
    ask([q, cursor], (client) => loader.list(client, { q, cursor }));
  const { find } = loader;
  return {
    page,
    find: (value) => (find ? ask([{ value }], (client) => find(client, value)) : searchPages(page, value)),
  };
}

async function searchPages(page: OptionSource['page'], value: string): Promise<RemoteOption | null> {
  let cursor: string | null = null;
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const { items, nextCursor }: OptionsPage = await page('', cursor);
    const found = items.find((item) => item.value === value);
    if (found || nextCursor === null) return found ?? null;
    cursor = nextCursor;
  }
  const message = 'The list is too long to be searched for one value. Choose it from the list.';
  throw new WorkflowError('provider_error', message, { details: { code: 'options_too_many' } });
}

function loaderOf({ options = {}, provider }: AnyProvider, name: string): OptionLoader {
  const loader = Object.hasOwn(options, name) ? options[name] : undefined;
  if (loader) return loader;
  throw new WorkflowError('not_found', `${provider.label.en} has no options named "${name}".`);
}

/** Read anew each time: another process may have connected, disconnected or chosen an account since. */
async function ownerOf(context: SharedContext, companyId: string, provider: string): Promise<OptionOwner> {
  const needsConnection = context.providers.get(provider)?.auth.type === 'oauth2';
  const connection = needsConnection ? await findConnection(context, companyId, provider) : null;
  return {
    ...{ companyId, provider },
    connectionId: connection ? `${connection.id} ${connection.state}` : '',
    accountId: connection?.accountId ?? '',
  };
}

function providerError(context: SharedContext, implementation: AnyProvider, error: unknown): WorkflowError {
  const { code, message } = context.secrets.json(failureOf(implementation, error));
  return new WorkflowError('provider_error', message, { details: { code } });
}
