import { type RawBuilder, sql } from 'kysely'
import { followSoon } from '../../../customers/accounts/commands/facts.ts'
import { updateCustomers } from '../../../customers/accounts/commands/save.ts'
import { followContactsSoon, updateContacts } from '../../../customers/contacts/commands/save.ts'
import { announce, type Context } from '../../../platform/context/context.ts'
import type { Batch } from '../batch.ts'
import { attributionOf } from '../queries/persons.ts'
import { followMergedUse, ownPerson } from './own-use.ts'

/** Days of persons that one run counts anew; more are left to the next. */
const mostRecounts = 2_000
const nobody = '00000000-0000-0000-0000-000000000000'
/** Features of one customer whose first use is told: names with ids inside them would fill its timeline. */
const mostFeatures = 200
/** What was first used longer ago is no news (ms): a backlog that is sent now tells nothing. */
const newsAge = 7 * 86_400_000

/** Names of events that say that somebody signed in. */
const signInNames = ['Signed In', 'Logged In', 'User Signed In', 'User Logged In', 'login', 'ログイン', 'サインイン']

/** Adds the events of writes to the days of the persons. */
export async function addUse(ctx: Context, batches: readonly Batch[], timeZone: string): Promise<void> {
  const ids = batches.map(batch => batch.id)
  const times = batches.flatMap(batch => [new Date(batch.firstAt!).getTime(), new Date(batch.lastAt!).getTime()])
  const [first, last] = [new Date(Math.min(...times)), new Date(Math.max(...times))]
  // The bounds of time keep the search to the partitions that can hold them.
  const events = sql`
    select * from usage_event where tenant_id = ${ctx.tenantId} and batch_id = any(${ids}::uuid[])
      and occurred_at between ${first} and ${last} and type in ('track', 'page', 'screen')`
  const { rows } = await sql<{ persons: string[] | null; groups: string[] | null }>`
    select array_agg(distinct person) as persons, array_agg(distinct group_id) filter (where group_id is not null) as groups
    from (${events}) e`.execute(ctx.tx)
  const { persons, groups } = rows[0]!
  if (!persons) return
  const used = await usedBy(ctx, persons, groups ?? [], timeZone, events)
  const firsts = await seen(
    ctx,
    sql`${used}, added as (
      insert into usage_daily as known (tenant_id, person, day, attributed_id, feature, customer_id, contact_id, events, first_at, last_at)
      select ${ctx.tenantId}, person, day, coalesce(customer, ${nobody}::uuid), feature, customer, contact, events, first_at, last_at from used
      on conflict (tenant_id, person, day, attributed_id, feature) do update set events = known.events + excluded.events,
        first_at = least(known.first_at, excluded.first_at), last_at = greatest(known.last_at, excluded.last_at),
        customer_id = excluded.customer_id, contact_id = excluded.contact_id
      returning 1)`,
  )
  for (const { id, feature, contact, seen: at } of firsts) {
    if (ctx.now.getTime() - at.getTime() > newsAge) continue
    announce(ctx, {
      type: 'usage.feature_first_used',
      subject: { kind: 'customer', id },
      payload: { feature, contactId: contact },
    })
  }
}

/**
 * Counts days anew from the raw events: those of persons about whom something else is known now.
 * @returns how many days of persons
 */
export async function recountDirty(ctx: Context, timeZone: string): Promise<number> {
  // The end of a range of the key first: whatever the planner believes of a table that fills and empties, it is read once.
  const last = await sql<{ person: string; day: string }>`
    select oldest.person, oldest.day::text as day from (
      select person, day from usage_dirty where tenant_id = ${ctx.tenantId} order by person, day limit ${mostRecounts}) oldest
    order by oldest.person desc, oldest.day desc limit 1`.execute(ctx.tx)
  if (!last.rows[0]) return 0
  const dirty = await sql<{ person: string; day: string }>`
    delete from usage_dirty where tenant_id = ${ctx.tenantId}
      and (person, day) <= (${last.rows[0].person}, ${last.rows[0].day}::date)
    returning person, day::text as day`.execute(ctx.tx)
  const pairs = JSON.stringify(dirty.rows)
  const old = await sql<Lost>`
    with pair as materialized (select * from jsonb_to_recordset(${pairs}::jsonb) as pair (person text, day date)),
    gone as (
      delete from usage_daily daily using pair
      where daily.tenant_id = ${ctx.tenantId} and daily.person = pair.person and daily.day = pair.day
      returning daily.customer_id, daily.contact_id, daily.feature, daily.last_at, daily.day),
    noted as (${noting(ctx, sql`select customer_id as customer, day from gone`)}),
    noted_contacts as (${notingContacts(ctx, sql`select customer_id as customer, contact_id as contact from gone`)})
    select 'contact' as kind, contact_id as id, max(last_at) as seen, max(last_at) filter (where feature = any(${signInNames})) as login
    from gone where contact_id is not null group by contact_id
    union all
    select 'customer', customer_id, max(last_at), null from gone where customer_id is not null group by customer_id`.execute(
    ctx.tx,
  )
  const events = sql`
    select e.* from (
      select person, (day::timestamp at time zone ${timeZone}) as since, ((day + 1)::timestamp at time zone ${timeZone}) as until
      from jsonb_to_recordset(${pairs}::jsonb) as pair (person text, day date)) pair
    join usage_event e on e.tenant_id = ${ctx.tenantId} and e.person = pair.person
      and e.occurred_at >= pair.since and e.occurred_at < pair.until and e.type in ('track', 'page', 'screen')`
  const groups = await sql<{ groups: string[] | null }>`
    select array_agg(distinct group_id) filter (where group_id is not null) as groups from (${events}) e`.execute(
    ctx.tx,
  )
  const persons = [...new Set(dirty.rows.map(row => row.person))]
  const used = await usedBy(ctx, persons, groups.rows[0]!.groups ?? [], timeZone, events)
  await seen(
    ctx,
    sql`${used}, added as (
      insert into usage_daily (tenant_id, person, day, attributed_id, feature, customer_id, contact_id, events, first_at, last_at)
      select ${ctx.tenantId}, person, day, coalesce(customer, ${nobody}::uuid), feature, customer, contact, events, first_at, last_at from used
      on conflict do nothing returning 1)`,
  )
  await seenBefore(ctx, old.rows)
  return dirty.rows.length
}

