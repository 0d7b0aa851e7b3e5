import { sql } from 'kysely'
import { type Context, enqueue } from '../../../platform/context/context.ts'
import { noteFacts } from '../../accounts/commands/facts.ts'
import { indexForSearch } from '../../accounts/commands/search.ts'
import {
  assignments,
  type By,
  type CommonValues,
  given,
  type Patch,
  recordColumns,
} from '../../accounts/commands/values.ts'
import { today } from '../../accounts/queries/today.ts'
import { addTags } from '../../attributes/commands/tags.ts'
import { type ContactField, contactFields } from '../catalog.ts'
import { followContactsJob } from '../events.ts'

type Value = string | number | null

/** Fields by their names in the API. Dates are `YYYY-MM-DD`, moments ISO 8601; e-mail addresses in lower case. */
export type ContactValues = { [Name in ContactField]?: Value } & CommonValues

const required = new Set(['name', 'emailConsent', 'emailState', 'webinarsAttended', 'communityPosts', 'loyaltyPoints'])

/**
 * Makes contacts, as one statement for any number of them. A missing name is the e-mail address or the external id.
 * Writes tags and search.
 * @throws the database's 23505 when an external id or an address is in use: look with `findContacts` first
 */
export async function createContacts(ctx: Context, rows: Patch<ContactValues>[], by: By): Promise<void> {
  if (rows.length === 0) return
  const columns = sql.join(Object.values(contactFields).map(field => sql.ref(field.column)))
  const values = sql.join(
    Object.keys(contactFields).map(name => {
      const value = sql.ref(`value.${name}`)
      if (name === 'name') return sql`coalesce(${value}, value.email, value."externalId", 'No name')`
      if (name === 'emailConsent') return sql`coalesce(${value}, 'UNKNOWN')`
      if (name === 'emailState') return sql`coalesce(${value}, 'SUBSCRIBED')`
      return required.has(name) ? sql`coalesce(${value}, 0)` : value
    }),
  )
  await sql`
    insert into contact (tenant_id, id, ${columns}, attributes, traits, field_times, origin, import_id, created_at, updated_at)
    select ${ctx.tenantId}, line.id, ${values}, jsonb_strip_nulls(line.attributes), line.traits, line.times,
      ${by.origin}, ${by.importId ?? null}::uuid, ${ctx.now}, ${ctx.now}
    from jsonb_to_recordset(${given(rows, contactFields)}::jsonb) as line (id uuid, "values" jsonb, attributes jsonb, traits jsonb, times jsonb),
      jsonb_to_record(line."values") as value (${recordColumns(contactFields)})
    returning 1`.execute(ctx.tx)
  await finish(ctx, rows, true)
}

/** Patches contacts, as one statement for any number of them, with the same side effects. */
export async function updateContacts(ctx: Context, rows: Patch<ContactValues>[]): Promise<void> {
  if (rows.length === 0) return
  await noteContacts(ctx, rows)
  await sql`
    with patch as (
      select line.id, line."values" as given, line.attributes, line.traits, line.times, value.*
      from jsonb_to_recordset(${given(rows, contactFields)}::jsonb) as line (id uuid, "values" jsonb, attributes jsonb, traits jsonb, times jsonb),
        jsonb_to_record(line."values") as value (${recordColumns(contactFields)}))
    update contact target set ${assignments(contactFields, required)},
      attributes = jsonb_strip_nulls(target.attributes || patch.attributes),
      traits = jsonb_strip_nulls(target.traits || patch.traits),
      field_times = target.field_times || patch.times,
      updated_at = ${ctx.now}
    from patch where target.tenant_id = ${ctx.tenantId} and target.id = patch.id`.execute(ctx.tx)
  await finish(ctx, rows, false)
}

async function finish(ctx: Context, rows: Patch<ContactValues>[], isNew: boolean): Promise<void> {
  await noteContacts(ctx, rows)
  await addTags(
    ctx,
    'contact',
    rows.map(row => ({ id: row.id, tags: row.values.tags ?? [] })),
  )
  const indexed = rows.filter(
    ({ values }) => isNew || values.name !== undefined || values.email !== undefined || values.externalId !== undefined,
  )
  await indexForSearch(
    ctx,
    'contact',
    indexed.map(row => row.id),
  )
}

/** Fields that follow from use, which is noted where it is counted. */
const ofUse = new Set(['lastSeenAt', 'lastLoginAt'])

/** A contact counts for its customer with its state of today; only leaving has a day of its own. */
export async function noteContacts(ctx: Context, rows: readonly { id: string; values?: object }[]): Promise<void> {
  const telling = rows.filter(({ values }) => Object.keys(values ?? { id: '' }).some(name => !ofUse.has(name)))
  if (telling.length === 0) return
  await noteFacts(
    ctx,
    'contacts',
    sql`select k.customer_id, least(min(k.left_on), ${today(ctx)}) as from_day from contact k
      where k.tenant_id = ${ctx.tenantId} and k.id = any(${telling.map(row => row.id)}::uuid[]) group by k.customer_id`,
  )
  await sql`
    insert into contact_change (tenant_id, id, contact_id)
    select ${ctx.tenantId}, gen_random_uuid(), changed.id from unnest(${telling.map(row => row.id)}::uuid[]) as changed (id)
    on conflict do nothing`.execute(ctx.tx)
  followContactsSoon(ctx)
}

/** Writes of so many milliseconds are followed together. */
const gathering = 2_000

/** Has the contacts that were noted as changed followed. */
export function followContactsSoon(ctx: Context): void {
  enqueue(ctx, {
    name: followContactsJob,
    payload: {},
    key: 'follow',
    runAt: new Date(ctx.now.getTime() + gathering),
  })
}
