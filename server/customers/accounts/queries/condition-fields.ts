import { sql } from 'kysely'
import type { FieldDefinition, Reader, RecordKind } from '../../../platform/context/vocabulary.ts'
import { tierModelOf } from './tier-model.ts'

type Given = Omit<FieldDefinition, 'record' | 'value'> & { column: string }

function field({ column, ...rest }: Given): FieldDefinition {
  return { ...rest, record: 'customer', value: sql.ref(`c.${column}`) }
}

/** The fields of a customer that conditions may name. */
export const customerConditionFields: readonly FieldDefinition[] = [
  field({
    id: 'name',
    kind: 'text',
    words: { ja: '名前', en: 'Name' },
    group: 'customer',
    facts: 'customer',
    column: 'name',
  }),
  field({
    id: 'externalId',
    kind: 'text',
    words: { ja: '外部ID', en: 'External ID' },
    group: 'customer',
    facts: 'customer',
    column: 'external_id',
  }),
  field({
    id: 'status',
    kind: 'one_of',
    words: { ja: '状態', en: 'Status' },
    group: 'customer',
    facts: 'customer',
    column: 'status',
    choices: [
      { value: 'ACTIVE', words: { ja: '利用中', en: 'Active' } },
      { value: 'ONBOARDING', words: { ja: '導入中', en: 'Onboarding' } },
      { value: 'AT_RISK', words: { ja: '要注意', en: 'At risk' } },
      { value: 'CHURNED', words: { ja: '解約済み', en: 'Churned' } },
      { value: 'PAUSED', words: { ja: '休止中', en: 'Paused' } },
    ],
  }),
  field({
    id: 'tier',
    kind: 'one_of',
    words: { ja: '区分', en: 'Category' },
    group: 'customer',
    facts: 'customer',
    column: 'tier',
    choices: [
      { value: 'ENTERPRISE', words: { ja: 'エンタープライズ', en: 'Enterprise' } },
      { value: 'MID_MARKET', words: { ja: '中堅', en: 'Mid-market' } },
      { value: 'SMALL_BUSINESS', words: { ja: '小規模', en: 'Small business' } },
      { value: 'TRIAL', words: { ja: '試用', en: 'Trial' } },
    ],
  }),
  field({
    id: 'tierKey',
    kind: 'one_of',
    words: { ja: 'ティア', en: 'Tier' },
    group: 'customer',
    facts: 'customer',
    column: 'tier_key',
  }),
  field({
    id: 'ownerId',
    kind: 'one_of',
    words: { ja: '担当', en: 'Owner' },
    group: 'customer',
    facts: 'customer',
    column: 'owner_id',
  }),
  field({
    id: 'plan',
    kind: 'one_of',
    words: { ja: 'プラン', en: 'Plan' },
    group: 'customer',
    facts: 'customer',
    column: 'plan',
  }),
  field({
    id: 'segment',
    kind: 'one_of',
    words: { ja: '顧客セグメント（区分）', en: 'Market segment' },
    group: 'customer',
    facts: 'customer',
    column: 'segment',
  }),
  field({
    id: 'industry',
    kind: 'one_of',
    words: { ja: '業種', en: 'Industry' },
    group: 'customer',
    facts: 'customer',
    column: 'industry',
  }),
  field({
    id: 'region',
    kind: 'one_of',
    words: { ja: '地域', en: 'Region' },
    group: 'customer',
    facts: 'customer',
    column: 'region',
  }),
  field({
    id: 'language',
    kind: 'one_of',
    words: { ja: '言語', en: 'Language' },
    group: 'customer',
    facts: 'customer',
    column: 'language',
  }),
  field({
    id: 'timeZone',
    kind: 'text',
    words: { ja: 'タイムゾーン', en: 'Time zone' },
    group: 'customer',
    facts: 'customer',
    column: 'time_zone',
  }),
  field({
    id: 'currency',
    kind: 'one_of',
    words: { ja: '通貨', en: 'Currency' },
    group: 'customer',
    facts: 'customer',
    column: 'currency',
  }),
  field({
    id: 'churnRisk',
    kind: 'one_of',
    words: { ja: '解約リスク', en: 'Churn risk' },
    group: 'health',
    facts: 'customer',
    column: 'churn_risk',
    choices: [
      { value: 'LOW', words: { ja: '低', en: 'Low' } },
      { value: 'MEDIUM', words: { ja: '中', en: 'Medium' } },
      { value: 'HIGH', words: { ja: '高', en: 'High' } },
      { value: 'CRITICAL', words: { ja: '極めて高', en: 'Critical' } },
    ],
  }),
  field({
    id: 'healthLevel',
    kind: 'one_of',
    words: { ja: '健全度', en: 'Health' },
    group: 'health',
    facts: 'health',
    column: 'health_level',
    choices: [
      { value: 'EXCELLENT', words: { ja: '良好', en: 'Good' } },
      { value: 'GOOD', words: { ja: '注意', en: 'Watch' } },
      { value: 'FAIR', words: { ja: '警戒', en: 'At risk' } },
      { value: 'POOR', words: { ja: '危険', en: 'Critical' } },
    ],
  }),
  field({
    id: 'healthTrend',
    kind: 'one_of',
    words: { ja: '健全度の傾向', en: 'Health trend' },
    group: 'health',
    facts: 'health',
    column: 'health_trend',
    choices: [
      { value: 'IMPROVING', words: { ja: '改善傾向', en: 'Improving' } },
      { value: 'STABLE', words: { ja: '横ばい', en: 'Stable' } },
      { value: 'DECLINING', words: { ja: '低下傾向', en: 'Declining' } },
      { value: 'UNKNOWN', words: { ja: '不明', en: 'Unknown' } },
    ],
  }),
  field({
    id: 'arr',
    kind: 'number',
    words: { ja: 'ARR', en: 'ARR' },
    group: 'contracts',
    facts: 'contracts',
    column: 'arr_order',
    unit: 'money',
  }),
  field({
    id: 'healthScore',
    kind: 'number',
    words: { ja: '健全度の点数', en: 'Health score' },
    group: 'health',
    facts: 'health',
    column: 'health_score',
  }),
  field({
    id: 'churnScore',
    kind: 'number',
    words: { ja: '解約スコア', en: 'Churn score' },
    group: 'health',
    facts: 'customer',
    column: 'churn_score',
  }),
  field({
    id: 'employeeCount',
    kind: 'number',
    words: { ja: '従業員数', en: 'Employees' },
    group: 'customer',
    facts: 'customer',
    column: 'employee_count',
  }),
  field({
    id: 'licenceCount',
    kind: 'number',
    words: { ja: '契約席数', en: 'Licences' },
    group: 'contracts',
    facts: 'customer',
    column: 'licence_count',
  }),
  field({
    id: 'lifetimeValue',
    kind: 'number',
    words: { ja: 'LTV', en: 'Lifetime value' },
    group: 'contracts',
    facts: 'customer',
    column: 'lifetime_value',
    unit: 'money',
  }),
  field({
    id: 'renewalOn',
    kind: 'date',
    words: { ja: '更新日', en: 'Renewal' },
    group: 'contracts',
    facts: 'contracts',
    column: 'renewal_on',
  }),
  field({
    id: 'contractStart',
    kind: 'date',
    words: { ja: '契約開始日', en: 'Contract start' },
    group: 'contracts',
    facts: 'contracts',
    column: 'contract_start',
  }),
  field({
    id: 'contractEnd',
    kind: 'date',
    words: { ja: '契約終了日', en: 'Contract end' },
    group: 'contracts',
    facts: 'contracts',
    column: 'contract_end',
  }),
  field({
    id: 'churnedOn',
    kind: 'date',
    words: { ja: '解約日', en: 'Churned on' },
    group: 'customer',
    facts: 'customer',
    column: 'churned_on',
  }),
  field({
    id: 'lastContactAt',
    kind: 'date',
    words: { ja: '最終接触', en: 'Last contact' },
    group: 'communications',
    facts: 'communications',
    column: 'last_contact_at',
    isMoment: true,
  }),
  field({
    id: 'lastSeenAt',
    kind: 'date',
    words: { ja: '最終利用', en: 'Last seen' },
    group: 'usage',
    facts: 'usage',
    column: 'last_seen_at',
    isMoment: true,
  }),
  field({
    id: 'createdAt',
    kind: 'date',
    words: { ja: '登録日', en: 'Created' },
    group: 'customer',
    facts: 'customer',
    column: 'created_at',
    isMoment: true,
  }),
  field({
    id: 'churnReason',
    kind: 'text',
    words: { ja: '解約理由', en: 'Churn reason' },
    group: 'customer',
    facts: 'customer',
    column: 'churn_reason',
  }),
  field({
    id: 'parentId',
    kind: 'one_of',
    words: { ja: '親会社', en: 'Parent' },
    group: 'customer',
    facts: 'customer',
    column: 'parent_id',
  }),
]

