import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { completedOf } from '../queries/shown.ts'

/** Shows of one delivery that are counted; a flood of them says nothing new. */
const mostShown = 10_000

/** Notes what became of deliveries of one contact; those of others are left alone. */
export async function tellEvents(
  ctx: Context,
  contactId: string,
  events: readonly { id: string; kind: 'shown' | 'click' | 'dismiss' }[],
): Promise<void> {
  await sql`
    update in_app_delivery d set
      shown = least(d.shown + said.shown, ${mostShown}),
      first_shown_at = case when said.shown > 0 then coalesce(d.first_shown_at, ${ctx.now}::timestamptz) else d.first_shown_at end,
      last_shown_at = case when said.shown > 0 then ${ctx.now}::timestamptz else d.last_shown_at end,
      clicked_at = case when said.clicked then coalesce(d.clicked_at, ${ctx.now}::timestamptz) else d.clicked_at end,
      dismissed_at = case when said.dismissed then coalesce(d.dismissed_at, ${ctx.now}::timestamptz) else d.dismissed_at end
    from (
      select line.id, count(*) filter (where line.kind = 'shown')::int as shown, bool_or(line.kind = 'click') as clicked,
        bool_or(line.kind = 'dismiss') as dismissed
      from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as line (id uuid, kind text) group by line.id) said
    where d.tenant_id = ${ctx.tenantId} and d.id = said.id and d.contact_id = ${contactId}::uuid`.execute(ctx.tx)
}

/** Marks checklists whose items are all done. */
export async function followChecklists(ctx: Context): Promise<void> {
  await sql`
    update in_app_delivery d set completed_at = ${ctx.now}
    from in_app_message m
    where d.tenant_id = ${ctx.tenantId} and m.tenant_id = ${ctx.tenantId} and m.id = d.message_id and m.kind = 'checklist'
      and m.state = 'enabled' and d.completed_at is null and ${completedOf(ctx)}`.execute(ctx.tx)
}
