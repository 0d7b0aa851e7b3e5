import { flowCounts, flowResult } from '../../../server/engage/flows/contract/flows.ts'
import { useRoute, useRouteWhen, wordsOf } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Pairs, Section } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { MailFigures } from './mail-figures.tsx'
import { reasonWords } from './reasons.ts'
import { Success } from './success.tsx'
import type { WholeFlow } from './whole-flow.ts'

/** Whether the goal was reached, against those who were held out, and why people left or did not come in. */
export function Result({ flow }: { flow: WholeFlow }) {
  const t = useText()
  const format = useFormat()
  const { data, error } = useRoute(flowResult, { params: { id: flow.id } })
  const counts = useRouteWhen(flow.version !== null, flowCounts, { params: { id: flow.id }, query: {} }).data
  if (error && !data) return <EmptyState title={t('flows.tab.result')} text={wordsOf(error, t)} />
  if (!data) return <SkeletonRows rows={6} />
  const share = (value: number | null) => (value === null ? '–' : format.percent(value))
  const range = ({ low, high }: typeof data.treated) =>
    low === null || high === null ? '' : t('flows.interval', { low: share(low), high: share(high) })
  const points = (value: number) => format.number(value * 100, 1)
  return (
    <div className="fl-fields">
      <Section
        title={t('flows.goalReached')}
        note={data.withinDays === null ? undefined : t('flows.within', { days: data.withinDays })}
      >
        {data.withinDays === null ? (
          <p className="text-t2">{t('flows.noGoal')}</p>
        ) : (
          <div className="fl-fields">
            <p className="fl-finding">{findingOf()}</p>
            <table className="fl-arms">
              <thead>
                <tr>
                  <th scope="col">{t('flows.arm')}</th>
                  <th scope="col">{t('flows.people')}</th>
                  <th scope="col">{t('flows.reached')}</th>
                  <th scope="col">{t('flows.share')}</th>
                </tr>
              </thead>
              <tbody>
                {(['treated', 'heldOut'] as const).map(arm => (
                  <tr key={arm}>
                    <th scope="row">{t(`flows.arm.${arm}`)}</th>
                    <td>{format.number(data[arm].people)}</td>
                    <td>{format.number(data[arm].converted)}</td>
                    <td>
                      {share(data[arm].share)} <small className="text-t3">{range(data[arm])}</small>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {data.open > 0 && <p className="text-t3">{t('flows.stillOpen', { count: data.open })}</p>}
          </div>
        )}
      </Section>
      <Success flow={flow} />
      <MailFigures flow={flow} />
      {counts && counts.ended.length > 0 && (
        <Section title={t('flows.whyEnded')}>
          <Pairs pairs={counts.ended.map(({ reason, count }) => [reasonWords(reason, t), format.number(count)])} />
        </Section>
      )}
      {counts && counts.refused.length > 0 && (
        <Section title={t('flows.whyRefused')}>
          <Pairs pairs={counts.refused.map(({ reason, count }) => [reasonWords(reason, t), format.number(count)])} />
        </Section>
      )}
    </div>
  )

  function findingOf(): string {
    if (!data || data.withinDays === null) return ''
    if (!data.difference) return t(flow.document.holdoutPercent > 0 ? 'flows.tooFew' : 'flows.noHoldout')
    const { value, low, high } = data.difference
    const values = { value: points(Math.abs(value)), low: points(low), high: points(high) }
    if (low > 0) return t('flows.better', values)
    if (high < 0) return t('flows.worse', values)
    const open = t('flows.unclear', values)
    return data.needed === null ? open : `${open} ${t('flows.needed', { count: data.needed })}`
  }
}