/** Fields whose choices differ by company: who looks after the customer, its tier, its tags. */
export async function companyCustomerFields(reader: Reader, record: RecordKind): Promise<FieldDefinition[]> {
  const tags = await tagField(reader, record)
  if (record === 'contact') return [tags]
  const byId = new Map(customerConditionFields.map(each => [each.id, each]))
  const { rows: owners } = await sql<{ value: string; name: string }>`
    select m.id as value, u.name from member m join app_user u on u.id = m.user_id
    where m.tenant_id = ${reader.tenantId} and m.role <> 'portal_user' order by u.name, m.id`.execute(reader.tx)
  const { tiers } = await tierModelOf(reader)
  return [
    tags,
    { ...byId.get('ownerId')!, choices: owners.map(({ value, name }) => ({ value, words: { ja: name, en: name } })) },
    { ...byId.get('tierKey')!, choices: tiers.map(({ key, ja, en }) => ({ value: key, words: { ja, en } })) },
  ]
}

async function tagField(reader: Reader, record: RecordKind): Promise<FieldDefinition> {
  const { rows } = await sql<{ name: string }>`
    select name from tag where tenant_id = ${reader.tenantId} order by name limit 1000`.execute(reader.tx)
  const table = sql.table(`${record}_tag`)
  const column = sql.id('x', `${record}_id`)
  return {
    id: 'tags',
    record,
    words: { ja: 'タグ', en: 'Tags' },
    kind: 'many_of',
    group: record,
    facts: record === 'customer' ? 'customer' : 'contacts',
    value: sql`array(select t.name from ${table} x join tag t on t.tenant_id = ${reader.tenantId} and t.id = x.tag_id
      where x.tenant_id = ${reader.tenantId} and ${column} = c.id)`,
    holdsAny:
      wanted => sql`c.id in (select ${column} from ${table} x join tag t on t.tenant_id = ${reader.tenantId} and t.id = x.tag_id
      where x.tenant_id = ${reader.tenantId} and t.name = any(${wanted}::text[]))`,
    choices: rows.map(({ name }) => ({ value: name, words: { ja: name, en: name } })),
  }
}
