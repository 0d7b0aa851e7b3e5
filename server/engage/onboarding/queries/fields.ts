import { sql } from 'kysely'
import type { FieldDefinition, Reader, RecordKind } from '../../../platform/context/vocabulary.ts'
import { templatesOf } from './stored.ts'

/** What conditions may name of onboarding that differs by company: template, phase, and early warnings that were given. */
export async function onboardingOwnFields(reader: Reader, record: RecordKind): Promise<FieldDefinition[]> {
  if (record !== 'customer') return []
  const templates = await templatesOf(reader)
  const about = { record, group: 'onboarding', facts: 'success', changesByItself: true } as const
  const running = sql`j.status in ('running', 'paused')`
  const worst = sql`order by j.state = 'stuck' desc, j.state = 'behind' desc, j.starts_on desc, j.id limit 1`
  const template = sql`onboarding_template t on t.tenant_id = ${reader.tenantId} and t.id = j.template_id`
  const given = sql`onboarding_journey j join ${template}
    join onboarding_warning w on w.tenant_id = ${reader.tenantId} and w.journey_id = j.id`
  /** Keys of phases and warnings are their template's own. */
  const parts = (of: 'phases' | 'warnings') =>
    templates.flatMap(({ key, name_ja, name_en, definition }) =>
      definition[of].map(part => ({
        value: `${key}/${part.key}`,
        words: { ja: `${name_ja}：${part.nameJa}`, en: `${name_en}: ${part.nameEn}` },
      })),
    )
  return [
    {
      ...about,
      id: 'onboardingTemplate',
      words: { ja: 'オンボーディングのテンプレート', en: 'Template of onboarding' },
      kind: 'one_of',
      value: sql`(select t.key from onboarding_journey j join ${template} where j.tenant_id = ${reader.tenantId} and ${running}
        and j.customer_id = c.id ${worst})`,
      choices: templates.map(({ key, name_ja: ja, name_en: en }) => ({ value: key, words: { ja, en } })),
    },
    {
      ...about,
      id: 'onboardingPhase',
      words: { ja: 'オンボーディングのフェーズ', en: 'Phase of onboarding' },
      kind: 'one_of',
      value: sql`(select t.key || '/' || j.phase from onboarding_journey j join ${template}
        where j.tenant_id = ${reader.tenantId} and ${running}
        and j.customer_id = c.id ${worst})`,
      choices: parts('phases'),
    },
    {
      ...about,
      id: 'onboardingWarnings',
      words: { ja: 'オンボーディングの早期警告', en: 'Early warnings in onboarding' },
      kind: 'many_of',
      value: sql`array(select t.key || '/' || w.key from ${given}
        where j.tenant_id = ${reader.tenantId} and ${running} and j.customer_id = c.id)`,
      holdsAny: wanted =>
        sql`c.id in (select j.customer_id from ${given}
        where j.tenant_id = ${reader.tenantId} and ${running} and t.key || '/' || w.key = any(${wanted}::text[]))`,
      choices: parts('warnings'),
    },
  ]
}
