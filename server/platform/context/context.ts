import type { Database } from '../db/kysely.ts'
import { AppError, forbidden } from '../errors/app-error.ts'
import type { Locale } from '../errors/words.ts'
import { type Permission, type Role, type Scope, scopeOf } from '../permissions/contract.ts'
import type { Installation } from './installation.ts'

declare const checked: unique symbol
/** The id of a tenant, checked to be a UUID in lower case: only such a text may be put into `SET LOCAL app.tenant`. */
export type TenantId = string & { [checked]: true }

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** @throws AppError `malformed` when the text is no UUID */
export function tenantIdOf(text: string): TenantId {
  if (!uuid.test(text))
    throw new AppError('malformed', { ja: '会社のIDが正しくありません。', en: 'This is no id of a company.' })
  return text as TenantId
}

/** Who acts. A member acts for themselves, an API key for the company, the system for a schedule or the operator. */
export type Actor =
  | { kind: 'member'; id: string; userId: string; sessionId: string; role: Role }
  | { kind: 'api_key'; id: string; role: Role; limit: string[] }
  | { kind: 'person'; id: string | undefined }
  | { kind: 'system'; id: undefined; name: string }

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }
export type JsonObject = { [key: string]: JsonValue }

export interface Subject {
  kind: string
  id: string
}

/** A domain event: a fact in the past tense, such as `member.joined`. */
export interface Announcement {
  type: string
  subject?: Subject
  payload: JsonObject
}

/** A job to do after this transaction committed. */
export interface JobRequest {
  name: string
  payload: JsonObject
  /** Not before this moment; at once without it. */
  runAt?: Date
  /** While a job of this name and key waits, a second one is not added. */
  key?: string
}

/** A line for the audit log: action in the past tense (`member.role_changed`), details without personal data or secrets. */
export interface AuditRecord {
  action: string
  outcome?: 'done' | 'refused' | 'failed'
  subject?: Subject
  details?: JsonObject
}

/** What a request brought along, whatever its tenant. */
export interface Origin {
  requestId: string
  /** Address of the caller, undefined for jobs. */
  network: string | undefined
  locale: Locale
  now: Date
}

/** What a command has said to do; written by the gate right before it commits, in the same transaction. */
export interface Pending {
  events: Announcement[]
  jobs: JobRequest[]
  records: AuditRecord[]
}

/** Everything a command or query needs to know of its surroundings. Only the gates make one. */
export interface Context extends Origin {
  tenantId: TenantId
  actor: Actor
  tx: Database
  installation: Installation
  pending: Pending
}

/** The record scope in which the actor holds a permission. @throws AppError `forbidden` when they do not */
export function requirePermission(ctx: Context, permission: Permission): Scope {
  const scope = permissionScope(ctx.actor, permission)
  if (!scope) throw forbidden(permission)
  return scope
}

export function permissionScope(actor: Actor, permission: Permission): Scope | undefined {
  if (actor.kind === 'system') return 'all'
  if (actor.kind === 'person') return undefined
  return scopeOf(actor.role, permission, actor.kind === 'api_key' ? actor.limit : [])
}

export function announce(ctx: Context, event: Announcement): void {
  ctx.pending.events.push(event)
}

/** In a tenant's context the job belongs to the tenant, in an account's to none. */
export function enqueue(surroundings: { pending: Pick<Pending, 'jobs'> }, job: JobRequest): void {
  surroundings.pending.jobs.push(job)
}

export function record(ctx: Context, line: AuditRecord): void {
  ctx.pending.records.push(line)
}
