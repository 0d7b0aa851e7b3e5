import { type RawBuilder, sql } from 'kysely'
import type { Reader, RecordKind } from '../../../platform/context/vocabulary.ts'
import type { Condition } from '../contract.ts'
import type { LoadedEvent, LoadedRecord } from '../evaluate.ts'
import { type Needs, needsOf } from '../needs.ts'
import type { ConditionVocabulary } from './vocabulary.ts'

/**
 * Reads what a condition needs to know of records, a few statements for any number of them.
 * @returns by id; ids of no record are left out
 */
export async function loadRecords(
  reader: Pick<Reader, 'tenantId' | 'tx'>,
  vocabulary: ConditionVocabulary,
  record: RecordKind,
  ids: readonly string[],
  condition: Condition,
): Promise<Map<string, LoadedRecord>> {
  const needs = needsOf(condition)
  const fields = await loadFields(reader, vocabulary, record, ids, needs)
  const events = await loadEvents(reader, vocabulary, record, ids, needs.events)
  const rawEvents = await loadRawEvents(reader, vocabulary, record, ids, needs.rawEvents)
  const before = await loadBefore(reader, vocabulary, ids, needs)
  const contacts = await loadContacts(reader, vocabulary, fields, needs)
  const customers = await loadCustomers(reader, vocabulary, fields, needs)
  return new Map(
    [...fields].map(([id, row]) => [
      id,
      {
        fields: row.fields,
        events: events.get(id) ?? [],
        rawEvents: rawEvents.get(id) ?? [],
        before: before.get(id) ?? {},
        contacts: contacts.get(id) ?? [],
        customer: row.customerId ? customers.get(row.customerId) : undefined,
      },
    ]),
  )
}

type Fields = Map<string, { fields: Record<string, unknown>; customerId: string | null }>

async function loadFields(
  reader: Pick<Reader, 'tenantId' | 'tx'>,
  { fields: known, zone }: ConditionVocabulary,
  record: RecordKind,
  ids: readonly string[],
  needs: Needs,
): Promise<Fields> {
  const wanted = [...needs.fields].flatMap(id => known[record].get(id) ?? [])
  const values = wanted.map(({ kind, value, isMoment }): RawBuilder<unknown> => {
    if (kind === 'date')
      return isMoment ? sql`((${value}) at time zone ${zone})::date::text` : sql`(${value})::date::text`
    if (kind === 'number') return sql`(${value})::float8`
    return kind === 'one_of' ? sql`(${value})::text` : sql`${value}`
  })
  const figures = wanted.some(field => field.isMetric)
    ? sql`left join customer_figures figures_now on figures_now.tenant_id = ${reader.tenantId} and figures_now.customer_id = c.id`
    : sql``
  const { rows } = await sql<{ id: string; customer_id: string | null; held: unknown[] }>`
    select c.id, ${record === 'contact' ? sql`c.customer_id` : sql`null`} as customer_id,
      json_build_array(${sql.join(values)}) as held
    from ${sql.table(record)} c ${figures}
    where c.tenant_id = ${reader.tenantId} and c.id = any(${ids}::uuid[])`.execute(reader.tx)
  return new Map(
    rows.map(({ id, customer_id: customerId, held }) => [
      id,
      { customerId, fields: Object.fromEntries(wanted.map((field, place) => [field.id, held[place]])) },
    ]),
  )
}

async function loadEvents(
  reader: Pick<Reader, 'tenantId' | 'tx'>,
  { today }: ConditionVocabulary,
  record: RecordKind,
  ids: readonly string[],
  names: ReadonlySet<string>,
): Promise<Map<string, LoadedEvent[]>> {
  if (names.size === 0) return new Map()
  const owner = sql.id('u', `${record}_id`)
  const { rows } = await sql<LoadedEvent & { id: string }>`
    select ${owner} as id, u.feature as name, u.day::text as day, coalesce(u.contact_id::text, u.person) as person, u.events as count
    from usage_daily u where u.tenant_id = ${reader.tenantId} and ${owner} = any(${ids}::uuid[]) and u.day <= ${today}::date
      and ${names.has('*') ? sql`true` : sql`u.feature = any(${[...names]}::text[])`}`.execute(reader.tx)
  return Map.groupBy(rows, row => row.id)
}

