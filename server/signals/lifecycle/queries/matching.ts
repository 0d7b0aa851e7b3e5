import { type RawBuilder, sql } from 'kysely'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import { compileCondition } from '../../../catalog/conditions/queries/sql.ts'
import type { Context } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'

/** A stage as rules move to it. */
export interface Target {
  id: string
  kind: 'open' | 'won' | 'lost'
  position: number
  condition: Condition
}

/** A statement of the contacts (`contact_id`) that meet a stage's condition (`stage_id`, `rank`, `position`, `kind`). */
async function meetingOf(ctx: Context, target: Target, only?: RawBuilder<unknown>): Promise<RawBuilder<unknown>> {
  const { joins, where } = await compileCondition(ctx, 'contact', target.condition, only)
  // Won before lost before the furthest of the others.
  const rank = { won: 2_000_000, lost: 1_000_000, open: 0 }[target.kind] + target.position
  return sql`select c.id as contact_id, ${target.id}::uuid as stage_id, ${rank}::int as rank, ${target.position}::int as position,
      ${target.kind}::text as kind
    from contact c ${joins}
    where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${where} ${only ? sql`and c.id in (${only})` : sql``}`
}

/**
 * Statements of who meets which stage's condition. A stage whose condition cannot be read any more is left out.
 * @param fault is told of it
 */
export async function meetingAny(
  ctx: Context,
  targets: readonly Target[],
  fault: (target: Target, error: AppError) => void,
  only?: RawBuilder<unknown>,
): Promise<{ stages: string[]; statement: RawBuilder<unknown> } | undefined> {
  const parts: { id: string; part: RawBuilder<unknown> }[] = []
  for (const target of targets) {
    try {
      parts.push({ id: target.id, part: await meetingOf(ctx, target, only) })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      fault(target, error)
    }
  }
  if (parts.length === 0) return undefined
  const statement = sql.join(
    parts.map(({ part }) => part),
    sql` union all `,
  )
  return { stages: parts.map(({ id }) => id), statement }
}

/**
 * A statement of who is to be moved, and where: the furthest stage whose condition is met, ahead of where the contact
 * is. Contacts of a customer take part where they are in a stage; who was won or lost, or was taken back by hand while
 * the condition held, stays. It reads `meeting`, and gives `contact_id`, `stage_id`, `was` (what the contact says),
 * `from_stage`, `from_position`, `since`.
 */
export function candidates(ctx: Context): RawBuilder<unknown> {
  return sql`select distinct on (m.contact_id) m.contact_id, m.stage_id, c.lifecycle_stage as was, p.stage_id as from_stage,
      case when here.kind <> 'lost' then here.position end as from_position, p.since
    from meeting m
    join contact c on c.tenant_id = ${ctx.tenantId} and c.id = m.contact_id
    left join lifecycle_position p on p.tenant_id = ${ctx.tenantId} and p.contact_id = m.contact_id
    left join lifecycle_stage here on here.tenant_id = ${ctx.tenantId} and here.id = p.stage_id
    where (c.customer_id is null or here.id is not null)
      and (here.id is null or here.kind = 'open')
      and case when m.kind = 'lost' then here.id is not null else here.id is null or m.position > here.position end
      and not m.stage_id = any(coalesce(p.blocked, '{}'))
    order by m.contact_id, m.rank desc`
}
