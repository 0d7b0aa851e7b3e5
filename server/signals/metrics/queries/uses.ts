import { shownUse, type Use, vocabularyUses } from '../../../catalog/conditions/queries/uses.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { Reader, VocabularyUse } from '../../../platform/context/vocabulary.ts'
import { ownMetricsOf } from './own.ts'

const prefix = 'metrics.'

/** What the company's own ratios are made of. */
export async function ownMetricUses(reader: Reader): Promise<VocabularyUse[]> {
  return (await ownMetricsOf(reader)).flatMap(({ id, label_ja: ja, label_en: en, definition }) =>
    definition.kind === 'ratio'
      ? [
          {
            kind: 'metric',
            id,
            name: { ja, en },
            fields: [definition.of, definition.per].map(key => ({ record: 'customer' as const, id: prefix + key })),
            segments: [],
          },
        ]
      : [],
  )
}

/** Where each metric is used: segments, scorecards, rules, stages, own ratios. */
export async function metricUses(ctx: Context): Promise<ReadonlyMap<string, Use[]>> {
  const uses = new Map<string, Use[]>()
  for (const use of await vocabularyUses(ctx)) {
    const keys = new Set(use.fields.flatMap(({ id }) => (id.startsWith(prefix) ? [id.slice(prefix.length)] : [])))
    for (const key of keys) uses.set(key, [...(uses.get(key) ?? []), shownUse(use, ctx.locale)])
  }
  return uses
}
