import type { DerivedMetric, MetricSource, Reader } from '../../../platform/context/vocabulary.ts'
import { AppError } from '../../../platform/errors/app-error.ts'

/** Where the value of a metric comes from. */
export type Defined =
  | { definition: MetricSource['metrics'][number]; source: MetricSource }
  | { definition: DerivedMetric; source: undefined }

/** All metrics of a company by their key, in the order of the modules; its own ones last. */
export type Metrics = ReadonlyMap<string, Defined>

/** The product's metrics and the company's own. */
export async function metricsOf(reader: Reader): Promise<Metrics> {
  const { vocabulary } = reader.installation
  const sources = vocabulary.flatMap(part => part.sources ?? [])
  const derived = vocabulary.flatMap(part => part.derived ?? [])
  for (const part of vocabulary) {
    const own = await part.ownMetrics?.(reader)
    sources.push(...(own?.sources ?? []))
    derived.push(...(own?.derived ?? []))
  }
  return new Map<string, Defined>([
    ...sources.flatMap(source =>
      source.metrics.map((definition): [string, Defined] => [definition.key, { definition, source }]),
    ),
    ...derived.map((definition): [string, Defined] => [definition.key, { definition, source: undefined }]),
  ])
}

/** @throws AppError `invalid_input` for a key that no metric has */
export function definedMetric(metrics: Metrics, key: string): Defined {
  const defined = metrics.get(key)
  if (defined) return defined
  throw new AppError('invalid_input', {
    ja: `「${key.slice(0, 80)}」という指標はありません。指標カタログを確認してください。`,
    en: `There is no metric "${key.slice(0, 80)}". Look it up in the catalogue.`,
  })
}

/** Whether a metric, or any that it is made of, has no history: what it says of a past day may be of later. */
export function isUndated(metrics: Metrics, key: string): boolean {
  return [...baseMetrics(metrics, [key])].some(base => definedMetric(metrics, base).definition.undated ?? false)
}

/** The metrics that a metric needs from sources, itself included where it is one. */
export function baseMetrics(metrics: Metrics, keys: Iterable<string>): Set<string> {
  const base = new Set<string>()
  const visit = (key: string) => {
    const { definition, source } = definedMetric(metrics, key)
    if (source) base.add(key)
    else for (const part of definition.of) visit(part)
  }
  for (const key of keys) visit(key)
  return base
}
