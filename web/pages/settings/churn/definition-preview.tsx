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
  const most = Math.max(1, ...shown.months.map(({ left }) => left))
  return (
    <div className="ch-form" aria-live="polite">
      <p className="ch-lead">{t('churn.wouldHaveLeft', { left: shown.left, customers: shown.customers })}</p>
      <Pairs
        pairs={rules
          .filter(rule => shown.byRule[rule] > 0)
          .map(rule => [t(`churn.rule.${rule}`), t('churn.count', { count: shown.byRule[rule] })])}
      />
      <svg
        className="ch-months"
        role="img"
        viewBox={`0 0 ${shown.months.length * 10} 40`}
        preserveAspectRatio="none"
        aria-label={t('churn.byMonth', {
          months: shown.months.map(({ month, left }) => `${month} ${format.number(left)}`).join(', '),
        })}
      >
        {shown.months.map(({ month, left }, place) => (
          <rect key={month} x={place * 10 + 1} width={8} y={40 - (left / most) * 38} height={(left / most) * 38}>
            <title>{`${month}: ${format.number(left)}`}</title>
          </rect>
        ))}
      </svg>
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
