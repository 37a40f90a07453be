/**
 * The tables. Column types are explicit (nothing is read from TypeScript's metadata, so any transpiler will do) and `company_id`
 * leads every key. What the engine's hot path touches (`workflow_run`, `workflow_run_step`) is narrow; large JSON of a run lives in
 * `workflow_run_data`. The schema is made by the migrations alone.
 */
import 'reflect-metadata';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RefusedEmail } from '../../core/api/shapes';
import type { WorkflowDefinition } from '../../core/definition/schema';
import type { StepFailure } from '../../core/errors';
import type { Json } from '../../core/json';
import type { AttemptRecord, RunError, SkipReason, StepRecord } from '../../core/run/ports';
import type { RunStatus, StepStatus } from '../../core/run/status';
import type { Decision, RecordedWait, WakeUp } from '../../core/run/wait';
import type { EngineRun } from './engine';

/** What is noted of an effect before it begins. */
export type Intent = Pick<
  StepRecord,
  'key' | 'nodeId' | 'type' | 'seq' | 'attempt' | 'attempts' | 'startedAt'
>;

@Entity('workflow')
export class WorkflowEntity {
  @PrimaryColumn('text', { name: 'company_id' }) companyId!: string;
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
  @Column('boolean') enabled!: boolean;
  @Column('jsonb') draft!: WorkflowDefinition;
  @Column('integer') revision!: number;
  @Column('integer', { name: 'published_version', nullable: true }) publishedVersion!: number | null;
  /** Trigger of the published version: what an event looks workflows up by. */
  @Column('text', { name: 'trigger_type', nullable: true }) triggerType!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
  @Column('timestamptz', { name: 'deleted_at', nullable: true }) deletedAt!: Date | null;
}

/** When a workflow that is published, enabled and started by the clock is to start next. */
@Entity('workflow_schedule')
export class ScheduleEntity {
  @PrimaryColumn('text', { name: 'company_id' }) companyId!: string;
  @PrimaryColumn('uuid', { name: 'workflow_id' }) workflowId!: string;
  @Column('text') cron!: string;
  @Column('text', { name: 'time_zone' }) timeZone!: string;
  @Column('timestamptz', { name: 'next_at' }) nextAt!: Date;
}

@Entity('workflow_version')
export class WorkflowVersionEntity {
  @PrimaryColumn('text', { name: 'company_id' }) companyId!: string;
  @PrimaryColumn('uuid', { name: 'workflow_id' }) workflowId!: string;
  @PrimaryColumn('integer') version!: number;
  @Column('jsonb') definition!: WorkflowDefinition;
  @Column('text', { name: 'created_by' }) createdBy!: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}

@Entity('workflow_run')
export class RunEntity {
  @PrimaryColumn('text', { name: 'company_id' }) companyId!: string;
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'workflow_id' }) workflowId!: string;
  @Column('text', { name: 'workflow_name' }) workflowName!: string;
  /** `null`: a run of the draft as it stood, kept in the run's data. */
  @Column('integer', { nullable: true }) version!: number | null;
  @Column('text') status!: RunStatus;
  @Column('text') trigger!: string;
  /** What started it, unique within the company and the workflow: an event's id, a caller's idempotency key. */
  @Column('text', { name: 'trigger_key' }) triggerKey!: string;
  /** SHA-256 of what came with the key, to tell a repetition from a different request. */
  @Column('text', { name: 'trigger_hash' }) triggerHash!: string;
  @Column('text', { nullable: true }) title!: string | null;
  @Column('text', { name: 'business_keys', array: true }) businessKeys!: string[];
  /** Raised by every claim; a write with an older one is refused. */
  @Column('integer') epoch!: number;
  @Column('timestamptz', { name: 'lease_until', nullable: true }) leaseUntil!: Date | null;
  @Column('timestamptz', { name: 'wake_at', nullable: true }) wakeAt!: Date | null;
  /** The step whose effect is under way: its result is not known yet. */
  @Column('jsonb', { nullable: true }) intent!: Intent | null;
  /** Runners that went down with it since its last commit. */
  @Column('integer') deaths!: number;
  /** Who carries it out, where it is not this server. */
  @Column('jsonb', { nullable: true }) engine!: EngineRun | null;
  @Column('timestamptz', { name: 'cancel_requested_at', nullable: true }) cancelRequestedAt!: Date | null;
  @Column('uuid', { name: 'retry_of', nullable: true }) retryOf!: string | null;
  @Column('integer', { name: 'cause_depth' }) causeDepth!: number;
  @Column('jsonb', { nullable: true }) error!: RunError | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'started_at', nullable: true }) startedAt!: Date | null;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt!: Date | null;
}

