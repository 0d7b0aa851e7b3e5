import { type RawBuilder, sql } from 'kysely'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import { compileWith } from '../../../catalog/conditions/queries/sql.ts'
import { vocabularyOf } from '../../../catalog/conditions/queries/vocabulary.ts'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { Reader } from '../../../platform/context/vocabulary.ts'
import type { ChurnDefinition, ChurnSettings } from '../contract/settings.ts'

/** Who left, by what and when: rows of `customer_id, day, rule`; a customer may be there by several rules. */
function leavings(
  { tenantId }: Pick<Reader, 'tenantId'>,
  today: string,
  definition: ChurnDefinition,
): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = []
  if (definition.status) {
    parts.push(sql`select k.id as customer_id, k.churned_on as day, 'status' as rule from customer k
      where k.tenant_id = ${tenantId} and k.churned_on is not null`)
  }
  if (definition.contract) {
    // The last one has ended, and nothing that may still run is left.
    parts.push(sql`select k.customer_id, max(k.ends_on) + 1 as day, 'contract' as rule from contract k
      where k.tenant_id = ${tenantId} and k.status <> 'DRAFT' and k.ends_on is distinct from k.starts_on - 1
      group by k.customer_id having bool_and(k.ends_on is not null) and max(k.ends_on) < ${today}::date`)
  }
  if (definition.revenue) {
    parts.push(sql`select k.customer_id, k.occurred_on as day, 'revenue' as rule from revenue_movement k
      where k.tenant_id = ${tenantId} and k.kind = 'CHURN' and k.mrr_after = 0 and k.occurred_on <= ${today}::date
        and not exists (select 1 from revenue_movement later where later.tenant_id = ${tenantId} and later.customer_id = k.customer_id
          and later.occurred_on > k.occurred_on and later.mrr_after > 0)`)
  }
  if (definition.inactivityDays !== null) {
    parts.push(sql`select k.customer_id, max(k.day) + ${definition.inactivityDays}::int as day, 'inactivity' as rule from usage_daily k
      where k.tenant_id = ${tenantId} and k.customer_id is not null
        and not exists (select 1 from revenue_movement paid where paid.tenant_id = ${tenantId} and paid.customer_id = k.customer_id)
      group by k.customer_id having max(k.day) + ${definition.inactivityDays}::int <= ${today}::date`)
  }
  return sql.join(parts, sql` union all `)
}

/** The same, the first day of each customer: rows of `customer_id, day, rule`. */
export function firstLeaving(reader: Pick<Reader, 'tenantId'>, today: string, definition: ChurnDefinition) {
  return sql`select distinct on (gone.customer_id) gone.customer_id, gone.day, gone.rule
    from (${leavings(reader, today, definition)}) gone order by gone.customer_id, gone.day, gone.rule`
}

/** The customers `c` that are left out, as joins and a condition that holds for those who stay in. */
export async function leftIn(
  reader: Reader,
  exclude: Condition | null,
): Promise<{ joins: RawBuilder<unknown>; where: RawBuilder<boolean> }> {
  if (!exclude) return { joins: sql``, where: sql<boolean>`true` }
  const { joins, where } = compileWith(await vocabularyOf(reader, exclude), reader, 'customer', exclude)
  return { joins, where: sql<boolean>`not coalesce(${where}, false)` }
}

/** Who would have left by a definition. */
export async function previewDefinition(
  ctx: Context,
  { definition, exclude }: Pick<ChurnSettings, 'definition' | 'exclude'>,
) {
  const scope = requirePermission(ctx, 'customers.read')
  const { today } = await vocabularyOf(ctx)
  const { joins, where } = await leftIn(ctx, exclude)
  const count = (rule: string) =>
    sql`(select count(*)::int from (select distinct customer_id from gone where rule = ${sql.lit(rule)}) g)`
  const { rows } = await sql<{ item: DefinitionPreview }>`
    with looked_at as materialized (
      select c.id, c.name from customer c ${joins}
      where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${where} and ${withinReach(ctx, scope)}),
    gone as materialized (
      select l.* from (${leavings(ctx, today, definition)}) l where l.customer_id in (select id from looked_at)),
    first_gone as materialized (select distinct on (customer_id) * from gone order by customer_id, day, rule)
    select json_build_object('customers', (select count(*) from looked_at), 'left', (select count(*) from first_gone),
      'byRule', json_build_object('status', ${count('status')}, 'contract', ${count('contract')}, 'revenue', ${count('revenue')},
        'inactivity', ${count('inactivity')}),
      'months', (select json_agg(json_build_object('month', to_char(m, 'YYYY-MM'), 'left', (
          select count(*) from first_gone f where f.day >= m and f.day < m + interval '1 month')) order by m)
        from generate_series(date_trunc('month', ${today}::date) - interval '23 months', date_trunc('month', ${today}::date), interval '1 month') m),
      'samples', (select coalesce(json_agg(s), '[]') from (
        select f.customer_id as id, l.name, f.day::text as day, f.rule from first_gone f join looked_at l on l.id = f.customer_id
        order by f.day desc, l.name limit 10) s)) as item`.execute(ctx.tx)
  return rows[0]!.item
}

interface DefinitionPreview {
  customers: number
  left: number
  byRule: { status: number; contract: number; revenue: number; inactivity: number }
  months: { month: string; left: number }[]
  samples: { id: string; name: string; day: string; rule: string }[]
}
