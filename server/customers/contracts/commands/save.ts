import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../../../platform/context/context.ts'
import { assignments, type By, given, type Patch, recordColumns } from '../../accounts/commands/values.ts'
import { today } from '../../accounts/queries/today.ts'
import { type ContractField, contractFields } from '../catalog.ts'
import { keepLedger } from './ledger.ts'

/** Fields by their names in the API; amounts in the contract's currency per interval. */
export type ContractValues = { [Name in ContractField]?: string | number | boolean | null } & {
  /** The day from which a changed amount counts; today without it. */
  effectiveOn?: string
}

const required = new Set(['customerId', 'amount', 'currency', 'interval', 'startsOn', 'status', 'autoRenew'])

/**
 * Makes contracts, as one statement for any number of them, and brings the ledger of their customers up to date. Needs
 * `customerId`, `amount` and `startsOn`; a missing currency is the customer's, a missing interval MONTH.
 */
export async function createContracts(ctx: Context, rows: Patch<ContractValues>[], by: By): Promise<void> {
  if (rows.length === 0) return
  const columns = sql.join(Object.values(contractFields).map(field => sql.ref(field.column)))
  const values = sql.join(
    Object.keys(contractFields).map(name => {
      const value = sql.ref(`value.${name}`)
      if (name === 'currency') return sql`coalesce(${value}, c.currency)`
      if (name === 'interval') return sql`coalesce(${value}, 'MONTH')`
      if (name === 'status') return sql`coalesce(${value}, 'ACTIVE')`
      if (name === 'autoRenew') return sql`coalesce(${value}, false)`
      return value
    }),
  )
  await sql`
    insert into contract (tenant_id, id, ${columns}, import_id, created_at, updated_at)
    select ${ctx.tenantId}, line.id, ${values}, ${by.importId ?? null}::uuid, ${ctx.now}, ${ctx.now}
    from jsonb_to_recordset(${given(rows, contractFields)}::jsonb) as line (id uuid, "values" jsonb),
      jsonb_to_record(line."values") as value (${recordColumns(contractFields)}),
      customer c
    where c.tenant_id = ${ctx.tenantId} and c.id = value."customerId"
    returning 1`.execute(ctx.tx)
  await writeFirstTerms(
    ctx,
    rows.map(row => row.id),
  )
  await follow(
    ctx,
    await customersOf(
      ctx,
      rows.map(row => row.id),
    ),
    by.origin,
  )
}

/**
 * Patches contracts. A changed amount counts from `effectiveOn` on: what was before stays in the ledger. A contract that
 * ended and runs again keeps the gap.
 */
export async function updateContracts(ctx: Context, rows: Patch<ContractValues>[], by: By): Promise<void> {
  if (rows.length === 0) return
  const ids = rows.map(row => row.id)
  const before = await customersOf(ctx, ids)
  await keepGaps(
    ctx,
    rows.filter(({ values }) => values.status === 'ACTIVE').map(row => row.id),
  )
  await sql`
    with patch as (
      select line.id, line."values" as given, value.*
      from jsonb_to_recordset(${given(rows, contractFields)}::jsonb) as line (id uuid, "values" jsonb),
        jsonb_to_record(line."values") as value (${recordColumns(contractFields)}))
    update contract target set ${assignments(contractFields, required)}, updated_at = ${ctx.now}
    from patch where target.tenant_id = ${ctx.tenantId} and target.id = patch.id`.execute(ctx.tx)
  await addTerms(
    ctx,
    rows.filter(({ values }) => values.amount !== undefined || values.interval !== undefined),
  )
  // Without a day the end is today: the day before was the last one.
  await sql`
    update contract target set ends_on = greatest(target.starts_on, ${today(ctx)}) - 1
    where target.tenant_id = ${ctx.tenantId} and target.id = any(${ids}::uuid[]) and target.status in ('ENDED', 'CANCELLED')
      and target.ends_on is null`.execute(ctx.tx)
  await follow(ctx, [...new Set([...before, ...(await customersOf(ctx, ids))])], by.origin)
}

