/**
 * The email addresses of workflows. A token stands in clear: people must be shown it again and again, and whoever writes to it knows it
 * anyway (docs/decisions). 130 random bits in small letters and digits, since the part before the `@` is often brought to small letters.
 */
import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { bareAddress } from '../../blocks/resend/addresses';
import type { TriggerDefinition } from '../../core/block/define';
import { TRIGGER_ID } from '../../core/definition/schema';
import type { SharedContext } from '../context';
import type { WorkflowEntity } from '../db/entities';

const PREFIX = 'wf-';
/** RFC 4648 base32, in small letters. */
const DIGITS = 'abcdefghijklmnopqrstuvwxyz234567';
const TOKEN_LENGTH = 26;
/** Workflows one email may start. */
const MAX_TOKENS = 20;

/** Five bits of each byte: 130 random bits. */
export const createToken = (): string =>
  [...randomBytes(TOKEN_LENGTH)].map((byte) => DIGITS[byte & 31]).join('');

/** Domain of the addresses; `null` where the host has not set up all that receiving takes. */
export function inboundDomainOf({ providerOptions }: SharedContext): string | null {
  const { inboundDomain, webhookSecret } = providerOptions.resend ?? {};
  return inboundDomain && webhookSecret ? inboundDomain.toLowerCase() : null;
}

export const addressOf = (domain: string, token: string): string => `${PREFIX}${token}@${domain}`;

/** Whether an address is one of the inbound domain's: an email from there would come round. */
export const isInbound = (context: SharedContext, address: string): boolean => {
  const domain = inboundDomainOf(context);
  return domain !== null && address.endsWith(`@${domain}`);
};

/** The tokens among the addresses of an email, each once. */
export function tokensIn(context: SharedContext, recipients: readonly string[]): string[] {
  const pattern = new RegExp(`^${PREFIX}([a-z2-7]{${TOKEN_LENGTH}})@`);
  const tokens = recipients.flatMap((recipient) => {
    const address = bareAddress(recipient);
    const token = isInbound(context, address) ? pattern.exec(address)?.[1] : undefined;
    return token ? [token] : [];
  });
  return [...new Set(tokens)].slice(0, MAX_TOKENS);
}

/** Whether a definition is started by emails to an address of its own. */
export function needsAddress(
  { blocks }: Pick<SharedContext, 'blocks'>,
  definition: { nodes: readonly { id: string; type: string }[] },
): boolean {
  const trigger = blocks.get(definition.nodes.find(({ id }) => id === TRIGGER_ID)?.type ?? '');
  return (trigger as TriggerDefinition | undefined)?.hasAddress ?? false;
}

/** Gives the workflow an address when its draft needs one and there is none yet: part of the change itself. */
export async function keepAddress(
  context: SharedContext,
  manager: EntityManager,
  row: WorkflowEntity,
): Promise<void> {
  if (needsAddress(context, row.draft)) await insertToken(context, manager, row);
}

export async function insertToken(
  context: SharedContext,
  manager: EntityManager,
  { companyId, id }: Pick<WorkflowEntity, 'companyId' | 'id'>,
): Promise<void> {
  await manager.query(
    `insert into workflow_inbound_address (company_id, workflow_id, token, created_at) values ($1, $2, $3, $4)
     on conflict (company_id, workflow_id) do nothing`,
    [companyId, id, createToken(), new Date(context.clock.now())],
  );
}
