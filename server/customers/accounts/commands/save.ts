import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { addTags } from '../../attributes/commands/tags.ts'
import { customerFields } from '../catalog.ts'
import { today } from '../queries/today.ts'
import { setDomains } from './domains.ts'
import { noteToday } from './facts.ts'
import { recordHistory } from './history.ts'
import { indexForSearch } from './search.ts'
import { applyTierRule } from './tiers.ts'
import { assignments, type By, type CustomerValues, given, type Patch, recordColumns } from './values.ts'

const required = new Set(['name', 'currency', 'status'])

/**
 * Makes customers, as one statement for any number of them. A missing name is the external id, a missing status ACTIVE,
 * a missing currency the company's. Writes domains, tags, search, tier and history.
 * @throws the database's 23505 when an external id is in use: look with `findCustomers` first
 */
export async function createCustomers(ctx: Context, rows: Patch<CustomerValues>[], by: By): Promise<void> {
  if (rows.length === 0) return
  const columns = sql.join(Object.values(customerFields).map(field => sql.ref(field.column)))
  const values = sql.join(
    Object.keys(customerFields).map(name => {
      const value = sql.ref(`value.${name}`)
      if (name === 'name') return sql`coalesce(${value}, value."externalId", 'No name')`
      if (name === 'status') return sql`coalesce(${value}, 'ACTIVE')`
      if (name === 'currency') return sql`coalesce(${value}, company.currency)`
      if (name === 'churnedOn') {
        return sql`case when value.status = 'CHURNED' then coalesce(${value}, (${ctx.now}::timestamptz at time zone company.time_zone)::date) end`
      }
      return value
    }),
  )
  await sql`
    insert into customer (tenant_id, id, ${columns}, attributes, traits, field_times, origin, import_id, created_at, updated_at)
    select ${ctx.tenantId}, line.id, ${values}, jsonb_strip_nulls(line.attributes), line.traits, line.times,
      ${by.origin}, ${by.importId ?? null}::uuid, ${ctx.now}, ${ctx.now}
    from tenant company,
      jsonb_to_recordset(${given(rows, customerFields)}::jsonb) as line (id uuid, "values" jsonb, attributes jsonb, traits jsonb, times jsonb),
      jsonb_to_record(line."values") as value (${recordColumns(customerFields)})
    where company.id = ${ctx.tenantId}
    returning 1`.execute(ctx.tx)
  const ids = rows.map(row => row.id)
  await sql`
    insert into customer_history (tenant_id, id, customer_id, at, field, from_value, to_value, cause, actor_id)
    select ${ctx.tenantId}, gen_random_uuid(), c.id, ${ctx.now}, first.field, null, first.value, ${by.origin}, ${ctx.actor.id ?? null}::uuid
    from customer c, lateral (values ('status', c.status), ('owner', c.owner_id::text)) as first (field, value)
    where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[]) and first.value is not null
    on conflict do nothing`.execute(ctx.tx)
  await finish(ctx, rows, by, true)
}

/** Patches customers, as one statement for any number of them, with the same side effects. Ids of others are passed over. */
export async function updateCustomers(ctx: Context, rows: Patch<CustomerValues>[], by: By): Promise<void> {
  if (rows.length === 0) return
  await keepCurrencies(ctx, rows)
  await recordHistory(ctx, rows, by)
  await sql`
    with patch as (
      select line.id, line."values" as given, line.attributes, line.traits, line.times, value.*
      from jsonb_to_recordset(${given(rows, customerFields)}::jsonb) as line (id uuid, "values" jsonb, attributes jsonb, traits jsonb, times jsonb),
        jsonb_to_record(line."values") as value (${recordColumns(customerFields)}))
    update customer target set ${assignments(customerFields, required)},
      attributes = jsonb_strip_nulls(target.attributes || patch.attributes),
      traits = jsonb_strip_nulls(target.traits || patch.traits),
      field_times = target.field_times || patch.times,
      updated_at = ${ctx.now}
    from patch where target.tenant_id = ${ctx.tenantId} and target.id = patch.id`.execute(ctx.tx)
  const changing = rows.filter(row => row.values.status !== undefined).map(row => row.id)
  if (changing.length > 0) {
    // Leaving has a day; coming back removes it.
    await sql`
      update customer target set
        churned_on = case when target.status = 'CHURNED' then coalesce(target.churned_on, ${today(ctx)}) end
      where target.tenant_id = ${ctx.tenantId} and target.id = any(${changing}::uuid[])
        and (target.status = 'CHURNED') = (target.churned_on is null)`.execute(ctx.tx)
  }
  await finish(ctx, rows, by, false)
}

/** Money that is there cannot be called another currency: of customers with contracts it is left out of the patch. */
async function keepCurrencies(ctx: Context, rows: Patch<CustomerValues>[]): Promise<void> {
  const changing = rows.filter(row => row.values.currency !== undefined)
  if (changing.length === 0) return
  const { rows: contracted } = await sql<{ customer_id: string }>`
    select distinct k.customer_id from contract k where k.tenant_id = ${ctx.tenantId}
      and k.customer_id = any(${changing.map(row => row.id)}::uuid[])`.execute(ctx.tx)
  const fixed = new Set(contracted.map(row => row.customer_id))
  for (const row of changing) if (fixed.has(row.id)) delete row.values.currency
}

async function finish(ctx: Context, rows: Patch<CustomerValues>[], by: By, isNew: boolean): Promise<void> {
  // When it was last seen follows from use, which is noted where it is counted.
  const telling = rows.filter(({ values }) => Object.keys(values).some(name => name !== 'lastSeenAt') || isNew)
  await noteToday(
    ctx,
    'customer',
    telling.map(row => row.id),
  )
  await setDomains(ctx, rows, isNew)
  await addTags(
    ctx,
    'customer',
    rows.map(row => ({ id: row.id, tags: row.values.tags ?? [] })),
  )
  const touches = (...names: (keyof CustomerValues)[]) =>
    rows.filter(row => names.some(name => row.values[name] !== undefined)).map(row => row.id)
  await indexForSearch(
    ctx,
    'customer',
    isNew ? rows.map(row => row.id) : touches('name', 'externalId', 'domains', 'website'),
  )
  const judged = isNew ? rows.map(row => row.id) : touches('plan', 'licenceCount', 'currency')
  if (!by.tierLater) await applyTierRule(ctx, judged, by.origin)
}
