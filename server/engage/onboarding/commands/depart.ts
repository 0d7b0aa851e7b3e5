import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'

/** Takes who left the company out of open journeys: the CSM stands in for their roles. */
export async function releasePeople(ctx: Context, memberId: string): Promise<void> {
  await sql`
    update onboarding_journey j set updated_at = ${ctx.now}, people = (
      select coalesce(jsonb_object_agg(line.key, line.value), '{}') from jsonb_each_text(j.people) as line where line.value <> ${memberId}::text)
    where j.tenant_id = ${ctx.tenantId} and j.status in ('running', 'paused')
      and exists (select 1 from jsonb_each_text(j.people) as line where line.value = ${memberId}::text)`.execute(ctx.tx)
}