/** Removes contracts with what they brought, such as when an import is undone. */
export async function deleteContracts(ctx: Context, ids: string[], by: By): Promise<void> {
  const customers = await customersOf(ctx, ids)
  await sql`delete from contract where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[])`.execute(ctx.tx)
  await follow(ctx, customers, by.origin)
}

/**
 * Ends every running contract of customers that left: the day on which a customer left has no revenue any more.
 * @param rows `day` is `YYYY-MM-DD`; today without it
 */
export async function endRevenue(ctx: Context, rows: Departure[], by: By): Promise<void> {
  await endContracts(ctx, rows)
  await keepLedger(
    ctx,
    rows.map(row => row.customerId),
    by.origin,
  )
}

interface Departure {
  customerId: string
  day?: string
}

async function endContracts(ctx: Context, rows: Departure[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update contract target set ends_on = greatest(target.starts_on, coalesce(line.day, ${today(ctx)})) - 1,
      status = case when target.standing then 'ENDED' else 'CANCELLED' end, updated_at = ${ctx.now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as line ("customerId" uuid, day date)
    where target.tenant_id = ${ctx.tenantId} and target.customer_id = line."customerId" and target.status = 'ACTIVE'
      and (target.ends_on is null or target.ends_on >= coalesce(line.day, ${today(ctx)}))`.execute(ctx.tx)
}

export interface Revenue {
  customerId: string
  /** Monthly recurring revenue in the customer's currency. */
  mrr: number
  /** `YYYY-MM-DD`; today without it, or the contract's start where the customer has one and no revenue yet. */
  from?: string
  /** The day on which it ended already, for customers that left. */
  until?: string
}

/**
 * Keeps the standing contract of customers whose revenue is given as a number, without a contract: so the ledger knows
 * it, too. A customer with contracts of its own that run keeps those, and the number is left alone.
 */
export async function setRevenue(ctx: Context, rows: Revenue[], by: By): Promise<void> {
  if (rows.length === 0) return
  const lines = JSON.stringify(rows.map(row => ({ ...row, id: uuidv7() })))
  const { rows: made } = await sql<{ id: string }>`
    insert into contract (tenant_id, id, customer_id, standing, amount, currency, interval, starts_on, status, import_id, created_at, updated_at)
    select ${ctx.tenantId}, line.id, c.id, true, line.mrr, c.currency, 'MONTH',
      coalesce(line."from", least(c.contract_start, line.until), line.until, ${today(ctx)}), 'ACTIVE', ${by.importId ?? null}::uuid, ${ctx.now}, ${ctx.now}
    from jsonb_to_recordset(${lines}::jsonb) as line (id uuid, "customerId" uuid, mrr numeric, "from" date, until date)
    join customer c on c.tenant_id = ${ctx.tenantId} and c.id = line."customerId"
    where line.mrr > 0 and not exists (
      select 1 from contract own where own.tenant_id = ${ctx.tenantId} and own.customer_id = c.id
        and (own.standing or (own.status = 'ACTIVE' and own.interval <> 'ONE_TIME')))
    on conflict do nothing returning id`.execute(ctx.tx)
  const { rows: changed } = await sql<{ id: string; mrr: number; from: string | null }>`
    select k.id, line.mrr::float8 as mrr, line."from"::text as from
    from jsonb_to_recordset(${lines}::jsonb) as line (id uuid, "customerId" uuid, mrr numeric, "from" date, until date)
    join contract k on k.tenant_id = ${ctx.tenantId} and k.customer_id = line."customerId" and k.standing
    where k.id <> line.id and line.until is null and (k.amount <> line.mrr or k.status <> 'ACTIVE')
      and not exists (
        select 1 from contract own where own.tenant_id = ${ctx.tenantId} and own.customer_id = k.customer_id
          and not own.standing and own.status = 'ACTIVE' and own.interval <> 'ONE_TIME')`.execute(ctx.tx)
  const ids = changed.map(row => row.id)
  await keepGaps(ctx, ids)
  await sql`
    update contract target set amount = line.mrr, ends_on = null, status = 'ACTIVE', superseded = false, updated_at = ${ctx.now}
    from jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) as line (id uuid, mrr numeric)
    where target.tenant_id = ${ctx.tenantId} and target.id = line.id`.execute(ctx.tx)
  await addTerms(
    ctx,
    changed.map(row => ({ id: row.id, values: { amount: row.mrr, effectiveOn: row.from ?? undefined } })),
  )
  await writeFirstTerms(
    ctx,
    made.map(row => row.id),
  )
  await endContracts(
    ctx,
    rows.flatMap(({ customerId, until }) => (until === undefined ? [] : [{ customerId, day: until }])),
  )
  await keepLedger(
    ctx,
    rows.map(row => row.customerId),
    by.origin,
  )
}

/** What an amount of a contract is in a month: nothing recurs of a single payment. */
const monthly = sql`case k.interval when 'MONTH' then price.amount when 'QUARTER' then round(price.amount / 3, 2)
  when 'YEAR' then round(price.amount / 12, 2) else 0 end`

/** A new price of a contract from a day on; where a later price is known already, that one stays the contract's amount. */
async function addTerms(ctx: Context, rows: Patch<ContractValues>[]): Promise<void> {
  if (rows.length === 0) return
  const lines = JSON.stringify(
    rows.map(({ id, values }) => ({ id, amount: values.amount, effective: values.effectiveOn ?? null })),
  )
  await sql`
    insert into contract_term (tenant_id, contract_id, customer_id, effective_on, mrr)
    select ${ctx.tenantId}, k.id, k.customer_id, greatest(k.starts_on, coalesce(line.effective, ${today(ctx)})), ${monthly}
    from jsonb_to_recordset(${lines}::jsonb) as line (id uuid, amount numeric, effective date)
    join contract k on k.tenant_id = ${ctx.tenantId} and k.id = line.id,
    lateral (select coalesce(line.amount, k.amount)) as price (amount)
    on conflict (tenant_id, contract_id, effective_on) do update set mrr = excluded.mrr, customer_id = excluded.customer_id`.execute(
    ctx.tx,
  )
  await sql`
    update contract target set amount = latest.mrr * case target.interval when 'YEAR' then 12 when 'QUARTER' then 3 else 1 end
    from (select distinct on (t.contract_id) t.contract_id, t.mrr, t.effective_on from contract_term t
      where t.tenant_id = ${ctx.tenantId} and t.contract_id = any(${rows.map(row => row.id)}::uuid[])
      order by t.contract_id, t.effective_on desc) latest,
      jsonb_to_recordset(${lines}::jsonb) as line (id uuid, effective date)
    where target.tenant_id = ${ctx.tenantId} and target.id = latest.contract_id and line.id = target.id
      and target.interval <> 'ONE_TIME' and latest.effective_on > coalesce(line.effective, ${today(ctx)})`.execute(
    ctx.tx,
  )
}

/** The price that a new contract begins with. */
async function writeFirstTerms(ctx: Context, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`
    insert into contract_term (tenant_id, contract_id, customer_id, effective_on, mrr)
    select ${ctx.tenantId}, k.id, k.customer_id, k.starts_on, ${monthly}
    from contract k, lateral (select k.amount) as price (amount)
    where k.tenant_id = ${ctx.tenantId} and k.id = any(${ids}::uuid[])
      and not exists (select 1 from contract_term t where t.tenant_id = ${ctx.tenantId} and t.contract_id = k.id)
    on conflict do nothing`.execute(ctx.tx)
}

/** Contracts that ended and run again from today: between the two they were worth nothing. */
async function keepGaps(ctx: Context, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`
    with ended as materialized (
      select k.id, k.customer_id, k.ends_on + 1 as gap, latest.mrr from contract k,
        lateral (select t.mrr from contract_term t where t.tenant_id = ${ctx.tenantId} and t.contract_id = k.id
          order by t.effective_on desc limit 1) latest
      where k.tenant_id = ${ctx.tenantId} and k.id = any(${ids}::uuid[]) and k.status in ('ENDED', 'CANCELLED')
        and k.ends_on < ${today(ctx)})
    insert into contract_term (tenant_id, contract_id, customer_id, effective_on, mrr)
    select ${ctx.tenantId}::uuid, e.id, e.customer_id, e.gap, 0 from ended e where e.gap < ${today(ctx)}
    union all
    select ${ctx.tenantId}::uuid, e.id, e.customer_id, ${today(ctx)}, e.mrr from ended e where e.gap < ${today(ctx)}
    on conflict (tenant_id, contract_id, effective_on) do update set mrr = excluded.mrr`.execute(ctx.tx)
  await sql`
    update contract target set ends_on = null
    where target.tenant_id = ${ctx.tenantId} and target.id = any(${ids}::uuid[]) and target.status in ('ENDED', 'CANCELLED')`.execute(
    ctx.tx,
  )
}

/**
 * What follows when contracts of customers changed: revenue that was given as a number gives way to a contract that runs,
 * from its start on, and comes back when there is none any more; then the ledger.
 */
async function follow(ctx: Context, customerIds: string[], cause: string): Promise<void> {
  await sql`
    update contract target set superseded = own.starts_on is not null,
      ends_on = case when own.starts_on is not null then greatest(target.starts_on, own.starts_on) - 1 end,
      status = case when own.starts_on is not null then 'ENDED' else 'ACTIVE' end, updated_at = ${ctx.now}
    from (select s.id, (select min(k.starts_on) from contract k
        where k.tenant_id = ${ctx.tenantId} and k.customer_id = s.customer_id and not k.standing
          and k.status = 'ACTIVE' and k.interval <> 'ONE_TIME') as starts_on
      from contract s where s.tenant_id = ${ctx.tenantId} and s.customer_id = any(${customerIds}::uuid[]) and s.standing) own
    where target.tenant_id = ${ctx.tenantId} and target.id = own.id
      and ((own.starts_on is not null and target.status = 'ACTIVE') or target.superseded)`.execute(ctx.tx)
  await sql`
    update contract_term t set customer_id = k.customer_id from contract k
    where t.tenant_id = ${ctx.tenantId} and k.tenant_id = ${ctx.tenantId} and k.id = t.contract_id
      and k.customer_id = any(${customerIds}::uuid[]) and t.customer_id <> k.customer_id`.execute(ctx.tx)
  await keepLedger(ctx, customerIds, cause)
}

async function customersOf(ctx: Context, ids: string[]): Promise<string[]> {
  const { rows: found } = await sql<{ customer_id: string }>`
    select distinct k.customer_id from contract k
    where k.tenant_id = ${ctx.tenantId} and k.id = any(${ids}::uuid[])`.execute(ctx.tx)
  return found.map(row => row.customer_id)
}

/**
 * Writes what contracts were worth a month from which days on, such as a history that is known from elsewhere, and brings
 * the ledger of their customers up to date.
 * @param lines `day` is `YYYY-MM-DD`, `amount` monthly
 */
export async function setTerms(ctx: Context, lines: { id: string; day: string; amount: number }[]): Promise<void> {
  await sql`
    insert into contract_term (tenant_id, contract_id, customer_id, effective_on, mrr)
    select ${ctx.tenantId}, k.id, k.customer_id, line.day, line.amount
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, day date, amount numeric)
    join contract k on k.tenant_id = ${ctx.tenantId} and k.id = line.id
    on conflict (tenant_id, contract_id, effective_on) do update set mrr = excluded.mrr`.execute(ctx.tx)
  await keepLedger(ctx, await customersOf(ctx, [...new Set(lines.map(line => line.id))]), 'demo')
}
