import type { RefusedEmail } from '../../core/api/shapes';
import { RUN_HEADER } from './provider';

/**
 * Why an email must not be acted on, by its headers; `null` when it may. Automatic replies and emails of workflows would go round for ever
 * (RFC 3834); other automatic emails are a choice.
 */
export function whyToPassOver(
  given: Readonly<Record<string, unknown>>,
  config: { senders?: readonly string[] | undefined; automatic: boolean },
): RefusedEmail['reason'] | null {
  const headers = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const header = (name: string) => (headers.get(name) ?? '').trim().toLowerCase();
  if (headers.has(RUN_HEADER.toLowerCase())) return 'own_email';
  const submitted = /^[a-z-]*/.exec(header('auto-submitted'))?.[0] ?? '';
  const precedence = header('precedence');
  // An empty return path is that of a notice of non-delivery.
  if (submitted === 'auto-replied' || precedence === 'auto_reply' || header('return-path') === '<>')
    return 'automatic_reply';
  const isForged = /\bdmarc=fail\b/.test(header('authentication-results'));
  if (isForged && (config.senders ?? []).length > 0) return 'sender_unproven';
  const isAutomatic =
    (submitted !== '' && submitted !== 'no') || ['bulk', 'list', 'junk'].includes(precedence);
  return isAutomatic && !config.automatic ? 'automatic' : null;
}
