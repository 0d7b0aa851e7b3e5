import { type RawBuilder, sql } from 'kysely'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { Reader } from '../../../platform/context/vocabulary.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import type { Words } from '../../../platform/errors/words.ts'
import type { JourneyDefinition, JourneyRole, NamedRole, StartRule } from '../contract/definition.ts'

export interface StoredTemplate {
  id: string
  key: string
  name_ja: string
  name_en: string
  state: 'enabled' | 'archived'
  version: number
  starts: StartRule | null
  starts_since: Date | null
  people: Partial<Record<NamedRole, string>>
  definition: JourneyDefinition
}

/** Templates with their newest definition. @param which a condition on `t` */
export async function templatesOf(
  ctx: Pick<Reader, 'tx' | 'tenantId'>,
  which: RawBuilder<boolean> = sql`true`,
): Promise<StoredTemplate[]> {
  const { rows } = await sql<StoredTemplate>`
    select t.id, t.key, t.name_ja, t.name_en, t.state, t.version, t.starts, t.starts_since, t.people, v.definition
    from onboarding_template t
    join onboarding_template_version v on v.tenant_id = ${ctx.tenantId} and v.template_id = t.id and v.version = t.version
    where t.tenant_id = ${ctx.tenantId} and ${which} order by t.key`.execute(ctx.tx)
  return rows
}

/** Locks one template. @throws AppError `not_found` */
export async function lockTemplate(ctx: Context, id: string): Promise<StoredTemplate> {
  await sql`select 1 from onboarding_template where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(
    ctx.tx,
  )
  const [template] = await templatesOf(ctx, sql`t.id = ${id}`)
  if (!template) throw notFound()
  return template
}

export interface StoredJourney {
  id: string
  customer_id: string
  template_id: string
  status: 'running' | 'paused' | 'completed' | 'cancelled'
  people: Partial<Record<JourneyRole, string>>
  paused_on: string | null
  definition: JourneyDefinition
  name: Words
}

/** A condition on `c`: the actor may act on the onboarding of the customer. @throws AppError `forbidden` */
export function mayHandle(ctx: Context): RawBuilder<boolean> {
  const [read, handle] = [requirePermission(ctx, 'customers.read'), requirePermission(ctx, 'onboarding.handle')]
  return sql`(${withinReach(ctx, read)} and ${withinReach(ctx, handle)})`
}

/** Locks a journey that the actor may change. @throws AppError `not_found`; `conflict` for one that has ended */
export async function lockJourney(ctx: Context, id: string): Promise<StoredJourney> {
  const { rows } = await sql<StoredJourney>`
    select j.id, j.customer_id, j.template_id, j.status, j.people, j.paused_on::text, v.definition,
      jsonb_build_object('ja', t.name_ja, 'en', t.name_en) as name
    from onboarding_journey j
    join customer c on c.tenant_id = ${ctx.tenantId} and c.id = j.customer_id
    join onboarding_template t on t.tenant_id = ${ctx.tenantId} and t.id = j.template_id
    join onboarding_template_version v on v.tenant_id = ${ctx.tenantId} and v.template_id = j.template_id and v.version = j.version
    where j.tenant_id = ${ctx.tenantId} and j.id = ${id} and ${mayHandle(ctx)} for update of j`.execute(ctx.tx)
  const [journey] = rows
  if (!journey) throw notFound()
  return journey
}

/** @throws AppError `conflict` for a journey that was completed or cancelled */
export function requireOpen({ status }: Pick<StoredJourney, 'status'>): void {
  if (status === 'running' || status === 'paused') return
  throw new AppError('conflict', {
    ja: 'このオンボーディングはすでに終了しています。',
    en: 'This onboarding has ended already.',
  })
}

/** The same surroundings, in which the product acts by itself: what follows from an act needs no permission of the actor. */
export function systemOf(ctx: Context): Context {
  return { ...ctx, actor: { kind: 'system', id: undefined, name: 'onboarding' } }
}
