/** What became of the emails that arrived: a row for each workflow, kept to recognise a repetition and to tell what started nothing. */
import type { RefusedEmail } from '../../core/api/shapes';
import type { SharedContext } from '../context';

const HOUR_MS = 3_600_000;
/** How many emails that started nothing are told of. */
const SHOWN = 5;

export interface ArrivedEmail {
  companyId: string;
  workflowId: string;
  emailId: string;
  /** Resend's id of the notice, the same for each repetition. */
  deliveryId: string;
  sender: string;
}

/** Whether the email, or another under the same notice, has started a run of the workflow; and how busy the address was in the last hour. */
export async function lookUpEmail(
  { database, clock }: SharedContext,
  { companyId, workflowId, emailId, deliveryId }: ArrivedEmail,
): Promise<{ hasStarted: boolean; started: number; arrived: number }> {
  const { rows } = await database.pool.query({
    name: 'trama-inbound-look-up',
    text: `select
      exists (select 1 from workflow_inbound_email where company_id = $1 and workflow_id = $2 and email_id = $3 and outcome = 'started')
      or exists (select 1 from workflow_inbound_email where company_id = $1 and workflow_id = $2 and delivery_id = $4 and outcome = 'started')
        as "hasStarted",
      count(*) filter (where outcome = 'started')::int as started, count(*)::int as arrived
      from workflow_inbound_email where company_id = $1 and workflow_id = $2 and at > $5`,
    values: [companyId, workflowId, emailId, deliveryId, new Date(clock.now() - HOUR_MS)],
  });
  return rows[0];
}

/** Notes what became of an email. One that started nothing may start something when it is told again: the workflow may have changed. */
export async function noteEmail(
  { database, clock }: SharedContext,
  { companyId, workflowId, emailId, deliveryId, sender }: ArrivedEmail,
  outcome: RefusedEmail['reason'] | 'started',
  runId: string | null = null,
): Promise<void> {
  await database.pool.query({
    name: 'trama-inbound-note',
    text: `insert into workflow_inbound_email (company_id, workflow_id, email_id, delivery_id, at, sender, outcome, run_id)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      on conflict (company_id, workflow_id, email_id) do update set outcome = excluded.outcome, run_id = excluded.run_id, at = excluded.at
        where workflow_inbound_email.outcome <> 'started'`,
    values: [companyId, workflowId, emailId, deliveryId, new Date(clock.now()), sender, outcome, runId],
  });
}

/** Those refused at the door, and those whose run ended at once for what their headers said. */
export async function listRefused(
  { database }: SharedContext,
  companyId: string,
  workflowId: string,
): Promise<RefusedEmail[]> {
  const { rows } = await database.pool.query(
    `select e.at, e.sender as "from", case when e.outcome = 'started' then s.output ->> 'message' else e.outcome end as reason
     from workflow_inbound_email e
     left join workflow_run_step s on s.company_id = e.company_id and s.run_id = e.run_id and s.step_key = 'trigger'
     where e.company_id = $1 and e.workflow_id = $2 and (e.outcome <> 'started' or (s.status = 'succeeded' and s.branch is null))
     order by e.at desc limit ${SHOWN}`,
    [companyId, workflowId],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

export const emailKey = (emailId: string): string => `email:${emailId}`;

/** Whether the email has started a run of the workflow. Told by the run's key, which nothing but an arriving email makes. */
export async function hasReceived(
  { database }: SharedContext,
  companyId: string,
  workflowId: string,
  emailId: string,
): Promise<boolean> {
  const { rows } = await database.pool.query(
    'select 1 from workflow_run where company_id = $1 and workflow_id = $2 and trigger_key = $3',
    [companyId, workflowId, emailKey(emailId)],
  );
  return rows.length > 0;
}
