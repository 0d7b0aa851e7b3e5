import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { admitLead, admitRule } from '../commands/rules.ts'
import type { simulateScoring as contract } from '../contract/rules.ts'
import { definitionOf, rulesOf, vocabularyFor } from './definition.ts'
import { scoring } from './statement.ts'
import { reasonsOf, ruleWords } from './words.ts'

const mostMoves = 10

/**
 * What other rules or settings would do to the leads: both are worked out as of now in one statement, and nothing is
 * written.
 * @throws AppError `invalid_input` where a rule cannot be worked out
 */
export async function simulateScoring(ctx: Context, wish: z.output<typeof contract.body>): Promise<JsonText> {
  requirePermission(ctx, 'leads.manage')
  const stored = await definitionOf(ctx)
  const settings = wish.settings ?? stored.settings
  // Where nobody can say who is a lead now, the condition that is to mend it says it for both.
  const now = stored.fault === null ? stored : { ...stored, settings: { ...stored.settings, lead: settings.lead } }
  const known = await rulesOf(ctx)
  let last = Math.max(now.settings.lastPlace, 0, ...known.map(({ place }) => place))
  for (const [place, rule] of (wish.rules ?? []).entries()) {
    if (rule.state === 'enabled') await admitRule(ctx, rule, `body.rules.${place}`)
  }
  if (wish.settings?.lead) await admitLead(ctx, wish.settings.lead, 'body.settings.lead')
  const wished = wish.rules?.map(rule => {
    const before = known.find(({ id }) => id === rule.id)
    last += before ? 0 : 1
    return { ...rule, id: before?.id ?? uuidv7(), place: before?.place ?? last }
  })
  const rules = wished?.filter(({ state }) => state === 'enabled') ?? now.rules
  const vocabulary = await vocabularyFor(ctx, [...rules, ...now.rules], settings.lead)
  const words = ruleWords([...known.filter(({ id }) => !wished?.some(rule => rule.id === id)), ...(wished ?? [])])
  const tenths = (column: string) => sql`(select json_agg((
      select count(*)::int from compared c where least(9, floor(${sql.ref(`c.${column}`)} / 10)) = tenth) order by tenth)
    from generate_series(0, 9) as tenth)`
  const { rows } = await sql<{ item: string }>`
    with ${words},
    ${scoring(ctx, { ...now, vocabulary: await vocabularyFor(ctx, now.rules, now.settings.lead) }, 'before')},
    ${scoring(ctx, { rules, settings, vocabulary }, 'after')},
    compared as materialized (
      select coalesce(b.id, a.id) as id, b.score as was, a.score as now, b.points as was_points, a.points as now_points,
        coalesce(b.score >= ${now.settings.hotAt}, false) as was_hot, coalesce(a.score >= ${settings.hotAt}, false) as is_hot
      from before b full join after a on a.id = b.id),
    moves as (
      select c.*, k.name, coalesce(k.company, customer.name) as company from compared c
      join contact k on k.tenant_id = ${ctx.tenantId} and k.id = c.id
      left join customer on customer.tenant_id = ${ctx.tenantId} and customer.id = k.customer_id
      where c.was is distinct from c.now order by abs(coalesce(c.now, 0) - coalesce(c.was, 0)) desc, c.id limit ${mostMoves})
    select json_build_object(
      'leads', json_build_object('before', count(c.was), 'after', count(c.now)),
      'affected', count(*) filter (where c.was is distinct from c.now),
      'becomeHot', count(*) filter (where c.is_hot and not c.was_hot),
      'becomeCool', count(*) filter (where c.was_hot and not c.is_hot),
      'hot', json_build_object('before', count(*) filter (where c.was_hot), 'after', count(*) filter (where c.is_hot)),
      'mean', json_build_object('before', round(avg(c.was), 1)::float8, 'after', round(avg(c.now), 1)::float8),
      'distribution', json_build_object('before', ${tenths('was')}, 'after', ${tenths('now')}),
      'moves', (select coalesce(json_agg(json_build_object('id', m.id, 'name', m.name, 'company', m.company,
          'from', m.was::float8, 'to', m.now::float8, 'reasons', ${reasonsOf(sql`m.was_points`, sql`m.now_points`)})
          order by abs(coalesce(m.now, 0) - coalesce(m.was, 0)) desc, m.id), '[]') from moves m))::text as item
    from compared c`.execute(ctx.tx)
  return new JsonText(rows[0]!.item)
}
