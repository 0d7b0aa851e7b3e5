import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Section } from '../../kit/layout.tsx'
import { useOverflow } from '../../kit/overflow.ts'
import type { FunnelReply, OpenNumber } from './funnel-rows.tsx'

/** The share of the leads created in a month that ever reached a stage. */
export function Cohorts({ funnel, onOpen }: { funnel: FunnelReply; onOpen: (open: OpenNumber) => void }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const scroll = useOverflow()
  return (
    <Section title={t('lifecycle.cohorts')} note={t('lifecycle.cohortsNote')} flush>
      <section
        className="k-table-scroll"
        ref={scroll.ref}
        data-overflowing={scroll.overflowing || undefined}
        aria-label={t('lifecycle.cohorts')}
        tabIndex={scroll.overflowing ? 0 : undefined}
      >
        <table className="k-table">
          <thead>
            <tr>
              <th scope="col">{t('lifecycle.cohort.month')}</th>
              <th scope="col" data-align="end">
                {t('lifecycle.cohort.leads')}
              </th>
              {funnel.steps.map(step => (
                <th key={step.stageId} scope="col" data-align="end">
                  {nameOf(step, locale)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {funnel.cohorts.map(({ month, leads, reached }) => (
              <tr key={month} data-row>
                <th scope="row">{format.month(`${month}-01T12:00:00Z`)}</th>
                <td data-align="end">{format.number(leads)}</td>
                {funnel.steps.map(step => {
                  const count = reached[step.stageId] ?? 0
                  const stage = nameOf(step, locale)
                  const number = t('lifecycle.number.cohort', { month: format.month(`${month}-01T12:00:00Z`) })
                  return (
                    <td key={step.stageId} data-align="end">
                      {count === 0 ? (
                        <span className="text-t3">–</span>
                      ) : (
                        <button
                          type="button"
                          className="k-number y-cohort"
                          style={{ '--share': (100 * count) / leads } as object}
                          aria-label={`${format.percent(count / leads)}: ${t('lifecycle.funnel.open', { stage, number, count })}`}
                          onClick={() => onOpen({ stageId: step.stageId, stage, number: 'cohort', month })}
                        >
                          {format.percent(count / leads)}
                        </button>
                      )}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Section>
  )
}
