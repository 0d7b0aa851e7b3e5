import { useFormat, useText } from '../../i18n/provider.tsx'
import { type Outcome, precisionOf, recallOf } from './curves.ts'

/** Who was warned of, and who left: in the time that the model was tested on. */
export function Confusion({ outcome }: { outcome: Outcome }) {
  const t = useText()
  const format = useFormat()
  const { warnedLeft, warnedStayed, missed, spared } = outcome
  const percent = (value: number | null) => (value === null ? '–' : format.percent(value))
  const rows = [
    { name: t('churn.warned'), left: warnedLeft, stayed: warnedStayed, right: 'left' },
    { name: t('churn.notWarned'), left: missed, stayed: spared, right: 'stayed' },
  ] as const
  return (
    <div>
      <table className="k-table" aria-label={t('churn.testPeriod')}>
        <thead>
          <tr>
            <th scope="col">{t('churn.testPeriod')}</th>
            <th scope="col" data-align="end">
              {t('churn.left')}
            </th>
            <th scope="col" data-align="end">
              {t('churn.stayed')}
            </th>
            <th scope="col" data-align="end">
              {t('churn.total')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, left, stayed, right }) => (
            <tr key={name} data-row>
              <th scope="row">{name}</th>
              <td data-align="end">
                {right === 'left' ? <strong>{format.number(left)}</strong> : format.number(left)}
              </td>
              <td data-align="end">
                {right === 'stayed' ? <strong>{format.number(stayed)}</strong> : format.number(stayed)}
              </td>
              <td data-align="end" className="text-t3">
                {format.number(left + stayed)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="ch-proof">
        {t('churn.outcome', { recall: percent(recallOf(outcome)), precision: percent(precisionOf(outcome)) })}
      </p>
    </div>
  )
}
