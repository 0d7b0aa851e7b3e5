import { sql } from 'kysely'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { JsonText } from '../../../platform/http/implement.ts'

export async function topicList(ctx: Context): Promise<JsonText> {
  requirePermission(ctx, 'messages.read')
  const { rows } = await sql<{ item: string }>`
    select json_build_object('items', coalesce(json_agg(json_build_object('id', t.id, 'key', t.key, 'nameJa', t.name_ja, 'nameEn', t.name_en,
      'descriptionJa', t.description_ja, 'descriptionEn', t.description_en, 'kind', t.kind, 'position', t.position,
      'unsubscribed', (select count(*) from topic_choice o where o.tenant_id = ${ctx.tenantId} and o.topic_id = t.id and not o.subscribed))
      order by t.position, t.name_ja, t.id), '[]'))::text as item
    from message_topic t where t.tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  return new JsonText(rows[0]!.item)
}
