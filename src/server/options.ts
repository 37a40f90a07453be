import type { Request } from 'express';
import type { Pool } from 'pg';
import * as z from 'zod';
import type { DocManagerHost } from '../blocks/doc-manager/host';
import { isAddress, isDomain } from '../blocks/resend/addresses';
import { areSecrets } from '../blocks/signature.server';
import type { Role } from '../core/api/route';
import type { AnyBlock } from '../core/block/define';
import type { AnyExecutor, AnyProvider } from '../core/block/implement';
import type { ProviderDefinition } from '../core/block/provider';
import type { Caps } from '../core/definition/schema';
import { areKeys } from './integrations/vault';
import type { Logger } from './log';
import { problemsOfTrigger, type TriggerOptions, triggerOptionsSchema } from './runner/trigger-options';
import type { ApprovalNotice } from './runs/notify-approvals';

/** Who a request comes from, as the host says. */
export interface Principal {
  companyId: string;
  userId: string;
  role: Role;
}

export const principalSchema = z.object({
  companyId: z.string().min(1).max(200),
  userId: z.string().min(1).max(200),
  role: z.enum(['viewer', 'editor', 'admin']),
});

/** Credentials of the host's own app at a provider, and the origin that stands for the real one in tests and sandboxes. */
export interface ProviderOptions {
  clientId?: string | undefined;
  clientSecret?: string | undefined;
  /** Of providers that a deployment has one key for (Resend). */
  apiKey?: string | undefined;
  /**
   * Sender of the emails workflows send, on a domain verified at Resend: `Studio Rossi <no-reply@example.com>`. A function chooses it by
   * company.
   */
  from?: string | ((companyId: string) => string) | undefined;
  /** Of what the provider sends here on its own (Resend's inbound emails), `whsec_…`; two, separated by a comma, while one is being replaced. */
  webhookSecret?: string | undefined;
  /** Domain whose every address arrives at Resend, for workflows that an email starts: `in.example.com`. */
  inboundDomain?: string | undefined;
  /** @default the provider's own origin */
  baseUrl?: string | undefined;
}

export interface WorkflowServerOptions {
  /**
   * Tells who is calling; `null` answers 401. Called for every request but the public ones. Take the company from the session, never from
   * the URL or the body.
   */
  authenticate: (request: Request) => Principal | null | Promise<Principal | null>;
  /** Absolute address the router is reached at from outside. Links and OAuth redirects are made from it and from nothing else. */
  baseUrl: string;
  /** PostgreSQL. @default the embedded one, in `dataDir` */
  databaseUrl?: string | undefined;
  /** Where the embedded PostgreSQL and its keys are kept. @default '.trama' */
  dataDir?: string | undefined;
  /**
   * `kid:base64 of 32 bytes`, separated by commas. The first writes, the others still read. Required with `databaseUrl`; the embedded
   * database makes one in `dataDir`.
   */
  encryptionKeys?: string | undefined;
  /** What workflows may ask of the application. @default steps of the host's blocks fail and say so */
  host?: DocManagerHost | undefined;
  providers?: Readonly<Record<string, ProviderOptions | undefined>> | undefined;
  /** @default the built-in ones */
  blocks?: readonly AnyBlock[] | undefined;
  /** @default the built-in ones */
  executors?: Readonly<Record<string, AnyExecutor>> | undefined;
  /** Definitions of the providers in use. @default the built-in ones */
  providerDefinitions?: readonly ProviderDefinition[] | undefined;
  /** Server halves of the providers in use. @default the built-in ones */
  providerImplementations?: readonly AnyProvider[] | undefined;
  /**
   * `local` runs workflows in this process. `trigger` hands them to Trigger.dev, where the tasks of `trama/trigger` carry them out; for
   * hosts without a process that stays. @default 'local'
   */
  runner?: 'local' | 'trigger' | undefined;
  /** With `runner: 'trigger'`. */
  trigger?: TriggerOptions | undefined;
  /** Runs this process carries out at once. @default 8 */
  concurrency?: number | undefined;
  /** Milliseconds after which a run whose runner fell silent is taken over. @default 15000 */
  leaseMs?: number | undefined;
  /** Milliseconds between looks for work nobody announced. @default 1000 */
  pollMs?: number | undefined;
  /** Secrets of signed `POST /events`, `whsec_…`, separated by commas while one is being replaced. Absent: the route answers 404. */
  eventSecret?: string | undefined;
  /** Bearer token of `POST /internal/sweep`, for a cron job where no process stays awake; 16 characters or more. Absent: the route answers 404. */
  cronSecret?: string | undefined;
  /**
   * Tells people that a decision is asked of them: an e-mail, a notification of yours, with the link that `linkFor` makes for each. Called
   * when the approval is stored; called again, later and later, when it rejects, takes more than 10 seconds or the process died. So the same
   * approval may come twice. With `runner: 'trigger'` hand it to the tasks: the server alone tells at its next sweep.
   * @default nobody is told; approvals stand in the inbox
   */
  notifyApproval?: ((notice: ApprovalNotice) => void | Promise<void>) | undefined;
  /** Apply pending migrations at start. Off: `ready` answers 503 until they have been. @default true */
  autoMigrate?: boolean | undefined;
  /** Connections in the pool. @default 10 */
  poolSize?: number | undefined;
  /** Told of the pool before it is used, for platforms that look after idle connections: `attachDatabasePool` of `@vercel/functions`. */
  onPool?: ((pool: Pool) => void) | undefined;
  caps?: Partial<Caps> | undefined;
  /** How values become text in messages. @default Italian, Europe/Rome */
  formatting?: { locale?: string; timeZone?: string } | undefined;
  /** @default JSON lines on standard error */
  logger?: Logger | undefined;
  /** @default the machine's */
  clock?: { now: () => number } | undefined;
}

