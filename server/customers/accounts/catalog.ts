import { sql } from 'kysely'
import type { FactKind, MetricSource } from '../../platform/context/vocabulary.ts'
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
  timeZone: { column: 'time_zone', type: 'text' },
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
  /** What figures are worked out from these records, and the column of the day from which on they count. */
  counts?: { facts: FactKind; since: string }
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
  timeZone: text('タイムゾーン', 'Time zone'),
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

const customerSource: MetricSource = {
  key: 'customer',
  facts: 'customer',
  rows: at => sql`(select k.id, k.licence_count, k.employee_count, k.created_at, k.contract_start, k.churned_on from customer k
    where k.tenant_id = ${at.tenantId} and ${at.only(sql`k.id`)}) k`,
  customer: sql`k.id`,
  metrics: [
    {
      key: 'customer.licences',
      undated: true,
      unit: 'count',
      direction: 'up',
      words: { ja: '登録ライセンス数', en: 'Licences kept on the customer' },
      definition: { ja: '顧客に登録されているライセンス数です。', en: 'Licences as kept on the customer.' },
      formula: 'customer.licence_count',
      value: () => sql`max(k.licence_count)`,
      missing: null,
    },
    {
      key: 'customer.employees',
      undated: true,
      unit: 'count',
      direction: 'neither',
      words: { ja: '従業員規模', en: 'Company size' },
      definition: { ja: '顧客に登録されている従業員数です。', en: 'Employees as kept on the customer.' },
      formula: 'customer.employee_count',
      value: () => sql`max(k.employee_count)`,
      missing: null,
    },
    {
      key: 'customer.churned',
      unit: 'count',
      direction: 'down',
      words: { ja: '解約済み', en: 'Churned' },
      definition: { ja: 'その日までに解約していれば1です。', en: '1 where the customer had left by the day.' },
      formula: 'churned on ≤ day',
      value: at => sql`max(case when k.churned_on <= ${at.day}::date then 1 else 0 end)`,
      missing: 0,
    },
  ],
}

const historySource: MetricSource = {
  key: 'customer_history',
  facts: 'customer',
  rows: at =>
    sql`customer_history h where h.tenant_id = ${at.tenantId} and ${at.only(sql`h.customer_id`)} and h.at < ${at.end} and h.field in ('owner', 'tier')`,
  customer: sql`h.customer_id`,
  metrics: [
    {
      key: 'customer.handovers_365',
      unit: 'count',
      direction: 'down',
      window: 365,
      words: { ja: '担当変更（365日）', en: 'Hand-overs (365 d)' },
      definition: {
        ja: '直近365日に担当CSMが変わった回数です。',
        en: 'How often the CSM changed in the last 365 days.',
      },
      formula: 'count(owner changes, 365 d)',
      value: at =>
        sql`count(*) filter (where h.field = 'owner' and h.from_value is not null and h.at >= ${at.end}::timestamptz - interval '365 days')`,
      missing: 0,
    },
    {
      key: 'customer.handovers_90',
      unit: 'count',
      direction: 'down',
      window: 90,
      words: { ja: '担当変更（90日）', en: 'Hand-overs (90 d)' },
      definition: {
        ja: '直近90日に担当CSMが変わった回数です。',
        en: 'How often the CSM changed in the last 90 days.',
      },
      formula: 'count(owner changes, 90 d)',
      value: at =>
        sql`count(*) filter (where h.field = 'owner' and h.from_value is not null and h.at >= ${at.end}::timestamptz - interval '90 days')`,
      missing: 0,
    },
    {
      key: 'customer.days_with_owner',
      unit: 'days',
      direction: 'up',
      words: { ja: '現担当の期間', en: 'Days with the CSM' },
      definition: { ja: '現在の担当CSMになってからの日数です。', en: 'Days since the present CSM took over.' },
      formula: 'day − last owner change',
      value: at => sql`${at.day}::date - (max(h.at) filter (where h.field = 'owner') at time zone ${at.zone})::date`,
      missing: null,
    },
    {
      key: 'customer.tier_changes_365',
      unit: 'count',
      direction: 'neither',
      window: 365,
      words: { ja: 'ティア変更（365日）', en: 'Tier changes (365 d)' },
      definition: {
        ja: '直近365日にティアが変わった回数です。',
        en: 'How often the tier changed in the last 365 days.',
      },
      formula: 'count(tier changes, 365 d)',
      value: at =>
        sql`count(*) filter (where h.field = 'tier' and h.from_value is not null and h.at >= ${at.end}::timestamptz - interval '365 days')`,
      missing: 0,
    },
  ],
}

export const accountSources: readonly MetricSource[] = [customerSource, historySource]
