import type { Condition } from '../../../../server/catalog/conditions/contract.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { simulateScoring } from '../../../../server/signals/scoring/contract/rules.ts'
import { useAnswer } from '../../../api/answer.ts'
import type { RouteCall } from '../../../api/client.ts'
import { isComplete } from '../../../features/conditions/tree.ts'
import { Points, Spread } from '../../../features/scoring/score.tsx'
import { nameOf } from '../../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../../i18n/provider.tsx'
import { Pairs, Section } from '../../../kit/layout.tsx'

type Result = RouteReply<typeof simulateScoring>

interface SimulationProps {
  body: NonNullable<RouteCall<typeof simulateScoring>['body']>
  /** What has to be complete before anything can be worked out. */
  condition?: Condition | undefined
  hotAt?: number
}

/** A group without parts: everybody, which nobody means. */
function isEmpty(condition: Condition): boolean {
  return ('all' in condition && condition.all.length === 0) || ('any' in condition && condition.any.length === 0)
}

/** What saving would do to the leads; follows each change, and keeps nothing. */
export function Simulation({ body, condition, hotAt = 80 }: SimulationProps) {
  const t = useText()
  const whole = condition === undefined || (isComplete(condition) && !isEmpty(condition))
  const { shown, fault } = useAnswer(simulateScoring, whole ? { body } : null)
  return (
    <Section title={t('leads.simulation')}>
      <div aria-live="polite" className="grid grid-cols-1 gap-4">
        {!whole ? (
          <p className="text-t3">{t('leads.incomplete')}</p>
        ) : fault ? (
          <p className="text-red">{fault}</p>
        ) : shown === undefined ? (
          <p className="text-t3">{t('leads.simulating')}</p>
        ) : (
          <Outcome result={shown} hotAt={body.settings?.hotAt ?? hotAt} />
        )}
      </div>
    </Section>
  )
}

function Outcome({ result, hotAt }: { result: Result; hotAt: number }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const { affected, leads, becomeHot, becomeCool, hot, mean, distribution, moves } = result
  const score = (value: number | null) => (value === null ? '–' : format.number(value, 1))
  return (
    <>
      <p>
        <strong className="o-count">{t('leads.affected', { count: affected })}</strong>{' '}
        <span className="text-t3">{t('leads.ofLeads', { count: leads.after })}</span>
      </p>
      <Pairs
        pairs={[
          [t('leads.becomeHot'), format.number(becomeHot)],
          [t('leads.becomeCool'), format.number(becomeCool)],
          [t('leads.hotAfter'), `${format.number(hot.before)} → ${format.number(hot.after)}`],
          [t('leads.meanChange'), `${score(mean.before)} → ${score(mean.after)}`],
        ]}
      />
      <Spread label={t('leads.distribution')} counts={distribution.after} before={distribution.before} hotAt={hotAt} />
      <p className="o-legend">
        <span>
          <i data-before /> {t('leads.before')}
        </span>
        <span>
          <i /> {t('leads.after')}
        </span>
      </p>
      {moves.length > 0 && (
        <>
          <h3 className="k-label">{t('leads.moves')}</h3>
          <ul className="g-lines">
            {moves.map(({ id, name, from, to, reasons }) => (
              <li key={id}>
                <span className="truncate">{name}</span>
                <span className="k-number">
                  {score(from)} → {score(to)}
                </span>
                <small>
                  {reasons.slice(0, 3).map(each => (
                    <span key={each.rule} className="mr-3">
                      {nameOf(each, locale)} <Points points={Math.round((each.to - each.from) * 10) / 10} />
                    </span>
                  ))}
                </small>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