const secretText = 'must be "whsec_" + 32 random bytes in base64; several are separated by commas';

/** Credentials are whatever the provider gave out; only what has a shape of its own is looked at. */
const providerSchema = z.looseObject({
  baseUrl: z.url({ protocol: /^https?$/, error: 'must be an absolute http(s) address' }).optional(),
  from: z
    .custom<string | ((companyId: string) => string)>(
      (value) => typeof value === 'function' || (typeof value === 'string' && isAddress(value)),
      'must be an address such as "Studio Rossi <no-reply@example.com>", or a function that gives one',
    )
    .optional(),
  webhookSecret: z.string().refine(areSecrets, secretText).optional(),
  inboundDomain: z.string().refine(isDomain, 'must be a domain such as in.example.com').optional(),
});

const optionsSchema = z.object({
  authenticate: z.custom(
    (value) => typeof value === 'function',
    'must be a function that tells who is calling; there is no default',
  ),
  baseUrl: z.url({
    protocol: /^https?$/,
    error: 'must be the absolute http(s) address the router is reached at',
  }),
  databaseUrl: z.string().min(1).optional(),
  dataDir: z.string().min(1).optional(),
  encryptionKeys: z
    .string()
    .refine(
      areKeys,
      'must be "<id>:<base64 of 32 bytes>", several separated by commas, each with an id of its own',
    )
    .optional(),
  providers: z.record(z.string(), providerSchema.optional()).optional(),
  eventSecret: z
    .string()
    .refine((text) => text === '' || areSecrets(text), secretText)
    .optional(),
  cronSecret: z.string().min(16, 'must have 16 characters or more').optional(),
  concurrency: z.int().min(1).max(200).optional(),
  leaseMs: z.int().min(1000).optional(),
  pollMs: z.int().min(10).optional(),
  runner: z.enum(['local', 'trigger']).optional(),
  trigger: triggerOptionsSchema.optional(),
});

/** Names every option that is missing or malformed, all at once. */
export function checkOptions(options: WorkflowServerOptions): void {
  const parsed = optionsSchema.safeParse(options);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  if (options.databaseUrl && !options.encryptionKeys) {
    problems.push(
      '  encryptionKeys: is required with databaseUrl; make one with "k1:" + 32 random bytes in base64',
    );
  }
  if (options.runner === 'trigger') problems.push(...problemsOfTrigger(options));
  if (problems.length > 0) throw new Error(`createWorkflowServer cannot start:\n${problems.join('\n')}`);
}

/** Every secret among the options: none of them may be stored, logged or answered. */
export function secretsOf(options: WorkflowServerOptions): string[] {
  const ring = (options.encryptionKeys ?? '').split(',').map((key) => key.slice(key.indexOf(':') + 1));
  const ofProviders = Object.values(options.providers ?? {}).flatMap((provider) =>
    Object.entries(provider ?? {}).filter(([name]) => /secret|key/i.test(name)),
  );
  const texts = [...ring, ...(options.eventSecret ?? '').split(','), options.cronSecret ?? ''];
  texts.push(options.trigger?.secretKey ?? process.env.TRIGGER_SECRET_KEY ?? '');
  return [...texts, ...ofProviders.map(([, value]) => String(value ?? ''))].map((text) => text.trim());
}
