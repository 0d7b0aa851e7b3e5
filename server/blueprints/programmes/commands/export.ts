import { sql } from 'kysely'
import { stringify } from 'yaml'
import { type Context, type JsonObject, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { driftOf } from '../changes.ts'
import { type SectionName, sectionNames } from '../contract/document.ts'
import { sameJson } from '../difference.ts'
import { canonical, currentOf, managedOf } from './current.ts'
import { sectionOf } from './sections.ts'

const comments: Readonly<Record<SectionName, string>> = {
  attributes: '顧客・担当者の独自の属性 / Fields of the company’s own',
  tiers: 'ティアと判定のルール / Tiers and their rule',
  metrics: '独自の指標 / Metrics of the company’s own',
  segments: 'セグメント / Segments',
  riskSignals: 'リスクシグナル / Signals of risk',
  scorecards: 'スコアカード / Health scorecards',
  churnSettings: '解約予測の設定 / Settings of churn prediction',
  alertRules: 'アラートのルール / Alert rules',
  onboarding: 'オンボーディング / Onboarding journeys',
  scoringRules: 'リードスコアの配点ルール / Lead scoring rules',
  scoringSettings: 'リードスコアの設定 / Settings of lead scoring',
  lifecycleStages: 'リードのライフサイクルのステージ / Lifecycle stages of leads',
  taskRules: 'タスクのルール / Rules that make tasks',
  messageTopics: '配信トピック / Topics of messages',
  messageTemplates: 'メールのテンプレート / Templates of e-mail',
  inAppMessages: 'アプリ内メッセージ / Messages inside the product',
  flows: 'フロー / Flows',
  kpiTargets: 'KPIの目標 / Targets of KPIs',
}

/**
 * What the company has, as YAML by section; planned again it makes no difference.
 * @param blueprint only what this one made, with its head
 * @throws AppError `not_found` where nothing is of that blueprint
 */
export async function exportSections(
  ctx: Context,
  blueprint: string | undefined,
): Promise<{ section: SectionName | 'blueprint'; text: string }[]> {
  requirePermission(ctx, 'blueprints.manage')
  const head = blueprint === undefined ? [] : [{ section: 'blueprint' as const, text: await headOf(ctx, blueprint) }]
  const { items } = await currentOf(ctx)
  const own = new Set(
    (await managedOf(ctx)).filter(each => each.blueprint === blueprint).map(({ section, key }) => `${section} ${key}`),
  )
  const texts = sectionNames.flatMap(section => {
    const wanted = [...items.get(section)!].filter(([key]) => blueprint === undefined || own.has(`${section} ${key}`))
    if (wanted.length === 0) return []
    const list = wanted.map(([, item]) => withoutDefaults(section, item))
    const content = { [section]: sectionOf(section).single ? list[0] : list }
    return [{ section, text: `# ${comments[section]}\n${stringify(content, { lineWidth: 110 })}` }]
  })
  return [...head, ...texts]
}

async function headOf(ctx: Context, key: string): Promise<string> {
  const { rows } = await sql<{ nameJa: string; nameEn: string }>`
    select a.name_ja as "nameJa", a.name_en as "nameEn" from blueprint_application a
    where a.tenant_id = ${ctx.tenantId} and a.blueprint = ${key} order by a.at desc limit 1`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return stringify({ blueprint: { key, ...rows[0] } })
}

/** What its shape fills in by itself is left out. */
function withoutDefaults(section: SectionName, item: JsonObject): JsonObject {
  let least = item
  for (const name of Object.keys(item)) {
    const { [name]: _, ...rest } = least
    try {
      if (sameJson(canonical(section, rest), item)) least = rest
    } catch {
      // It has to be there.
    }
  }
  return least
}

/** What was changed or deleted by hand since a blueprint made it. */
export async function blueprintDrift(ctx: Context) {
  requirePermission(ctx, 'blueprints.manage')
  const managed = await managedOf(ctx)
  const { items } = await currentOf(ctx)
  return {
    items: driftOf(items, managed).map(({ before: _, after: __, ...change }) => ({ ...change, problem: null })),
    managed: managed.length,
  }
}
