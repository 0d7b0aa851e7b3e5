import type { JsonObject } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { createStage, deleteStage, placeStage, updateStage } from '../../../signals/lifecycle/commands/stages.ts'
import { createStage as stage, stageItem } from '../../../signals/lifecycle/contract/stages.ts'
import { stagesOf } from '../../../signals/lifecycle/queries/stages.ts'
import {
  createScoringRule,
  deleteScoringRule,
  putScoringSettings,
  updateScoringRule,
} from '../../../signals/scoring/commands/rules.ts'
import {
  createScoringRule as rule,
  scoringRuleItem,
  scoringSettings as settings,
} from '../../../signals/scoring/contract/rules.ts'
import { rulesOf, settingsOf } from '../../../signals/scoring/queries/definition.ts'
import { keyed, picked, type Section } from './section.ts'

const inOrder: NonNullable<Section['settle']> = async (_, item, place) => ({
  ...item,
  position: item.position ?? place,
})

/** What gives and takes points. */
export const scoringRules: Section = {
  name: 'scoringRules',
  keyOf: keyed,
  settle: inOrder,
  async stored(ctx) {
    return (await rulesOf(ctx)).map(known => ({
      id: known.id,
      key: known.key,
      item: picked(known as unknown as JsonObject, Object.keys(scoringRuleItem.shape)),
    }))
  },
  async create(ctx, item) {
    await createScoringRule(ctx, rule.body.parse(item))
  },
  async change(ctx, { id }, item) {
    const { key: _, ...input } = rule.body.parse(item)
    await updateScoringRule(ctx, id, input)
  },
  remove: (ctx, { id }) => deleteScoringRule(ctx, id),
}

/** Who is a lead, the caps, when one is hot and who is told. */
export const scoringSettings: Section = {
  name: 'scoringSettings',
  single: true,
  keyOf: () => 'scoringSettings',
  async stored(ctx) {
    const item = picked((await settingsOf(ctx)) as unknown as JsonObject, Object.keys(settings.shape))
    return [{ id: 'scoringSettings', key: 'scoringSettings', item }]
  },
  create: (ctx, item) => putScoringSettings(ctx, settings.parse(item)),
  change: (ctx, _, item) => putScoringSettings(ctx, settings.parse(item)),
  // Every company has them.
  remove: async () => {},
}

/** Stages of leads; nobody who moves by applying a blueprint causes a mail or a customer. */
export const lifecycleStages: Section = {
  name: 'lifecycleStages',
  keyOf: keyed,
  settle: inOrder,
  async stored(ctx) {
    return (await stagesOf(ctx)).map(({ id, key, name_ja: nameJa, name_en: nameEn, ...known }) => ({
      id,
      key,
      item: picked({ ...known, key, nameJa, nameEn } as unknown as JsonObject, Object.keys(stageItem.shape)),
    }))
  },
  async create(ctx, { position, ...item }) {
    const id = await createStage(ctx, { ...stage.body.parse(item), actNow: false })
    await placeStage(ctx, id, position as number)
  },
  async change(ctx, { id, item: before }, { position, ...item }) {
    const { key: _, ...input } = stage.body.parse(item)
    if (position !== before.position) await placeStage(ctx, id, position as number)
    await updateStage(ctx, id, { ...input, actNow: false })
  },
  async remove(ctx, { id }) {
    try {
      await deleteStage(ctx, id)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error
      // Leads are in it: nobody comes into it any more.
      await updateStage(ctx, id, { state: 'paused', actNow: false })
    }
  },
}
