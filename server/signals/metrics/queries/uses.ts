import { sql } from 'kysely'
import type { Reader } from '../../../platform/context/vocabulary.ts'

export interface Use {
  kind: string
  id: string
  name: string
}

/** Where each metric is used: segments, scorecards, rules, own ratios. Looked up by its quoted key in their JSON. */
export async function metricUses(reader: Reader): Promise<ReadonlyMap<string, Use[]>> {
  const { rows } = await sql<Use & { key: string }>`
    with place as (select key from metric_place where tenant_id = ${reader.tenantId})
    select place.key, 'segment' as kind, s.id, s.name_ja as name from segment s, place
    where s.tenant_id = ${reader.tenantId} and s.state <> 'archived'
      and (strpos(s.condition::text, '"metrics.' || place.key || '"') > 0 or strpos(s.condition::text, '"' || place.key || '"') > 0)
    union all
    select place.key, 'metric', m.id, m.label_ja from own_metric m, place
    where m.tenant_id = ${reader.tenantId} and strpos(m.definition::text, '"' || place.key || '"') > 0
    order by 2, 4`.execute(reader.tx)
  const uses = new Map<string, Use[]>()
  for (const { key, ...use } of rows) uses.set(key, [...(uses.get(key) ?? []), use])
  return uses
}
