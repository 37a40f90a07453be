import { bareAddress, splitAddresses } from '../../blocks/resend/addresses';
import type { InboundNotice } from '../../blocks/resend/inbound-notice.server';
import type { RefusedEmail } from '../../core/api/shapes';
import type { TriggerDefinition } from '../../core/block/define';
import { TRIGGER_ID, type WorkflowDefinition } from '../../core/definition/schema';
import { cleanJson, stableJson } from '../../core/json';
import { type ServerContext, sha256 } from '../context';
import { awaitTogether } from '../runner/port';
import { insertRun } from '../runs/insert-run';
import { acceptPayload } from '../runs/start-run';

import { type ArrivedEmail, emailKey, lookUpEmail, noteEmail } from './emails';
import { isInbound, tokensIn } from './tokens';

interface Addressee {
  companyId: string;
  workflowId: string;
  name: string;
  /** `null` when it is not to be started: never published, switched off, deleted. */
  version: number | null;
}

/**
 * Starts the workflows whose addresses an email was sent to, each once. Resolves after the commits; safe to repeat when it failed. One that
 * cannot be started keeps none of the others from it.
 */
export async function receiveEmail(
  context: ServerContext,
  notice: InboundNotice,
  deliveryId: string,
): Promise<void> {
  const { emailId } = notice;
  const sender = cleanJson(notice.sender) as string;
  const tokens = tokensIn(context, notice.recipients);
  const addressees = tokens.length === 0 ? [] : await findAddressees(context, tokens);
  if (addressees.length === 0) {
    context.log.info('an email came for no address of a workflow', { emailId });
    return;
  }
  const failures: unknown[] = [];
  await awaitTogether(context, async (together) => {
    for (const addressee of addressees) {
      const { companyId, workflowId } = addressee;
      const email = { companyId, workflowId, emailId, deliveryId, sender };
      await deliver(together, addressee, email, notice).catch((error) => failures.push(error));
    }
  });
  if (failures.length > 0) throw failures[0];
}

async function deliver(
  context: ServerContext,
  addressee: Addressee,
  email: ArrivedEmail,
  notice: InboundNotice,
): Promise<void> {
  const { hasStarted, started, arrived } = await lookUpEmail(context, email);
  if (hasStarted) return;
  const limit = context.caps.emailsPerHour;
  const definition =
    addressee.version === null
      ? null
      : await context.versions.read(email.companyId, email.workflowId, addressee.version);
  const reason = definition
    ? (whyToRefuse(context, definition, email, notice) ?? (started >= limit ? 'too_many' : null))
    : 'inactive';
  if (reason !== null) {
    const { companyId, workflowId, emailId } = email;
    context.log.warn('an email started no workflow', { companyId, workflowId, emailId, reason });
    // A flood is told of in the log; the table must not grow with it.
    if (arrived < 2 * limit) await noteEmail(context, email, reason);
    return;
  }
  const payload = acceptPayload(context, notice.announced);
  const run = await insertRun(context, {
    workflow: { companyId: email.companyId, id: email.workflowId, name: addressee.name },
    version: addressee.version,
    definition: definition as WorkflowDefinition,
    payload,
    triggerKey: emailKey(email.emailId),
    // Not of the whole notice: a second one of the same email may differ in what it tells.
    triggerHash: sha256(stableJson({ emailId: email.emailId })),
    userId: null,
  });
  await noteEmail(context, email, 'started', run.id);
}

/** What can be told without asking Resend; the headers are looked at in the run's first step. */
function whyToRefuse(
  context: ServerContext,
  definition: WorkflowDefinition,
  { companyId, sender }: ArrivedEmail,
  { announced }: InboundNotice,
): RefusedEmail['reason'] | null {
  const node = definition.nodes.find(({ id }) => id === TRIGGER_ID);
  const trigger = context.blocks.get(node?.type ?? '') as TriggerDefinition | undefined;
  if (!trigger?.hasAddress) return 'inactive';
  const { from } = context.providerOptions.resend ?? {};
  const own = bareAddress((typeof from === 'function' ? from(companyId) : from) ?? '');
  // Of several senders each: what a workflow sent must not come round.
  const senders = [sender, ...splitAddresses(sender)].map(bareAddress);
  if (senders.some((one) => (own !== '' && one === own) || isInbound(context, one))) return 'own_email';
  const config = trigger.input.safeParse(node?.config ?? {});
  const isWanted = config.success && (trigger.matches?.(config.data, announced) ?? true);
  return isWanted ? null : 'sender_refused';
}

async function findAddressees({ database }: ServerContext, tokens: readonly string[]): Promise<Addressee[]> {
  const { rows } = await database.pool.query({
    name: 'trama-addressees',
    text: `select w.company_id as "companyId", w.id as "workflowId", w.name,
        case when w.enabled and w.deleted_at is null then w.published_version end as version
      from workflow_inbound_address a join workflow w on w.company_id = a.company_id and w.id = a.workflow_id
      where a.token = any($1::text[]) order by w.company_id, w.id`,
    values: [tokens],
  });
  return rows;
}
