import { sql } from 'kysely'
import { needsOfAll } from '../../../catalog/conditions/needs.ts'
import type { Reader, VocabularyUse } from '../../../platform/context/vocabulary.ts'
import { type ChurnSettings, churnSettings } from '../contract/settings.ts'

/** The settings of a company; the defaults where it never chose. */
export async function settingsOf(reader: Pick<Reader, 'tenantId' | 'tx'>): Promise<ChurnSettings> {
  const { rows } = await sql<{ settings: ChurnSettings }>`
    select settings from churn_settings where tenant_id = ${reader.tenantId}`.execute(reader.tx)
  return rows[0]?.settings ?? churnSettings.parse({})
}

/** What the condition of who is left out names. */
export async function churnUses(reader: Reader): Promise<VocabularyUse[]> {
  const { exclude } = await settingsOf(reader)
  if (!exclude) return []
  return [
    {
      kind: 'churn_settings',
      id: 'exclude',
      name: { ja: '解約予測の対象外', en: 'Left out of churn prediction' },
      ...needsOfAll([exclude], 'customer'),
      decides: { record: 'customer', id: 'churnScore' },
    },
  ]
}
