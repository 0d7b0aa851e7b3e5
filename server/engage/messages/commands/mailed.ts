import { sql } from 'kysely'
import { updateContacts } from '../../../customers/contacts/commands/save.ts'
import type { Context } from '../../../platform/context/context.ts'

/** How far back it is looked for messages that were taken (minutes): a worker may have been away for a while. */
const lookBack = 60

/** Writes down when contacts got their last message, for as many as there are in two statements; tests count for nobody. */
export async function noteMailed(ctx: Context): Promise<void> {
  const { rows } = await sql<{ id: string; at: Date }>`
    select m.contact_id as id, max(m.accepted_at) as at from message m
    join contact c on c.tenant_id = ${ctx.tenantId} and c.id = m.contact_id and c.merged_into is null
      and (c.last_email_at is null or c.last_email_at < m.accepted_at)
    where m.tenant_id = ${ctx.tenantId} and m.accepted_at > ${ctx.now}::timestamptz - make_interval(mins => ${lookBack})
      and m.source_kind <> 'test'
    group by m.contact_id`.execute(ctx.tx)
  await updateContacts(
    ctx,
    rows.map(({ id, at }) => ({ id, values: { lastEmailAt: at.toISOString() } })),
  )
}
