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
  return (
    <Section
      title={t('churn.comparison')}
      note={t('churn.comparisonNote', { rows: report.outOfTime?.rows ?? report.rows })}
      flush
    >
      <div className="s-scroll">
        <table className="k-table" aria-label={t('churn.comparison')}>
          <thead>
            <tr>
              <th scope="col">{t('churn.method')}</th>
              <th scope="col" data-align="end">
                AUC
              </th>
              <th scope="col" data-align="end">
                {t('churn.precision')}
              </th>
              <th scope="col" data-align="end">
                {t('churn.recall')}
              </th>
              <th scope="col" data-align="end" data-narrow="hide">
                F1
              </th>
              <th scope="col" data-align="end" data-narrow="hide">
                {t('churn.brier')}
              </th>
            </tr>
          </thead>
          <tbody>
            {report.methods.map(method => (
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
