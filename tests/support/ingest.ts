import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { processEvents } from '../../server/collect/ingest/commands/process.ts'
import { createSource } from '../../server/collect/ingest/commands/sources.ts'
import type { TestApplication } from './application.ts'
import { asSystem, type TestCompany } from './factories.ts'

export interface TestSource {
  id: string
  writeKey: string
}

/** A source of a company, made by the product's own command. */
export function newSource(company: TestCompany, limitPerMinute: number | null = null): Promise<TestSource> {
  return asSystem(company, ctx => createSource(ctx, { name: '本番サーバー', kind: 'server', limitPerMinute }))
}

/** Listens on a free port of the loopback. @returns its address */
export async function listen(application: TestApplication): Promise<string> {
  await application.app.listen({ host: '127.0.0.1', port: 0 })
  return `http://127.0.0.1:${(application.app.server.address() as AddressInfo).port}`
}

/** Processes what arrived, as the worker does, until there is nothing left. */
export async function processAll(company: TestCompany): Promise<void> {
  for (;;) {
    await asSystem(company, processEvents)
    const left = await asSystem(company, async ctx => {
      const { rows } = await sql<{ left: number }>`
        select (select count(*) from ingest_batch where tenant_id = ${ctx.tenantId})
          + (select count(*) from usage_dirty where tenant_id = ${ctx.tenantId}) as left`.execute(ctx.tx)
      return rows[0]!.left
    })
    if (Number(left) === 0) return
  }
}

/** How the roll-ups differ from a count of the raw events; nothing where they are right. */
export function rollUpFaults(company: TestCompany): Promise<unknown[]> {
  return asSystem(company, async ctx => {
    const { rows } = await sql`
      with raw as (
        select e.person, (e.occurred_at at time zone t.time_zone)::date as day,
          case e.type when 'track' then e.name when 'page' then 'page:' || e.name else 'screen:' || e.name end as feature,
          count(*)::bigint as events, min(e.occurred_at) as first_at, max(e.occurred_at) as last_at
        from usage_event e join tenant t on t.id = e.tenant_id
        where e.tenant_id = ${ctx.tenantId} and e.type in ('track', 'page', 'screen') group by 1, 2, 3),
      rolled as (
        select person, day, feature, sum(events)::bigint as events, min(first_at) as first_at, max(last_at) as last_at
        from usage_daily where tenant_id = ${ctx.tenantId} group by 1, 2, 3)
      (select 'missing' as fault, raw.* from raw except select 'missing', rolled.* from rolled)
      union all (select 'too much', rolled.* from rolled except select 'too much', raw.* from raw)`.execute(ctx.tx)
    return rows
  })
}