@Entity('workflow_run_data')
export class RunDataEntity {
  @PrimaryColumn('text', { name: 'company_id' }) companyId!: string;
  @PrimaryColumn('uuid', { name: 'run_id' }) runId!: string;
  @Column('jsonb') payload!: Json;
  /** Only for runs of a draft; the others read their version. */
  @Column('jsonb', { nullable: true }) definition!: WorkflowDefinition | null;
  /** In a retry: the run whose effect key a step keeps, because its effect may already have happened there. */
  @Column('jsonb', { name: 'effect_origins', nullable: true }) effectOrigins!: Record<string, string> | null;
  /** In a retry: steps of the run before that it goes on with, by key (`ExecuteRunInput.carried`). */
  @Column('jsonb', { nullable: true }) carried!: Record<string, StepRecord> | null;
  /** In a retry: ids of the events that have started or woken the runs before, for the steps it takes over. They are nothing new to it. */
  @Column('text', { name: 'used_events', array: true, nullable: true }) usedEvents!: string[] | null;
  /** The person who started it; `null` when an event or the clock did. */
  @Column('text', { name: 'started_by', nullable: true }) startedBy!: string | null;
}

@Entity('workflow_run_step')
export class RunStepEntity {
  @PrimaryColumn('text', { name: 'company_id' }) companyId!: string;
  @PrimaryColumn('uuid', { name: 'run_id' }) runId!: string;
  @PrimaryColumn('text', { name: 'step_key' }) stepKey!: string;
  @Column('text', { name: 'node_id' }) nodeId!: string;
  @Column('text') type!: string;
  @Column('integer') seq!: number;
  @Column('text') status!: StepStatus;
  @Column('integer') attempt!: number;
  @Column('jsonb', { nullable: true }) input!: Json;
  @Column('jsonb', { nullable: true }) output!: Json;
  @Column('jsonb', { nullable: true }) error!: StepFailure | null;
  @Column('text', { nullable: true }) branch!: string | null;
  @Column('jsonb', { name: 'skipped_because', nullable: true }) skippedBecause!: SkipReason | null;
  @Column('jsonb', { nullable: true }) attempts!: AttemptRecord[] | null;
  @Column('timestamptz', { name: 'wake_at', nullable: true }) wakeAt!: Date | null;
  @Column('jsonb', { nullable: true }) wait!: RecordedWait | null;
  /** In a retry: the earlier run it was done in. */
  @Column('uuid', { name: 'reused_from', nullable: true }) reusedFrom!: string | null;
  @Column('timestamptz', { name: 'started_at', nullable: true }) startedAt!: Date | null;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt!: Date | null;
}

/** A wait for an event or a decision. Whoever moves it out of `open` first has ended it. */
@Entity('workflow_wait')
export class WaitEntity {
  @PrimaryColumn('text', { name: 'company_id' }) companyId!: string;
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'run_id' }) runId!: string;
  @Column('text', { name: 'step_key' }) stepKey!: string;
  @Column('text') kind!: 'event' | 'decision' | 'connection';
  @Column('text', { name: 'event_type', nullable: true }) eventType!: string | null;
  /** `used`: events that ended earlier waits of the step. */
  @Column('jsonb') wait!: Exclude<RecordedWait, { kind: 'time' }> & { used?: string[] };
  @Column('text') state!: 'open' | 'woken' | 'timed_out' | 'canceled';
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz') until!: Date;
  /** Up to when events have been searched for one that came before the wait, or that it missed. */
  @Column('timestamptz', { name: 'looked_at' }) lookedAt!: Date;
  @Column('jsonb', { name: 'wake_up', nullable: true }) wakeUp!: WakeUp | null;
  @Column('timestamptz', { name: 'ended_at', nullable: true }) endedAt!: Date | null;
  /** Of an approval: what people have said so far. */
  @Column('jsonb') decisions!: Decision[];
  /** When the host is to be told of it (again); `null` when it has been, or need not be. */
  @Column('timestamptz', { name: 'notify_at', nullable: true }) notifyAt!: Date | null;
}

/** Lets whoever has its token decide an approval as one person. */
@Entity('workflow_approval_link')
export class ApprovalLinkEntity {
  @PrimaryColumn('text', { name: 'token_hash' }) tokenHash!: string;
  @Column('text', { name: 'company_id' }) companyId!: string;
  @Column('uuid', { name: 'wait_id' }) waitId!: string;
  @Column('text', { name: 'user_id' }) userId!: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}