/** Has everything counted anew, in the runs to come. */
export async function markAllDirty(ctx: Context): Promise<void> {
  // A day in another time zone reaches into its neighbours.
  await sql`
    insert into usage_dirty (tenant_id, person, day)
    select distinct ${ctx.tenantId}::uuid, person, day + shift from usage_daily, generate_series(-1, 1) as shift
    where tenant_id = ${ctx.tenantId} and not starts_with(person, ${ownPerson}) on conflict do nothing`.execute(ctx.tx)
}

/** The days of the persons of customers or contacts are counted anew: they were merged, or a merge was undone. */
export async function markRecordsDirty(ctx: Context, ids: readonly string[]): Promise<void> {
  await sql`
    insert into usage_dirty (tenant_id, person, day)
    select distinct ${ctx.tenantId}::uuid, person, day from usage_daily
    where tenant_id = ${ctx.tenantId} and (customer_id = any(${ids}::uuid[]) or contact_id = any(${ids}::uuid[]))
      and not starts_with(person, ${ownPerson})
    on conflict do nothing`.execute(ctx.tx)
  await followMergedUse(ctx, ids)
}

/** Events by day, customer, person and feature, as the beginning of a statement: the table `used`. */
async function usedBy(
  ctx: Context,
  persons: readonly string[],
  groupIds: readonly string[],
  timeZone: string,
  events: RawBuilder<unknown>,
): Promise<RawBuilder<unknown>> {
  const { spans, groups } = await attributionOf(ctx, persons, groupIds)
  return sql`
    with span as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(spans)}::jsonb) as span (person text, since timestamptz, until timestamptz, customer uuid, contact uuid)),
    named as materialized (select * from jsonb_to_recordset(${JSON.stringify(groups)}::jsonb) as named (id text, customer uuid)),
    used as materialized (
      select e.person, (e.occurred_at at time zone ${timeZone})::date as day, coalesce(named.customer, span.customer) as customer, span.contact,
        case e.type when 'track' then e.name when 'page' then 'page:' || e.name else 'screen:' || e.name end as feature,
        count(*)::integer as events, min(e.occurred_at) as first_at, max(e.occurred_at) as last_at
      from (${events}) e
      join span on span.person = e.person and e.occurred_at >= span.since and e.occurred_at < span.until
      left join named on named.id = e.group_id
      group by 1, 2, 3, 4, 5)`
}

interface Seen {
  kind: 'customer' | 'contact'
  id: string
  /** Undefined: it stays. */
  seen?: Date | null
  login?: Date | null
}

/** The first use of a feature by a customer. */
interface FirstUse {
  kind: 'feature'
  /** Of the customer. */
  id: string
  seen: Date
  feature: string
  contact: string | null
}

/**
 * Runs a statement that leaves `used`, and notes on customers and contacts when they were last seen, and on customers
 * which features they know: those of track calls.
 * @returns first uses; of those known already none
 */
