import type { JsonObject } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { createOwnMetric, deleteOwnMetric, updateOwnMetric } from '../../../signals/metrics/commands/own.ts'
import { createOwnMetric as metric } from '../../../signals/metrics/contract.ts'
import { ownMetricsOf } from '../../../signals/metrics/queries/own.ts'
import {
  createScorecard,
  deleteScorecard,
  publishScorecard,
  updateScorecard,
} from '../../../signals/scorecards/commands/cards.ts'
import { scorecardItem } from '../../../signals/scorecards/contract/cards.ts'
import type { ScorecardDefinition } from '../../../signals/scorecards/contract/definition.ts'
import { cardOf, cardsOf } from '../../../signals/scorecards/queries/cards.ts'
import { createSegment, deleteSegment, updateSegment } from '../../../signals/segments/commands/segments.ts'
import { segmentItem } from '../../../signals/segments/contract.ts'
import { listSegments } from '../../../signals/segments/queries/segments.ts'
import { sameJson } from '../difference.ts'
import { keyed, picked, type Section } from './section.ts'

/** Metrics of the company's own. */
export const metrics: Section = {
  name: 'metrics',
  keyOf: keyed,
  async stored(ctx) {
    return (await ownMetricsOf(ctx)).map(({ id, label_ja: labelJa, label_en: labelEn, ...own }) => ({
      id,
      key: own.key,
      item: { ...own, labelJa, labelEn } as unknown as JsonObject,
    }))
  },
  async create(ctx, item) {
    await createOwnMetric(ctx, metric.body.parse(item))
  },
  async change(ctx, { id }, item) {
    const { key: _, ...input } = metric.body.parse(item)
    await updateOwnMetric(ctx, id, input)
  },
  remove: (ctx, { id }) => deleteOwnMetric(ctx, id),
}

const segmentFields = Object.keys(segmentItem.shape)

/** Segments; archived ones count as gone. */
export const segments: Section = {
  name: 'segments',
  keyOf: keyed,
  async stored(ctx) {
    const { items } = JSON.parse((await listSegments(ctx, {})).text) as { items: JsonObject[] }
    return items
      .filter(({ state }) => state !== 'archived')
      .map(({ condition, ...item }) => ({
        id: item.id as string,
        key: item.key as string,
        item: { ...picked(item, segmentFields), ...(condition != null && { condition }) },
      }))
  },
  async create(ctx, item) {
    const { state, ...input } = segmentItem.parse(item)
    const { items } = JSON.parse((await listSegments(ctx, { state: 'archived' })).text) as { items: JsonObject[] }
    const old = items.find(({ key }) => key === input.key)
    if (old) return changeSegment(ctx, old.id as string, old, item)
    const id = await createSegment(ctx, { ...input, state: state === 'paused' ? 'enabled' : state })
    if (state === 'paused') await updateSegment(ctx, id, { state })
  },
  change: (ctx, { id, item: before }, item) => changeSegment(ctx, id, before, item),
  remove: (ctx, { id }) => deleteSegment(ctx, id),
}

const changeSegment = async (
  ctx: Parameters<Section['create']>[0],
  id: string,
  before: JsonObject,
  item: JsonObject,
): Promise<void> => {
  const { kind, record, condition, key: _, ...input } = segmentItem.parse(item)
  if (kind !== before.kind || record !== before.record) {
    throw new AppError('conflict', {
      ja: 'セグメントの対象と種類（静的・動的）は変更できません。別のキーで追加してください。',
      en: 'What a segment is about and whether it is static stay. Add another one with its own key.',
    })
  }
  await updateSegment(ctx, id, { ...input, ...(condition !== undefined && { condition }) })
}

/** Scorecards: what counts of one that is published, else its draft. Archived ones count as gone. */
export const scorecards: Section = {
  name: 'scorecards',
  keyOf: keyed,
  async stored(ctx) {
    return (await cardsOf(ctx)).flatMap(card => {
      const { id, key, name_ja: nameJa, name_en: nameEn, state, position, condition } = card
      const definition = state === 'enabled' ? card.definition : (card.draft ?? card.definition)
      if (state === 'archived' || !definition) return []
      const item = { key, nameJa, nameEn, state, position, condition, definition }
      return [{ id, key, item: item as unknown as JsonObject }]
    })
  },
  async create(ctx, item) {
    const { state, position, ...input } = scorecardItem.parse(item)
    const old = (await cardsOf(ctx)).find(({ key }) => key === input.key)
    if (old) return changeCard(ctx, old.id, item)
    const id = await createScorecard(ctx, input)
    await updateScorecard(ctx, id, { position })
    if (state === 'enabled') await publishScorecard(ctx, id, null)
  },
  change: (ctx, { id }, item) => changeCard(ctx, id, item),
  async remove(ctx, { id, item }) {
    if (item.state === 'enabled') await updateScorecard(ctx, id, { state: 'archived' })
    await deleteScorecard(ctx, id)
  },
}

const changeCard = async (ctx: Parameters<Section['create']>[0], id: string, item: JsonObject): Promise<void> => {
  const { state, definition, key: _, ...input } = scorecardItem.parse(item)
  const known = await cardOf(ctx, id)
  if (state === 'draft') {
    await updateScorecard(ctx, id, { ...input, state, draft: definition })
    return
  }
  if (known.version > 0 && isSame(known.definition, definition)) {
    await updateScorecard(ctx, id, { ...input, state })
    return
  }
  await updateScorecard(ctx, id, { ...input, draft: definition })
  await publishScorecard(ctx, id, null)
  // What somebody was working on is not lost by it.
  if (known.draft && !isSame(known.draft, definition)) await updateScorecard(ctx, id, { draft: known.draft })
}

function isSame(a: ScorecardDefinition | null, b: ScorecardDefinition): boolean {
  return sameJson(a as unknown as JsonObject | null, b as unknown as JsonObject)
}
