import { useCallback, useState } from 'react'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { ChartFrame } from '../../kit/chart-frame.tsx'
import { Section } from '../../kit/layout.tsx'
import type { Model, Report } from './model.ts'

const first = 8

/** What the model looks at, by its share of all contributions; each opens how the chance goes with it. */
export function Importance({ model, report }: { model: Model; report: Report }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const [all, setAll] = useState(false)
  const [open, setOpen] = useState<string>()
  const words = (name: string) => model.features.find(each => each.name === name)?.words[locale] ?? name
  const shown = report.importance.filter(({ share }) => share > 0).slice(0, all ? undefined : first)
  const largest = shown[0]?.share ?? 1
  const opened = report.importance.find(({ feature }) => feature === open)
  return (
    <Section
      title={t('churn.importance')}
      note={t('churn.importanceNote', { count: report.features })}
      end={
        <Button size="small" kind="quiet" onClick={() => setAll(!all)}>
          {t(all ? 'churn.fewer' : 'churn.allFeatures')}
        </Button>
      }
      flush
    >
      <table className="k-table" aria-label={t('churn.importance')}>
        <tbody>
          {shown.map(({ feature, share, partial }) => (
            <tr key={feature} data-row>
              <th scope="row">
                {partial.length > 0 ? (
                  <button
                    type="button"
                    className="k-link"
                    aria-expanded={open === feature}
                    onClick={() => setOpen(open === feature ? undefined : feature)}
                  >
                    {words(feature)}
                  </button>
                ) : (
                  words(feature)
                )}
              </th>
              <td data-align="end">{format.percent(share, 1)}</td>
              <td data-narrow="hide">
                <svg className="ch-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                  <rect width={(share / largest) * 100} height={6} />
                </svg>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {opened && opened.partial.length > 0 && <PartialChart name={words(opened.feature)} partial={opened.partial} />}
    </Section>
  )
}

interface PartialProps {
  name: string
  partial: Report['importance'][number]['partial']
}

/** How the mean chance goes with one feature, everything else as it is (partial dependence). */
function PartialChart({ name, partial }: PartialProps) {
  const t = useText()
  const format = useFormat()
  const label = useCallback(
    (at: number | string | null) =>
      at === null ? t('churn.noValue') : typeof at === 'number' ? format.number(at, at % 1 === 0 ? 0 : 1) : at,
    [t, format],
  )
  const option = useCallback(
    () => ({
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => format.percent(value, 1) },
      grid: { left: 8, right: 16, top: 12, bottom: 8, containLabel: true },
      xAxis: { type: 'category', data: partial.map(({ at }) => label(at)) },
      yAxis: { type: 'value', axisLabel: { formatter: (value: number) => format.percent(value) } },
      series: [
        {
          type: typeof partial[0]?.at === 'string' ? 'bar' : 'line',
          name: t('churn.meanChance'),
          data: partial.map(({ probability }) => probability),
        },
      ],
    }),
    [t, format, partial, label],
  )
  return (
    <ChartFrame
      title={t('churn.partial', { name })}
      sub={t('churn.partialSub')}
      height={180}
      option={option}
      table={{
        head: [name, t('churn.meanChance'), t('churn.observations')],
        rows: partial.map(({ at, probability, rows }) => [
          label(at),
          format.percent(probability, 1),
          format.number(rows),
        ]),
      }}
    />
  )
}
