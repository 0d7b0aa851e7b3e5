import { sql } from 'kysely'
import type { Context } from './platform/context/context.ts'
import { standardStages } from './signals/lifecycle/catalog.ts'
import { type PastMove, writeHistories } from './signals/lifecycle/commands/history.ts'
import { createStage, updateStage } from './signals/lifecycle/commands/stages.ts'

const dayLength = 86_400_000
const lostReasons = ['予算が来期に見送り', '他社製品に決定', '担当者の異動により検討中止']

interface Person {
  id: string
  lead_score: number | null
  is_won: boolean
  /** When it became known; null: just now. */
  known_at: Date | null
}

/**
 * The standard stages for a demo company, with the way that its leads came by their score, and that of people at its
 * youngest customers, who were won. It takes whatever leads there are.
 */
export async function stageDemo(ctx: Context): Promise<void> {
  // Nobody is moved by a rule before its past was written.
  const ids: string[] = []
  for (const stage of standardStages) ids.push(await createStage(ctx, { ...stage, state: 'paused' }))
  const { rows: people } = await sql<Person>`
    (select c.id, c.lead_score::float8 as lead_score, false as is_won,
      case when least(c.created_at, c.signed_up_at) < ${ctx.now}::timestamptz - interval '1 day' then least(c.created_at, c.signed_up_at) end as known_at
    from contact c where c.tenant_id = ${ctx.tenantId} and c.customer_id is null and c.merged_into is null order by c.id limit 2000)
    union all
    (select k.id, 85, true, null from (
      select distinct on (c.id) k.id, c.contract_start from customer c
      join contact k on k.tenant_id = ${ctx.tenantId} and k.customer_id = c.id and k.merged_into is null
      where c.tenant_id = ${ctx.tenantId} and c.status = 'ACTIVE' and c.merged_into is null order by c.id, k.id) k
    order by k.contract_start desc nulls last, k.id limit 12)`.execute(ctx.tx)
  const { rows: sellers } = await sql<{ id: string }>`
    select id from member where tenant_id = ${ctx.tenantId} order by id limit 8`.execute(ctx.tx)
  await writeHistories(
    ctx,
    people.flatMap((person, place) => wayOf(ctx.now, person, place, sellers[place % sellers.length]?.id ?? null)),
  )
  for (const id of ids) await updateStage(ctx, id, { state: 'enabled', actNow: false })
}

/** How somebody came to where they are: the higher the score, the further; people decide from SQL on. */
function wayOf(
  now: Date,
  { id, lead_score, is_won, known_at }: Person,
  place: number,
  seller: string | null,
): PastMove[] {
  const share = (salt: number) => ((place * 37 + salt * 53) % 100) / 100
  const score = lead_score ?? 0
  const isLost = !is_won && share(1) < 0.12
  const keys = [
    'new',
    ...(score >= 50 ? ['mql'] : []),
    ...(score >= 80 ? ['sql'] : []),
    ...(is_won || (score >= 80 && share(2) < 0.5) ? ['opportunity'] : []),
    ...(is_won ? ['won'] : isLost ? ['lost'] : []),
  ]
  const first = Math.max(known_at?.getTime() ?? 0, now.getTime() - (20 + share(3) * 130) * dayLength)
  // The last move lies up to two weeks back.
  const last = Math.max(first, now.getTime() - share(4) * 14 * dayLength)
  return keys.map((to, step) => {
    const isByHand = ['opportunity', 'won', 'lost'].includes(to)
    const part = keys.length === 1 ? 0 : (step / (keys.length - 1)) ** (0.7 + share(5))
    return {
      contactId: id,
      at: new Date(first + part * (last - first)),
      to,
      cause: isByHand ? 'person' : 'rule',
      actorId: isByHand ? seller : null,
      reason: to === 'lost' ? lostReasons[place % lostReasons.length]! : null,
    }
  })
}