/** What the host told of, kept so that a wait that begins late still finds it and a repetition is recognised. */
@Entity('workflow_event')
export class EventEntity {
  @PrimaryColumn('text', { name: 'company_id' }) companyId!: string;
  @PrimaryColumn('text') id!: string;
  @Column('text') type!: string;
  @Column('timestamptz') at!: Date;
  /** SHA-256 of the type and the data. */
  @Column('text') hash!: string;
  @Column('jsonb') data!: Json;
}

/** The address whose emails start a workflow: `wf-<token>@<inbound domain>`. */
@Entity('workflow_inbound_address')
export class InboundAddressEntity {
  @PrimaryColumn('text', { name: 'company_id' }) companyId!: string;
  @PrimaryColumn('uuid', { name: 'workflow_id' }) workflowId!: string;
  @Column('text') token!: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}

/** An email that arrived at a workflow's address, kept to recognise a repetition and to tell what started nothing. */
@Entity('workflow_inbound_email')
export class InboundEmailEntity {
  @PrimaryColumn('text', { name: 'company_id' }) companyId!: string;
  @PrimaryColumn('uuid', { name: 'workflow_id' }) workflowId!: string;
  /** Resend's id of the email. */
  @PrimaryColumn('text', { name: 'email_id' }) emailId!: string;
  /** Resend's id of the notice, the same for each repetition. */
  @Column('text', { name: 'delivery_id' }) deliveryId!: string;
  @Column('timestamptz') at!: Date;
  /** Bare address. */
  @Column('text') sender!: string;
  @Column('text') outcome!: RefusedEmail['reason'] | 'started';
  @Column('uuid', { name: 'run_id', nullable: true }) runId!: string | null;
}

@Entity('workflow_connection')
export class ConnectionEntity {
  @PrimaryColumn('text', { name: 'company_id' }) companyId!: string;
  @PrimaryColumn('text') provider!: string;
  @Column('uuid') id!: string;
  @Column('text') state!: 'active' | 'needs_account' | 'needs_reauth' | 'error';
  @Column('text', { name: 'account_id' }) accountId!: string;
  @Column('text', { name: 'account_label' }) accountLabel!: string;
  @Column('text', { array: true }) scopes!: string[];
  /** Sealed by the vault; loaded only where it is opened. */
  @Column('jsonb', { select: false }) credential!: unknown;
  @Column('text', { name: 'connected_by' }) connectedBy!: string;
  @Column('timestamptz', { name: 'connected_at' }) connectedAt!: Date;
  @Column('timestamptz', { name: 'last_used_at', nullable: true }) lastUsedAt!: Date | null;
  @Column('text', { name: 'last_error_code', nullable: true }) lastErrorCode!: string | null;
  /** When the access token ends; `null` when it does not. */
  @Column('timestamptz', { name: 'access_expires_at', nullable: true }) accessExpiresAt!: Date | null;
  /** What a person must choose from while the state is `needs_account`. */
  @Column('jsonb', { nullable: true }) accounts!: { id: string; label: string }[] | null;
}

@Entity('workflow_oauth_flow')
export class OAuthFlowEntity {
  @PrimaryColumn('text', { name: 'state_hash' }) stateHash!: string;
  @Column('text', { name: 'company_id' }) companyId!: string;
  @Column('text', { name: 'user_id' }) userId!: string;
  @Column('text') provider!: string;
  /** SHA-256 of the cookie that binds the flow to one browser. */
  @Column('text', { name: 'browser_hash' }) browserHash!: string;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
  @Column('timestamptz', { name: 'used_at', nullable: true }) usedAt!: Date | null;
}

@Entity('workflow_audit')
export class AuditEntity {
  @PrimaryColumn('text', { name: 'company_id' }) companyId!: string;
  @PrimaryColumn('uuid') id!: string;
  @Column('timestamptz') at!: Date;
  @Column('text', { name: 'user_id', nullable: true }) userId!: string | null;
  @Column('text') action!: string;
  @Column('text', { name: 'target_type' }) targetType!: string;
  @Column('text', { name: 'target_id' }) targetId!: string;
}

export const entities = [
  WorkflowEntity,
  WorkflowVersionEntity,
  ScheduleEntity,
  RunEntity,
  RunDataEntity,
  RunStepEntity,
  WaitEntity,
  ApprovalLinkEntity,
  EventEntity,
  InboundAddressEntity,
  InboundEmailEntity,
  ConnectionEntity,
  OAuthFlowEntity,
  AuditEntity,
];
