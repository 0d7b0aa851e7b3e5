import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import type { messageFigures } from '../contract/campaigns.ts'

/** An aggregate over messages `m` that says what became of them. Openings and clicks are of persons, each message once. */
export function figuresOf(ctx: Context): RawBuilder<unknown> {
  const only = (
    kind: 'open' | 'click',
    column: RawBuilder<unknown>,
  ) => sql`count(*) filter (where ${column} is null and exists (
    select 1 from message_event e where e.tenant_id = ${ctx.tenantId} and e.message_id = m.id and e.kind = ${kind} and e.machine is not null))`
  return sql`json_build_object('audience', count(*),
    'pending', count(*) filter (where m.state = 'pending'), 'sending', count(*) filter (where m.state = 'sending'),
    'sent', count(*) filter (where m.state = 'accepted'),
    'delivered', count(*) filter (where m.state = 'accepted' and m.bounced_at is null),
    'opened', count(m.opened_at), 'clicked', count(m.clicked_at), 'converted', count(m.converted_at),
    'unsubscribed', count(m.unsubscribed_at), 'bounced', count(m.bounced_at), 'complained', count(m.complained_at),
    'failed', count(*) filter (where m.state = 'failed'), 'suppressed', count(*) filter (where m.state = 'suppressed'),
    'uncertain', count(*) filter (where m.state = 'uncertain'), 'kept', count(*) filter (where m.state = 'kept'),
    'machineOpened', ${only('open', sql`m.opened_at`)}, 'machineClicked', ${only('click', sql`m.clicked_at`)})`
}

/** What became of messages, by step of their cause, or by template and version. Tests do not count. */
export async function messageFigureList(
  ctx: Context,
  { by, sourceKind, sourceId, templateId, days }: z.output<typeof messageFigures.query>,
): Promise<JsonText> {
  requirePermission(ctx, 'messages.read')
  const since = new Date(ctx.now.getTime() - days * 86_400_000)
  const [key, name] =
    by === 'step'
      ? [
          sql`m.source_kind || ':' || m.source_id || ':' || m.step_key`,
          sql`coalesce(nullif(min(m.step_key), ''), min(t.name))`,
        ]
      : [sql`m.template_id || ':' || m.template_version`, sql`min(t.name) || ' v' || min(m.template_version)`]
  const { rows } = await sql<{ item: string }>`
    select coalesce(json_agg(json_build_object('key', line.key, 'name', line.name, 'figures', line.figures) order by line.first), '[]')::text as item
    from (select ${key} as key, ${name} as name, min(m.queued_at) as first, ${figuresOf(ctx)} as figures
      from message m join message_template t on t.tenant_id = ${ctx.tenantId} and t.id = m.template_id
      where m.tenant_id = ${ctx.tenantId} and m.source_kind <> 'test' and m.queued_at >= ${since}
        and ${sourceKind ? sql`m.source_kind = ${sourceKind}` : sql`true`}
        and ${sourceId ? sql`m.source_id = ${sourceId}::uuid` : sql`true`}
        and ${templateId ? sql`m.template_id = ${templateId}::uuid` : sql`true`}
      group by 1 order by 3 limit 500) line`.execute(ctx.tx)
  return new JsonText(`{"items":${rows[0]!.item}}`)
}
