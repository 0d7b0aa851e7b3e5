import type { Installation } from '../../../platform/context/installation.ts'
import type { DerivedMetric, MetricDefinition, MetricSource, Reader } from '../../../platform/context/vocabulary.ts'
import { AppError } from '../../../platform/errors/app-error.ts'

/** Where the value of a metric comes from. */
export type Defined =
  | { definition: MetricSource['metrics'][number]; source: MetricSource }
  | { definition: DerivedMetric; source: undefined }

/** All metrics of a company by their key, in the order of the modules; its own ones last. */
export type Metrics = ReadonlyMap<string, Defined>

/** The product's metrics and the company's own. */
export async function metricsOf(reader: Reader & { installation: Installation }): Promise<Metrics> {
  const { vocabulary } = reader.installation
  const own = await Promise.all(vocabulary.map(part => part.ownSources?.(reader) ?? []))
  const sources = [...vocabulary.flatMap(part => part.sources ?? []), ...own.flat()]
  return new Map<string, Defined>([
    ...sources.flatMap(source =>
      source.metrics.map((definition): [string, Defined] => [definition.key, { definition, source }]),
    ),
    ...vocabulary.flatMap(part =>
      (part.derived ?? []).map((definition): [string, Defined] => [definition.key, { definition, source: undefined }]),
    ),
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

export function isDerived(definition: MetricDefinition): definition is DerivedMetric {
  return 'of' in definition
}
