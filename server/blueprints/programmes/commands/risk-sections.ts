import type { JsonObject } from '../../../platform/context/context.ts'
import { putSettings } from '../../../signals/churn/commands/settings.ts'
import { churnSettings as settings } from '../../../signals/churn/contract/settings.ts'
import { settingsOf } from '../../../signals/churn/queries/settings.ts'
import { createSignal, deleteSignal, updateSignal } from '../../../signals/risks/commands/signals.ts'
import { riskSignalItem } from '../../../signals/risks/contract.ts'
import { signalsOf } from '../../../signals/risks/queries/signals.ts'
import { keyed, type Section } from './section.ts'

/** Signals of risk. */
export const riskSignals: Section = {
  name: 'riskSignals',
  keyOf: keyed,
  async stored(ctx) {
    return (await signalsOf(ctx)).map(signal => {
      const { id, key, name_ja: nameJa, name_en: nameEn, level, condition, state } = signal
      const advice = { adviceJa: signal.advice_ja, adviceEn: signal.advice_en }
      return { id, key, item: { key, nameJa, nameEn, level, condition, ...advice, state } as unknown as JsonObject }
    })
  },
  async create(ctx, item) {
    await createSignal(ctx, riskSignalItem.parse(item))
  },
  async change(ctx, { id }, item) {
    const { key: _, ...input } = riskSignalItem.parse(item)
    await updateSignal(ctx, id, input)
  },
  remove: (ctx, { id }) => deleteSignal(ctx, id),
}

/** What counts as churn, the horizon, the bands and the prices. */
export const churnSettings: Section = {
  name: 'churnSettings',
  single: true,
  keyOf: () => 'churnSettings',
  async stored(ctx) {
    const item = (await settingsOf(ctx)) as unknown as JsonObject
    return [{ id: 'churnSettings', key: 'churnSettings', item }]
  },
  create: (ctx, item) => putSettings(ctx, settings.parse(item)),
  change: (ctx, _, item) => putSettings(ctx, settings.parse(item)),
  // Every company has them.
  remove: async () => {},
}
