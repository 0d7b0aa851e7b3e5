import { Link } from '@tanstack/react-router'
import { type ChurnSettings, previewChurnDefinition } from '../../../../server/signals/churn/contract/settings.ts'
import { useAnswer } from '../../../api/answer.ts'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Pairs } from '../../../kit/layout.tsx'
import { SkeletonRows } from '../../../kit/skeleton.tsx'

const rules = ['status', 'contract', 'revenue', 'inactivity'] as const

/** Who would have left by a definition: how many, by what, by month, the latest by name. */
export function DefinitionPreview({ definition, exclude }: Pick<ChurnSettings, 'definition' | 'exclude'>) {
  const t = useText()
  const format = useFormat()
  const { shown, fault } = useAnswer(previewChurnDefinition, { body: { definition, exclude } })
  if (fault) return <p className="text-red">{fault}</p>
  if (!shown) return <SkeletonRows rows={5} />
  return (
    <div className="ch-form" aria-live="polite">
      <p className="ch-lead">{t('churn.wouldHaveLeft', { left: shown.left, customers: shown.customers })}</p>
      <Pairs
        pairs={rules
          .filter(rule => shown.byRule[rule] > 0)
          .map(rule => [t(`churn.rule.${rule}`), t('churn.count', { count: shown.byRule[rule] })])}
      />
      <Months months={shown.months} />
      <ul>
        {shown.samples.slice(0, 5).map(({ id, name, day, rule }) => (
          <li key={id} className="ch-reasons">
            <Link to="/customers/$id" params={{ id }} className="k-link">
              {name}
            </Link>{' '}
            {format.day(day)} · {t(`churn.rule.${rules.find(each => each === rule) ?? 'status'}`)}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** A bar for each month, with its number above and the month below. */
function Months({ months }: { months: readonly { month: string; left: number }[] }) {
  const t = useText()
  const format = useFormat()
  const most = Math.max(1, ...months.map(({ left }) => left))
  const [first, last] = [months[0], months.at(-1)]
  if (!first || !last) return null
  return (
    <div>
      <p className="ch-reasons">
        {t('churn.monthsFromTo', { from: format.month(`${first.month}-01`), to: format.month(`${last.month}-01`) })}
      </p>
      <div
        className="ch-months"
        role="img"
        aria-label={t('churn.byMonth', {
          months: months.map(({ month, left }) => `${month} ${format.number(left)}`).join(', '),
        })}
      >
        {months.map(({ month, left }) => (
          <div key={month} aria-hidden="true">
            {left > 0 ? format.number(left) : '\u00a0'}
            <svg viewBox="0 0 10 40" preserveAspectRatio="none" aria-hidden="true">
              <rect x={1} width={8} y={40 - (left / most) * 40} height={(left / most) * 40} />
            </svg>
            {Number(month.slice(5))}
          </div>
        ))}
      </div>
    </div>
  )
}
