import { sql } from 'kysely'
import type { FieldDefinition, Reader, RecordKind } from '../../../platform/context/vocabulary.ts'
import { factsOf } from './catalogue.ts'
import { metricsOf } from './definitions.ts'
import { placesOf } from './places.ts'

/** Every metric as a field of customers that conditions may name: `metrics.<key>`. */
export async function metricFields(reader: Reader, record: RecordKind): Promise<FieldDefinition[]> {
  if (record === 'contact') return []
  const metrics = await metricsOf(reader)
  const places = await placesOf(reader)
  return [...metrics.values()].map(({ definition }) => ({
    id: `metrics.${definition.key}`,
    record,
    words: definition.words,
    kind: 'number',
    group: definition.key.split('.')[0]!,
    facts: factsOf(metrics, definition.key)[0] ?? 'usage',
    // A metric without a place was not worked out yet: nobody has a value.
    value: sql`figures_now.figures[${places.get(definition.key) ?? 0}::int]`,
    isMetric: true,
    place: places.get(definition.key) ?? 0,
    unit: definition.unit,
  }))
}
