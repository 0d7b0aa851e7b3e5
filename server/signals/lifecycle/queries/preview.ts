import { sql } from 'kysely'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { joinByHash } from '../../../platform/db/join-plan.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import { candidates, meetingAny, type Target } from './matching.ts'
import { stagesOf } from './stages.ts'

/** Longer than this nobody waits for a preview (ms). */
const patience = 5_000

/** How many contacts meet an entry condition now, and who of them a stage with it would be given. */
export async function previewStage(
  ctx: Context,
  wish: { stageId?: string | undefined; kind: Target['kind']; condition: Condition },
) {
  requirePermission(ctx, 'leads.manage')
  const stages = await stagesOf(ctx)
  const known = stages.find(({ id }) => id === wish.stageId)
  if (wish.stageId && !known) throw notFound()
  const position = known?.position ?? Math.max(0, ...stages.map(stage => stage.position)) + 1
  const none = '00000000-0000-0000-0000-000000000000'
  const changed = { id: known?.id ?? none, kind: known?.kind ?? wish.kind, position, condition: wish.condition }
  const others = stages.filter(
    stage => stage.condition && stage.state === 'enabled' && stage.id !== known?.id,
  ) as unknown as Target[]
  const meeting = await meetingAny(ctx, [changed, ...others], (target, error) => {
    if (target === changed) throw error
  })
  await joinByHash(ctx.tx, true)
  await sql`savepoint preview`.execute(ctx.tx)
  await sql`set local statement_timeout = ${sql.lit(patience)}`.execute(ctx.tx)
  try {
    const { rows } = await sql<{
      meeting: number
      moving: number
      samples: { id: string; name: string; from: string | null }[]
    }>`
      with meeting as materialized (${meeting!.statement}),
      candidate as materialized (select k.* from (${candidates(ctx)}) k where k.stage_id = ${changed.id}::uuid)
      select (select count(*)::int from meeting m where m.stage_id = ${changed.id}::uuid) as meeting,
        (select count(*)::int from candidate) as moving,
        (select coalesce(jsonb_agg(sample), '[]') from (
          select c.id, c.name, k.was as "from" from candidate k
          join contact c on c.tenant_id = ${ctx.tenantId} and c.id = k.contact_id order by c.name, c.id limit 10) sample) as samples`.execute(
      ctx.tx,
    )
    return rows[0]!
  } catch (error) {
    if ((error as { code?: string }).code !== '57014') throw error
    await sql`rollback to savepoint preview`.execute(ctx.tx)
    throw new AppError('invalid_input', {
      ja: '条件の確認に5秒以上かかりました。条件を絞り込んでください。',
      en: 'Looking at this condition takes longer than 5 seconds. Narrow it down.',
    })
  }
}
