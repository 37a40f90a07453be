import type { LocalText } from './define';

/** OAuth 2 authorization-code settings. The `/paths` are relative to the provider's origin, which a host may replace. */
export interface OAuth2Auth {
  type: 'oauth2';
  authorizePath: string;
  tokenPath: string;
  revokePath?: string;
  scopes: readonly string[];
  /** Between scopes in the authorize URL. */
  scopeSeparator: ' ' | ',';
}

export type ProviderAuth =
  /** Nothing to connect. */
  | { type: 'none' }
  /** The host application itself, through its port. */
  | { type: 'host' }
  /** A key of the whole deployment, given to the server as `providers[id].apiKey`; companies connect nothing. */
  | { type: 'api-key' }
  | OAuth2Auth;

export interface ProviderDefinition {
  id: string;
  label: LocalText;
  description: LocalText;
  /** One character shown in tiles. */
  icon: string;
  /** Colour of the tile, CSS hex. */
  color: string;
  auth: ProviderAuth;
  /** Origin of the real service; absent for `none` and `host`. */
  defaultBaseUrl?: string;
  /** Other hosts its calls may go to, `files.example.com` or `*.example.com`. A stand-in (`baseUrl`) needs none. @default none */
  hosts?: readonly string[];
  /** What an account is called where several are offered to choose from after connecting. @default "Account" */
  accountLabel?: LocalText;
}

export function defineProvider<P extends ProviderDefinition>(definition: P): P {
  return definition;
}
