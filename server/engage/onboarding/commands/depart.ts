import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { Locale } from '../../../platform/errors/words.ts'
import { closeJourneys } from './close.ts'
import { companyLocale } from './colleagues.ts'

/** Takes who left the company out of open journeys: the CSM stands in for their roles. */
export async function releasePeople(ctx: Context, memberId: string): Promise<void> {
  await sql`
    update onboarding_journey j set updated_at = ${ctx.now}, people = (
      select coalesce(jsonb_object_agg(line.key, line.value), '{}') from jsonb_each_text(j.people) as line where line.value <> ${memberId}::text)
    where j.tenant_id = ${ctx.tenantId} and j.status in ('running', 'paused')
      and exists (select 1 from jsonb_each_text(j.people) as line where line.value = ${memberId}::text)`.execute(ctx.tx)
}

/** Cancels the open journeys of a customer that left, unless it is back already. */
export async function cancelOfChurned(ctx: Context, customerId: string): Promise<void> {
  const reason = { ja: '顧客が解約したため', en: 'The customer has churned' }
  await cancelOf(ctx, customerId, sql`c.status = 'CHURNED'`, reason)
}

/** Cancels the journeys that stayed with a merged customer, as the kept one has its own of the template. */
export async function cancelOfMerged(ctx: Context, customerId: string): Promise<void> {
  const reason = {
    ja: '統合先の顧客に同じオンボーディングがあるため',
    en: 'The customer it was merged into has the same onboarding',
  }
  await cancelOf(ctx, customerId, sql`c.merged_into is not null`, reason)
}

async function cancelOf(
  ctx: Context,
  customerId: string,
  holds: RawBuilder<unknown>,
  reason: Record<Locale, string>,
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select j.id from onboarding_journey j
    join customer c on c.tenant_id = ${ctx.tenantId} and c.id = j.customer_id and ${holds}
    where j.tenant_id = ${ctx.tenantId} and j.customer_id = ${customerId} and j.status in ('running', 'paused') order by j.id`.execute(
    ctx.tx,
  )
  await closeJourneys(
    ctx,
    rows.map(({ id }) => id),
    { status: 'cancelled', reason: reason[await companyLocale(ctx)] },
  )
}
