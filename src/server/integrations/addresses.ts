import type { ProviderDefinition } from '../../core/block/provider';
import type { SharedContext } from '../context';

/** Origin a provider is reached at: the host's stand-in, or the real one. */
export function baseUrlOf(context: SharedContext, providerId: string): string {
  const configured = context.providerOptions[providerId]?.baseUrl;
  return (configured ?? context.providers.get(providerId)?.defaultBaseUrl ?? '').replace(/\/+$/, '');
}

/** Where a provider sends the browser back to; registered with the provider as it stands. */
export const redirectUri = (context: SharedContext, provider: string): string =>
  `${context.baseUrl}/integrations/${provider}/callback`;

/** Whether it is on this machine, as sandboxes and the stand-ins of tests are. */
export const isLoopback = ({ hostname }: URL): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

/** Whether the host gave what the provider needs before anybody can connect or use it. */
export function isConfigured(context: SharedContext, { id, auth }: ProviderDefinition): boolean {
  const { clientId, clientSecret, apiKey } = context.providerOptions[id] ?? {};
  switch (auth.type) {
    case 'none':
      return true;
    case 'host':
      return context.host !== undefined;
    case 'api-key':
      return Boolean(apiKey);
    case 'oauth2':
      return Boolean(clientId && clientSecret);
    default:
      return auth satisfies never;
  }
}
