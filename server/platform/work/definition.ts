import type { z } from 'zod'
import type { Context } from '../context/context.ts'
import type { Installation } from '../context/installation.ts'
import type { AccountContext } from '../tenancy/transaction.ts'

interface Common {
  /** `module.verb`, unique. */
  name: string
  /** How often it is tried before a person has to look; 12 attempts take about a day. */
  maxAttempts?: number
}

/**
 * A job inside one tenant. It runs in one transaction with its own completion: its effect on the database happens
 * exactly once. It must not call out.
 */
export interface TenantJob extends Common {
  kind: 'tenant'
  payload: z.ZodType
  handle(ctx: Context, payload: never): Promise<void>
  /** Cron expression in the tenant's time zone: every tenant gets a schedule of it. */
  schedule?: string
}

/** A job that belongs to no tenant, in one transaction with its own completion. */
export interface AccountJob extends Common {
  kind: 'account'
  payload: z.ZodType
  handle(account: AccountContext, payload: never): Promise<void>
  /** Cron expression in UTC. */
  schedule?: string
}

/**
 * A job that calls out (SMTP, webhooks) or works in several transactions: it opens its own, and is completed after it
 * returns. It may run again after a crash, so what it does outside carries a key or ends as uncertain.
 */
export interface OutsideJob extends Common {
  kind: 'outside'
  payload: z.ZodType
  handle(installation: Installation, payload: never, signal: AbortSignal): Promise<void>
  /** Cron expression in UTC. */
  schedule?: string
}

export type JobDefinition = TenantJob | AccountJob | OutsideJob

/** Declares a job inside a tenant. */
export function tenantJob<Payload extends z.ZodType>(
  definition: Omit<TenantJob, 'kind' | 'payload' | 'handle'> & {
    payload: Payload
    handle(ctx: Context, payload: z.output<Payload>): Promise<void>
  },
): JobDefinition {
  return { kind: 'tenant', ...definition } as JobDefinition
}

/** Declares a job of no tenant. */
export function accountJob<Payload extends z.ZodType>(
  definition: Omit<AccountJob, 'kind' | 'payload' | 'handle'> & {
    payload: Payload
    handle(account: AccountContext, payload: z.output<Payload>): Promise<void>
  },
): JobDefinition {
  return { kind: 'account', ...definition } as JobDefinition
}

/** Declares a job that calls out. */
export function outsideJob<Payload extends z.ZodType>(
  definition: Omit<OutsideJob, 'kind' | 'payload' | 'handle'> & {
    payload: Payload
    handle(installation: Installation, payload: z.output<Payload>, signal: AbortSignal): Promise<void>
  },
): JobDefinition {
  return { kind: 'outside', ...definition } as JobDefinition
}
