import type { ApprovalNotice } from 'trama/server';
import { users } from './people';

interface Mailer {
  apiKey: string;
  from: string | ((companyId: string) => string);
  baseUrl?: string;
}

/** Emails everybody who is asked to decide, each with a link of their own. Trama calls it again when it throws: better told twice than not. */
export function createApprovalNotices({ apiKey, from, baseUrl = 'https://api.resend.com' }: Mailer) {
  return async ({ companyId, approval, linkFor }: ApprovalNotice): Promise<void> => {
    for (const { id: address, name } of deciders(companyId, approval.approvers)) {
      const response = await fetch(`${baseUrl}/emails`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          from: typeof from === 'string' ? from : from(companyId),
          to: [address],
          subject: `Da decidere: ${approval.message.slice(0, 120)}`,
          text:
            `Buongiorno ${name},\n\nil flusso «${approval.workflowName}» attende una decisione:\n\n${approval.message}\n\n` +
            `Decida qui: ${await linkFor(address)}\nIl link è personale: non lo inoltri a nessuno.`,
        }),
      });
      if (!response.ok) throw new Error(`The email to ${address} was refused with ${response.status}.`);
    }
  };
}

/** Our people among the approvers; a role stands for all who have it, and nobody named for all who may edit. */
function deciders(companyId: string, approvers: readonly string[]) {
  const asked = new Set(approvers.length > 0 ? approvers : ['role:editor']);
  return users.filter(
    ({ id, role, ...user }) =>
      user.companyId === companyId &&
      (asked.has(id) || asked.has(`role:${role}`) || (role === 'admin' && asked.has('role:editor'))),
  );
}
