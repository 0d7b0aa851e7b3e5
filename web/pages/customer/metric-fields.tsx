import { useState } from 'react'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { TextInput } from '../../kit/field.tsx'

export interface Metric {
  name: string
  unit: string | null
  baseline: number | null
  target: number | null
  current: number | null
}

interface Values {
  list: (name: string) => string[]
}

const figures = ['baseline', 'target', 'current'] as const

/** The lines of a text, without the empty ones. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
}

/** Numbers that the customer wants to move: from where, to where, where now. */
export function MetricFields({ metrics }: { metrics: readonly Metric[] }) {
  const t = useText()
  const [rows, setRows] = useState<readonly (Metric | null)[]>(metrics.length > 0 ? metrics : [null])
  return (
    <fieldset>
      <legend className="k-label">{t('customer.valueMetrics')}</legend>
      <div className="grid gap-3">
        {rows.map((metric, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are only added at the end
          <div key={at} className="u-metric">
            <TextInput
              name="metric.name"
              maxLength={200}
              defaultValue={metric?.name}
              aria-label={t('customer.metricName')}
              placeholder={t('customer.metricName')}
            />
            {figures.map(name => (
              <TextInput
                key={name}
                name={`metric.${name}`}
                type="number"
                step="any"
                defaultValue={metric?.[name] ?? ''}
                aria-label={t(`customer.metric.${name}`)}
                placeholder={t(`customer.metric.${name}`)}
              />
            ))}
            <TextInput
              name="metric.unit"
              maxLength={40}
              defaultValue={metric?.unit ?? ''}
              aria-label={t('customer.metricUnit')}
              placeholder={t('customer.metricUnit')}
            />
          </div>
        ))}
        <span>
          <Button size="small" kind="dashed" icon="plus" onClick={() => setRows([...rows, null])}>
            {t('customer.metricAdd')}
          </Button>
        </span>
      </div>
    </fieldset>
  )
}

/** What was entered in the fields above; a line without a name is left out. */
export function metricsOf(values: Values): Metric[] {
  const names = values.list('metric.name')
  const units = values.list('metric.unit')
  const [baselines, targets, currents] = figures.map(name => values.list(`metric.${name}`))
  const number = (text: string | undefined) => (text ? Number(text) : null)
  return names
    .map((name, at) => ({
      name: name.trim(),
      unit: units[at]?.trim() || null,
      baseline: number(baselines?.[at]),
      target: number(targets?.[at]),
      current: number(currents?.[at]),
    }))
    .filter(metric => metric.name !== '')
}
