/** What the consent pages of all fakes ask of an app's request. */

/** An http(s) address, and one the app registered where it registered any. */
export function isAllowedRedirect(
  { redirectUrls }: { redirectUrls?: readonly string[] },
  address: string | undefined,
): boolean {
  if (!address || !URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) return false;
  return !redirectUrls || redirectUrls.some((allowed) => address.startsWith(allowed));
}

export const scopesOf = (params: Record<string, string>): string[] =>
  (params.scope ?? '').split(/[ ,]+/).filter((scope) => scope !== '');