async function seen(ctx: Context, statement: RawBuilder<unknown>): Promise<FirstUse[]> {
  const { rows } = await sql<(Seen & { feature: null }) | FirstUse>`
    ${statement}, noted as (${noting(ctx, sql`select customer, day from used`)}),
    noted_contacts as (${notingContacts(ctx, sql`select customer, contact from used`)}),
    pair as (
      select customer, feature, min(first_at) as at, (array_agg(contact order by first_at))[1] as contact
      from used where customer is not null and feature not like 'page:%' and feature not like 'screen:%' group by 1, 2),
    fresh as (
      insert into customer_feature (tenant_id, customer_id, feature)
      select ${ctx.tenantId}, customer, feature from pair
      where not exists (
          select 1 from customer_feature k where k.tenant_id = ${ctx.tenantId} and k.customer_id = pair.customer and k.feature = pair.feature)
        and (select count(*) from customer_feature k where k.tenant_id = ${ctx.tenantId} and k.customer_id = pair.customer) < ${mostFeatures}
      on conflict do nothing returning customer_id, feature),
    touched as (
      select 'contact' as kind, contact as id, max(last_at) as seen, max(last_at) filter (where feature = any(${signInNames})) as login
      from used where contact is not null group by contact
      union all
      select 'customer', customer, max(last_at), null from used where customer is not null group by customer)
    select t.kind, t.id, greatest(t.seen, contact.last_seen_at, customer.last_seen_at) as seen,
      case when t.login > coalesce(contact.last_login_at, '-infinity') then t.login end as login, null as feature, null as contact
    from touched t
    left join contact on contact.tenant_id = ${ctx.tenantId} and contact.id = t.id and t.kind = 'contact'
    left join customer on customer.tenant_id = ${ctx.tenantId} and customer.id = t.id and t.kind = 'customer'
    where (select count(*) from added) >= 0 and (t.kind = 'contact' and (
        contact.last_seen_at is null or contact.last_seen_at < t.seen or t.login > coalesce(contact.last_login_at, '-infinity'))
      or t.kind = 'customer' and (customer.last_seen_at is null or customer.last_seen_at < t.seen))
    union all
    select 'feature', pair.customer, pair.at, null, pair.feature, pair.contact
    from fresh join pair on pair.customer = fresh.customer_id and pair.feature = fresh.feature`.execute(ctx.tx)
  followSoon(ctx)
  followContactsSoon(ctx)
  const firsts: FirstUse[] = []
  const moments: Seen[] = []
  for (const row of rows) {
    if (row.kind === 'feature') firsts.push(row)
    else moments.push({ kind: row.kind, id: row.id, seen: row.seen, ...(row.login && { login: row.login }) })
  }
  await writeSeen(ctx, moments)
  return firsts
}

/** Notes the customers of a statement that gives `customer` and `day`: their figures are other ones from that day on. */
function noting(ctx: Context, used: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    insert into fact_change (tenant_id, id, customer_id, facts, from_day)
    select ${ctx.tenantId}::uuid, gen_random_uuid(), line.customer, 'usage', min(line.day)
    from (${used}) line where line.customer is not null group by line.customer returning 1`
}

/** Notes the contacts without a customer of a statement that gives `customer` and `contact`: others follow from their customer. */
function notingContacts(ctx: Context, used: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    insert into contact_change (tenant_id, id, contact_id)
    select ${ctx.tenantId}::uuid, gen_random_uuid(), line.contact
    from (${used}) line where line.customer is null and line.contact is not null group by line.contact returning 1`
}

/** What a record had of the days that were counted anew. */
interface Lost {
  kind: 'customer' | 'contact'
  id: string
  seen: Date
  login: Date | null
}

/** Those whose last event was among what was counted anew may have been seen last at an earlier time. */
async function seenBefore(ctx: Context, lost: Lost[]): Promise<void> {
  const { rows } = await sql<Seen & { wasLogin: boolean; wasSeen: boolean }>`
    with lost as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(lost)}::jsonb) as lost (kind text, id uuid, seen timestamptz, login timestamptz))
    select lost.kind, lost.id, max(daily.last_at) as seen, max(daily.last_at) filter (where daily.feature = any(${signInNames})) as login,
      coalesce(contact.last_seen_at, customer.last_seen_at) = lost.seen as "wasSeen",
      coalesce(contact.last_login_at = lost.login, false) as "wasLogin"
    from lost
    left join contact on contact.tenant_id = ${ctx.tenantId} and contact.id = lost.id and lost.kind = 'contact'
    left join customer on customer.tenant_id = ${ctx.tenantId} and customer.id = lost.id and lost.kind = 'customer'
    left join usage_daily daily on daily.tenant_id = ${ctx.tenantId}
      and (daily.contact_id = lost.id and lost.kind = 'contact' or daily.customer_id = lost.id and lost.kind = 'customer')
    where coalesce(contact.last_seen_at, customer.last_seen_at) = lost.seen or contact.last_login_at = lost.login
    group by lost.kind, lost.id, lost.seen, lost.login, contact.last_seen_at, customer.last_seen_at, contact.last_login_at`.execute(
    ctx.tx,
  )
  await writeSeen(
    ctx,
    rows.map(({ kind, id, seen: at, login, wasSeen, wasLogin }) => ({
      kind,
      id,
      ...(wasSeen && { seen: at }),
      ...(wasLogin && { login }),
    })),
  )
}

async function writeSeen(ctx: Context, rows: Seen[]): Promise<void> {
  const text = (moment: Date | null) => moment?.toISOString() ?? null
  const of = (kind: Seen['kind']) =>
    rows
      .filter(row => row.kind === kind)
      .map(({ id, seen: at, login }) => ({
        id,
        values: {
          ...(at !== undefined && { lastSeenAt: text(at) }),
          ...(login !== undefined && kind === 'contact' && { lastLoginAt: text(login) }),
        },
      }))
  await updateContacts(ctx, of('contact'))
  await updateCustomers(ctx, of('customer'), { origin: 'ingest' })
}
