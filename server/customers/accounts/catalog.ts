/** How a field is stored and compared. */
export type FieldType = 'text' | 'number' | 'integer' | 'boolean' | 'date' | 'moment' | 'one_of' | 'id' | 'ids' | 'json'

export interface Field {
  column: string
  type: FieldType
}

/** The fields of a customer that people and sources write, by their name in the API; each with its column. */
export const customerFields = {
  externalId: { column: 'external_id', type: 'text' },
  name: { column: 'name', type: 'text' },
  website: { column: 'website', type: 'text' },
  industry: { column: 'industry', type: 'text' },
  employeeCount: { column: 'employee_count', type: 'integer' },
  region: { column: 'region', type: 'text' },
  language: { column: 'language', type: 'text' },
  currency: { column: 'currency', type: 'text' },
  plan: { column: 'plan', type: 'text' },
  segment: { column: 'segment', type: 'text' },
  status: { column: 'status', type: 'one_of' },
  churnedOn: { column: 'churned_on', type: 'date' },
  churnReason: { column: 'churn_reason', type: 'text' },
  ownerId: { column: 'owner_id', type: 'id' },
  executiveSponsor: { column: 'executive_sponsor', type: 'text' },
  contractStart: { column: 'contract_start', type: 'date' },
  contractEnd: { column: 'contract_end', type: 'date' },
  renewalOn: { column: 'renewal_on', type: 'date' },
  lifetimeValue: { column: 'lifetime_value', type: 'number' },
  licenceCount: { column: 'licence_count', type: 'integer' },
  churnRisk: { column: 'churn_risk', type: 'one_of' },
  lastSeenAt: { column: 'last_seen_at', type: 'moment' },
  parentId: { column: 'parent_id', type: 'id' },
} as const satisfies Record<string, Field>

export type CustomerField = keyof typeof customerFields

/** Fields that the product works out: shown, sorted and filtered by, never written from outside. */
export const derivedFields = {
  tier: { column: 'tier', type: 'one_of' },
  tierKey: { column: 'tier_key', type: 'one_of' },
  mrr: { column: 'arr_order', type: 'number' },
  arr: { column: 'arr_order', type: 'number' },
  healthScore: { column: 'health_score', type: 'number' },
  healthLevel: { column: 'health_level', type: 'one_of' },
  healthTrend: { column: 'health_trend', type: 'one_of' },
  churnScore: { column: 'churn_score', type: 'number' },
  lastContactAt: { column: 'last_contact_at', type: 'moment' },
  createdAt: { column: 'created_at', type: 'moment' },
  updatedAt: { column: 'updated_at', type: 'moment' },
} as const satisfies Record<string, Field>

/** A kind of record that hangs on a customer: its table and the fields that are written from outside. */
export interface RecordShape {
  table: string
  fields: Readonly<Record<string, Field>>
  /** Values of fields that a new record does not give. */
  missing: Readonly<Record<string, string | number | boolean>>
  /** Imports note themselves in `import_id`. */
  imported: boolean
}

/** A column of an exported file: its heading, and whether it holds days. */
export interface ExportColumn {
  ja: string
  en: string
  type: 'text' | 'date'
}

const text = (ja: string, en: string): ExportColumn => ({ ja, en, type: 'text' })
const date = (ja: string, en: string): ExportColumn => ({ ja, en, type: 'date' })

/** What a file of customers can hold, by the names of the API. Headings are those that an import understands. */
export const customerColumns: Readonly<Record<string, ExportColumn>> = {
  externalId: text('外部ID', 'External ID'),
  name: text('顧客名', 'Name'),
  status: text('ステータス', 'Status'),
  tierKey: text('ティア', 'Tier'),
  plan: text('プラン', 'Plan'),
  segment: text('セグメント', 'Segment'),
  industry: text('業種', 'Industry'),
  employeeCount: text('従業員数', 'Employees'),
  website: text('Webサイト', 'Website'),
  domains: text('ドメイン', 'Domains'),
  region: text('地域', 'Region'),
  language: text('言語', 'Language'),
  ownerName: text('担当CSM', 'CSM'),
  executiveSponsor: text('責任者', 'Executive sponsor'),
  currency: text('通貨', 'Currency'),
  mrr: text('MRR', 'MRR'),
  arr: text('ARR', 'ARR'),
  lifetimeValue: text('累計売上', 'Lifetime value'),
  licenceCount: text('ライセンス数', 'Licences'),
  contractStart: date('契約開始日', 'Contract start'),
  contractEnd: date('契約終了日', 'Contract end'),
  renewalOn: date('更新日', 'Renewal date'),
  churnedOn: date('解約日', 'Churned on'),
  churnReason: text('解約理由', 'Churn reason'),
  healthScore: text('健全度', 'Health score'),
  churnRisk: text('解約リスク', 'Churn risk'),
  lastContactAt: text('最終接触', 'Last contact'),
  lastSeenAt: text('最終利用', 'Last use'),
  parentName: text('親会社', 'Parent'),
  tags: text('タグ', 'Tags'),
  createdAt: text('登録日時', 'Created'),
}
