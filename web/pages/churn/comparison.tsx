import { useFormat, useText } from '../../i18n/provider.tsx'
import { Section } from '../../kit/layout.tsx'
import type { Report } from './model.ts'

const named = ['model', 'other', 'logistic', 'health', 'never'] as const

/** The model against other ways, on the same customers that none of them had seen. */
export function Comparison({ report }: { report: Report }) {
  const t = useText()
  const format = useFormat()
  const percent = (value: number | null) => (value === null ? '–' : format.percent(value))
  const number = (value: number | null, digits: number) => (value === null ? '–' : format.number(value, digits))
  const nameOf = (name: string) => {
    const known = named.find(each => each === name)
    if (!known) return name
    if (known === 'other') return t(`churn.algorithm.${report.algorithm === 'forest' ? 'boosting' : 'forest'}`)
    if (known === 'model') return t('churn.method.model')
    return t(`churn.method.${known}`)
  }
  // What a reader looks for comes first, then the strongest of the others.
  const methods = report.methods.toSorted(
    (one, two) => Number(two.name === 'model') - Number(one.name === 'model') || (two.auc ?? 0) - (one.auc ?? 0),
  )
  return (
    <Section
      title={t('churn.comparison')}
      note={t('churn.comparisonNote', { rows: report.outOfTime?.rows ?? report.rows })}
      flush
    >
      <div className="ch-scroll">
        <table className="k-table" aria-label={t('churn.comparison')}>
          <thead>
            <tr>
              <th scope="col">{t('churn.method')}</th>
              <th scope="col" data-align="end">
                AUC
              </th>
              <th scope="col" data-align="end">
                {t('churn.precisionShort')}
              </th>
              <th scope="col" data-align="end">
                {t('churn.recallShort')}
              </th>
              <th scope="col" data-align="end" data-narrow="hide">
                F1
              </th>
              <th scope="col" data-align="end" data-narrow="hide">
                {t('churn.brierShort')}
              </th>
            </tr>
          </thead>
          <tbody>
            {methods.map(method => (
              <tr key={method.name} data-row>
                <th scope="row">
                  {method.name === 'model' ? <strong>{nameOf(method.name)}</strong> : nameOf(method.name)}
                </th>
                <td data-align="end">{number(method.auc, 3)}</td>
                <td data-align="end">{percent(method.precision)}</td>
                <td data-align="end">{percent(method.recall)}</td>
                <td data-align="end" data-narrow="hide">
                  {number(method.f1, 2)}
                </td>
                <td data-align="end" data-narrow="hide">
                  {number(method.brier, 3)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}
