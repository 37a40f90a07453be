import type { Translate } from '../shared/translate';
import { type ConnectMessageKey, connectMessages } from './connect-messages';
import type { ConnectFailure } from './connect-popup';

type ReasonKey = ConnectMessageKey & `connect.reason.${string}`;

/** Why connecting did not come about and what to do, in the reader's words; of an account that was refused, with the provider's reason. */
export function connectWords(
  { code, reason, message }: ConnectFailure,
  provider: string,
  t: Translate<ConnectMessageKey>,
): { title: string; text: string } {
  const key = `connect.reason.${reason}` as ReasonKey;
  const why = Object.hasOwn(connectMessages.en, key) ? t(key) : (message ?? '');
  return {
    title: t(`connect.${code}.title`, { provider }),
    text: t(`connect.${code}.text`, { provider, reason: why }).trim(),
  };
}
