import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { lockCustomer } from '../../customers/accounts/commands/lock.ts'
import { createRecords } from '../../customers/accounts/commands/records.ts'
import { announce, type Context, record } from '../../platform/context/context.ts'
import { invalidField } from '../../platform/errors/app-error.ts'
import { healthScoreShape } from './catalog.ts'
import type { calculateHealthScore as calculate, createHealthScore as create } from './contract.ts'
import { healthLevel, healthTrend, overallScore } from './score.ts'

type NewScore = z.output<typeof create.body>

/** Stores a health score. The customer's health is that of its latest score, so an older one changes nothing there. */
export async function createHealthScore(ctx: Context, customerId: string, input: NewScore): Promise<string> {
  await lockCustomer(ctx, customerId, 'customers.write')
  const scoredAt = input.scoredAt ?? ctx.now.toISOString()
  if (new Date(scoredAt).getTime() > ctx.now.getTime() + 60_000) {
    throw invalidField('body.scoredAt', { ja: '未来の日時は指定できません。', en: 'A score cannot lie in the future.' })
  }
  const { rows } = await sql<{ overall: number }>`
    select h.overall::float8 as overall from health_score h
    where h.tenant_id = ${ctx.tenantId} and h.customer_id = ${customerId} and h.scored_at < ${scoredAt}
    order by h.scored_at desc, h.id desc limit 1`.execute(ctx.tx)
  const before = rows[0]?.overall
  const score = {
    ...input,
    customerId,
    scoredAt,
    level: input.level ?? healthLevel(input.overallScore),
    trend: input.trend ?? healthTrend(input.overallScore, before),
  }
  const id = uuidv7()
  await createRecords(ctx, healthScoreShape, [{ id, values: score }])
  await sql`
    update customer target set health_score = ${score.overallScore}, health_level = ${score.level}, health_trend = ${score.trend},
      health_scored_at = ${scoredAt}, updated_at = ${ctx.now}
    where target.tenant_id = ${ctx.tenantId} and target.id = ${customerId}
      and (target.health_scored_at is null or target.health_scored_at <= ${scoredAt})`.execute(ctx.tx)
  record(ctx, {
    action: 'health_score.created',
    subject: { kind: 'health_score', id },
    details: { customer: customerId, score: score.overallScore, level: score.level },
  })
  announce(ctx, {
    type: 'health.scored',
    subject: { kind: 'customer', id: customerId },
    payload: { score: score.overallScore, level: score.level, trend: score.trend, before: before ?? null },
  })
  return id
}

/** Works a score out from its components and stores it. @throws AppError `invalid_input` where none is given */
export async function calculateHealthScore(
  ctx: Context,
  customerId: string,
  input: z.output<typeof calculate.body>,
): Promise<string> {
  const overall = overallScore(input)
  if (overall === undefined) {
    throw invalidField('body', {
      ja: '4つの要素のうち、少なくとも1つの点数が必要です。',
      en: 'At least one of the four component scores is needed.',
    })
  }
  return createHealthScore(ctx, customerId, { ...input, overallScore: overall })
}
