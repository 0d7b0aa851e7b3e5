import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import type { JsonText } from '../../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../../platform/http/paging.ts'
import { requireCustomer } from '../../accounts/queries/customers.ts'
import { getRecord } from '../../accounts/queries/records.ts'
import { communicationShape } from '../catalog.ts'
import { timelineGroups } from '../contract.ts'
import { type Group, type Span, timelineSources } from './sources.ts'

interface TimelineQuery {
  groups?: string
  contactId?: string
  search?: string
  limit: number
  cursor?: string
}

/** A page of a customer's timeline, latest first. */
export async function getTimeline(
  ctx: Context,
  customerId: string,
  { groups, contactId, search, limit, cursor }: TimelineQuery,
): Promise<JsonText> {
  await requireCustomer(ctx, customerId)
  const after = readCursor(cursor, 2)
  const wanted = search?.normalize('NFKC').toLowerCase()
  const span: Span = {
    customerId,
    contactId,
    limit: limit + 1,
    before: (at, id) => (after ? sql`(${at}, ${id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`),
    matches: words => (wanted ? sql`strpos(normalize(lower(${words}), nfkc), ${wanted}) > 0` : sql`true`),
  }
  const sources = groupsOf(groups).flatMap(group => timelineSources[group])
  const parts = sql.join(
    sources.map(source => sql`(${source(ctx, span)})`),
    sql` union all `,
  )
  const { rows } = await sql<{ item: string }>`
    with entry (at, id, "group", kind, title, body, actor_id, contact_ids, details) as (${parts})
    select json_build_object('id', e.id, 'at', e.at, 'group', e."group", 'kind', e.kind, 'title', e.title, 'body', e.body,
      'actor', (select json_build_object('id', m.id, 'name', u.name) from member m join app_user u on u.id = m.user_id
        where m.tenant_id = ${ctx.tenantId} and m.id = e.actor_id),
      'contacts', (select coalesce(json_agg(json_build_object('id', k.id, 'name', k.name) order by k.name), '[]') from contact k
        where k.tenant_id = ${ctx.tenantId} and k.id = any(e.contact_ids)),
      'details', e.details)::text as item
    from (select * from entry order by at desc, id desc limit ${limit + 1}) e
    order by e.at desc, e.id desc`.execute(ctx.tx)
  return jsonPage(rows, limit, ['at', 'id'])
}

function groupsOf(text: string | undefined): Group[] {
  if (!text) return timelineGroups.filter(group => timelineSources[group].length > 0)
  const named = text.split(',')
  const unknown = named.find(name => !timelineGroups.some(group => group === name))
  if (unknown === undefined) return named.filter(name => timelineSources[name as Group].length > 0) as Group[]
  throw invalidField('query.groups', {
    ja: `「${unknown.slice(0, 40)}」という種類はありません。使えるのは ${timelineGroups.join('、')} です。`,
    en: `There is no group "${unknown.slice(0, 40)}"; they are ${timelineGroups.join(', ')}.`,
  })
}

/** One conversation or note. @throws AppError `not_found` */
export function getCommunication(ctx: Context, id: string): Promise<JsonText> {
  return getRecord(ctx, communicationShape, id)
}