async function loadRawEvents(
  reader: Pick<Reader, 'tenantId' | 'tx'>,
  { zone, today }: ConditionVocabulary,
  record: RecordKind,
  ids: readonly string[],
  names: ReadonlySet<string>,
): Promise<Map<string, LoadedEvent[]>> {
  if (names.size === 0) return new Map()
  const owner = sql.id('u', `${record}_id`)
  const { rows } = await sql<LoadedEvent & { id: string }>`
    select ${owner} as id, u.feature as name, u.day::text as day, coalesce(u.contact_id::text, u.person) as person, 1 as count, e.properties
    from usage_daily u
    join usage_event e on e.tenant_id = ${reader.tenantId} and e.person = u.person
      and e.occurred_at >= (u.day::timestamp at time zone ${zone}) and e.occurred_at < ((u.day + 1)::timestamp at time zone ${zone})
      and u.feature = case e.type when 'track' then e.name when 'page' then 'page:' || e.name when 'screen' then 'screen:' || e.name end
    where u.tenant_id = ${reader.tenantId} and ${owner} = any(${ids}::uuid[]) and u.day <= ${today}::date
      and ${names.has('*') ? sql`true` : sql`u.feature = any(${[...names]}::text[])`}`.execute(reader.tx)
  return Map.groupBy(rows, row => row.id)
}

async function loadBefore(
  reader: Pick<Reader, 'tenantId' | 'tx'>,
  { fields, today }: ConditionVocabulary,
  ids: readonly string[],
  { metricChanges }: Needs,
): Promise<Map<string, Record<string, number | null>>> {
  const before = new Map<string, Record<string, number | null>>(ids.map(id => [id, {}]))
  for (const { metric, days } of metricChanges) {
    const place = fields.customer.get(`metrics.${metric}`)?.place ?? 0
    const { rows } = await sql<{ id: string; value: number | null }>`
      select f.customer_id as id, f.figures[${place}::int] as value from figures_daily f
      where f.tenant_id = ${reader.tenantId} and f.customer_id = any(${ids}::uuid[]) and f.day = (
        select max(d.day) from figures_day d where d.tenant_id = ${reader.tenantId} and d.day <= ${today}::date - ${days}::int)`.execute(
      reader.tx,
    )
    for (const { id, value } of rows) before.get(id)![`${metric}:${days}`] = value
  }
  return before
}

async function loadContacts(
  reader: Pick<Reader, 'tenantId' | 'tx'>,
  vocabulary: ConditionVocabulary,
  fields: Fields,
  needs: Needs,
): Promise<Map<string, LoadedRecord[]>> {
  if (needs.contacts.length === 0 && !needs.countsContacts) return new Map()
  const { rows } = await sql<{ id: string; customer_id: string }>`
    select id, customer_id from contact
    where tenant_id = ${reader.tenantId} and customer_id = any(${[...fields.keys()]}::uuid[]) and merged_into is null`.execute(
    reader.tx,
  )
  const ids = rows.map(row => row.id)
  const loaded = await loadRecords(reader, vocabulary, 'contact', ids, { all: needs.contacts })
  const contacts = new Map<string, LoadedRecord[]>()
  for (const { id, customer_id } of rows)
    contacts.set(customer_id, [...(contacts.get(customer_id) ?? []), loaded.get(id)!])
  return contacts
}

async function loadCustomers(
  reader: Pick<Reader, 'tenantId' | 'tx'>,
  vocabulary: ConditionVocabulary,
  fields: Fields,
  needs: Needs,
): Promise<Map<string, LoadedRecord>> {
  if (needs.customer.length === 0) return new Map()
  const ids = [...new Set([...fields.values()].flatMap(({ customerId }) => customerId ?? []))]
  return loadRecords(reader, vocabulary, 'customer', ids, { all: needs.customer })
}
