import { sql } from 'kysely'
import { needsOfAll } from '../../../catalog/conditions/needs.ts'
import type { Reader, VocabularyUse } from '../../../platform/context/vocabulary.ts'
import type { Words } from '../../../platform/errors/words.ts'
import type { AlertRoute, AlertTrigger } from '../contract/rules.ts'

/** What alert rules name: in what they watch, and in who has to see to it. */
export async function alertRuleUses(reader: Reader): Promise<VocabularyUse[]> {
  const { rows } = await sql<{ id: string; name: Words; trigger: AlertTrigger; routing: AlertRoute[] }>`
    select r.id, jsonb_build_object('ja', r.name_ja, 'en', r.name_en) as name, r.trigger, r.routing from alert_rule r
    where r.tenant_id = ${reader.tenantId} and r.state <> 'archived' order by r.name_ja, r.id`.execute(reader.tx)
  return rows.map(({ id, name, trigger, routing }) => {
    const watched = trigger.kind === 'condition' ? trigger.condition : null
    return { kind: 'alert_rule', id, name, ...needsOfAll([watched, ...routing.map(({ when }) => when)], 'customer') }
  })
}
