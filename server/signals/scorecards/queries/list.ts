import { sql } from 'kysely'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import type { Context } from '../../../platform/context/context.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { ownMetricsOf } from '../../metrics/queries/own.ts'
import { earlySuccess, pluginMarketplace, saasSuccess } from '../catalog.ts'
import type { ScorecardDefinition } from '../contract/definition.ts'
import { cardOf, cardsOf, type StoredCard } from './cards.ts'

const coreFeatureUse = 'own.core_feature_use'

const presets: { key: string; nameJa: string; nameEn: string; definition: ScorecardDefinition }[] = [
  { key: 'saas-success', nameJa: 'SaaS標準（8要素）', nameEn: 'SaaS standard (8 factors)', definition: saasSuccess },
  {
    key: 'plugin-marketplace',
    nameJa: 'マーケットプレイス（5要素・段階）',
    nameEn: 'Marketplace (5 stepped factors)',
    definition: pluginMarketplace,
  },
  { key: 'early-success', nameJa: '4領域', nameEn: 'Four components', definition: earlySuccess },
  {
    key: 'blank',
    nameJa: '空のスコアカード',
    nameEn: 'Empty scorecard',
    definition: {
      groups: [],
      factors: [
        {
          key: 'days_of_use',
          nameJa: '利用日数',
          nameEn: 'Days of use',
          weight: 100,
          input: { metric: 'usage.active_days_30' },
          shape: { kind: 'linear', from: 0, to: 20 },
        },
      ],
      bands: [
        {
          key: 'green',
          nameJa: '良好',
          nameEn: 'Good',
          colour: 'green',
          from: 60,
          actionsJa: [],
          actionsEn: [],
        },
        {
          key: 'red',
          nameJa: '危険',
          nameEn: 'Critical',
          colour: 'red',
          from: 0,
          actionsJa: [],
          actionsEn: [],
        },
      ],
      exceptions: [],
      missing: 'reweight',
    },
  },
]

/** Scorecards in their order, with how many customers each scores and the mean; and ready-made ones. */
export async function listScorecards(ctx: Context) {
  const own = new Set((await ownMetricsOf(ctx)).map(({ key }) => key))
  return {
    items: await shown(ctx, await cardsOf(ctx)),
    presets: presets.map(preset => ({ ...preset, definition: withoutUnknown(preset.definition, own) })),
  }
}

const featuresUsed: Pick<ScorecardDefinition['factors'][number], 'nameJa' | 'nameEn' | 'input' | 'shape'> = {
  nameJa: '利用機能数',
  nameEn: 'Features used',
  input: { metric: 'usage.features_30' },
  shape: { kind: 'linear', from: 0, to: 10 },
}

/** Which features are core only the company can say (an own metric); until it has, the number of features stands in. */
function withoutUnknown(definition: ScorecardDefinition, own: ReadonlySet<string>): ScorecardDefinition {
  if (own.has(coreFeatureUse)) return definition
  const factors = definition.factors.map(each =>
    'metric' in each.input && each.input.metric === coreFeatureUse ? { ...each, ...featuresUsed } : each,
  )
  return { ...definition, factors }
}

/** @throws AppError `not_found` */
export async function getScorecard(ctx: Context, id: string) {
  return (await shown(ctx, [await cardOf(ctx, id)]))[0]!
}

async function shown(ctx: Context, cards: StoredCard[]) {
  const { rows } = await sql<{ id: string; customers: number; mean: number | null }>`
    select h.scorecard_id as id, count(*)::int as customers, avg(h.score) as mean from customer_health h
    where h.tenant_id = ${ctx.tenantId} group by 1`.execute(ctx.tx)
  const counts = new Map(rows.map(row => [row.id, row]))
  return cards.map(({ name_ja: nameJa, name_en: nameEn, ...card }) => ({
    ...card,
    nameJa,
    nameEn,
    customers: counts.get(card.id)?.customers ?? 0,
    meanScore: counts.get(card.id)?.mean ?? null,
  }))
}

/** Versions, latest first. */
export async function listVersions(ctx: Context, id: string): Promise<JsonText> {
  await cardOf(ctx, id)
  const { rows } = await sql<{ items: string }>`
    select coalesce(json_agg(json_build_object('version', v.version, 'definition', v.definition, 'note', v.note,
      'publishedByName', ${memberName(ctx, sql`v.published_by`)}, 'publishedAt', v.published_at) order by v.version desc), '[]')::text as items
    from scorecard_version v where v.tenant_id = ${ctx.tenantId} and v.scorecard_id = ${id}`.execute(ctx.tx)
  return new JsonText(`{"items":${rows[0]!.items}}`)
}
