import { useState } from 'react'
import { flowSuccess } from '../../../server/engage/flows/contract/reports.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Select } from '../../kit/field.tsx'
import { Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { useSpeech } from './speech.ts'
import type { WholeFlow } from './whole-flow.ts'
import { stepWords } from './words.ts'

const months = 12

type Rate = RouteReply<typeof flowSuccess>['steps'][number]['rate']

/** For whom each step succeeded, over the whole time or of those who came in in one month, and the goal month by month. */
export function Success({ flow }: { flow: WholeFlow }) {
  const t = useText()
  const format = useFormat()
  const speech = useSpeech(flow.subject)
  const [month, setMonth] = useState('')
  const { data, error } = useRoute(flowSuccess, { params: { id: flow.id }, query: { months } })
  if (error && !data) return <Note tone="red">{wordsOf(error, t)}</Note>
  if (!data) return <SkeletonRows rows={6} />
  const monthName = (value: string) => format.month(`${value}-15`)
  const nameOf = (key: string, text: string | null) => {
    const step = (flow.published ?? flow.document).steps.find(each => each.key === key)
    return text ?? (step ? stepWords(step, speech) : key)
  }
  const lines = data.steps.flatMap(step => {
    const figures = month === '' ? step : step.months.find(each => each.month === month)
    return figures ? [{ ...step, ...figures }] : []
  })
  return (
    <>
      <Section title={t('flows.success.steps')} note={t('flows.success.stepsNote', { months })}>
        {data.steps.length === 0 ? (
          <p className="text-t2">{t('flows.success.none')}</p>
        ) : (
          <div className="fl-fields">
            <span className="fl-month">
              <Select
                aria-label={t('flows.success.pick')}
                value={month}
                options={[
                  { value: '', label: t('flows.success.all') },
                  ...data.months.map(each => ({ value: each.month, label: monthName(each.month) })),
                ]}
                onChange={event => setMonth(event.currentTarget.value)}
              />
            </span>
            <section className="fl-scroll" aria-label={t('flows.success.steps')} tabIndex={-1}>
              <table className="fl-arms fl-steps">
                <thead>
                  <tr>
                    <th scope="col">{t('flows.success.step')}</th>
                    <th scope="col">{t('flows.success.reached')}</th>
                    <th scope="col">{t('flows.success.succeeded')}</th>
                    <th scope="col">{t('flows.success.refused')}</th>
                    <th scope="col">{t('flows.success.silent')}</th>
                    <th scope="col">{t('flows.success.rate')}</th>
                    {data.withinDays !== null && <th scope="col">{t('flows.success.goal')}</th>}
                  </tr>
                </thead>
                <tbody>
                  {lines.map(line => (
                    <tr key={line.step}>
                      <th scope="row">{nameOf(line.step, line.text)}</th>
                      <td>{format.number(line.reached)}</td>
                      {(['succeeded', 'refused', 'silent'] as const).map(name => (
                        <td key={name}>{line.answers ? format.number(line[name]) : '–'}</td>
                      ))}
                      <td>
                        <RateText rate={line.rate} />
                      </td>
                      {data.withinDays !== null && <td>{format.number(line.goal)}</td>}
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
            <p className="text-t3">{t('flows.success.hint')}</p>
          </div>
        )}
      </Section>
      {data.withinDays !== null && data.months.length > 0 && (
        <Section title={t('flows.success.months')} note={t('flows.within', { days: data.withinDays })}>
          <table className="fl-arms">
            <thead>
              <tr>
                <th scope="col">{t('flows.success.month')}</th>
                <th scope="col">{t('flows.success.entered')}</th>
                <th scope="col">{t('flows.success.counted')}</th>
                <th scope="col">{t('flows.success.converted')}</th>
                <th scope="col">{t('flows.share')}</th>
              </tr>
            </thead>
            <tbody>
              {data.months.map(line => (
                <tr key={line.month}>
                  <th scope="row">{monthName(line.month)}</th>
                  <td>{format.number(line.entered)}</td>
                  <td>{format.number(line.counted)}</td>
                  <td>{format.number(line.converted)}</td>
                  <td>
                    <RateText rate={line.rate} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      )}
    </>
  )
}

function RateText({ rate }: { rate: Rate }) {
  const t = useText()
  const format = useFormat()
  if (!rate) return '–'
  return (
    <>
      {format.percent(rate.value)}{' '}
      <small className="text-t3">
        {t('flows.interval', { low: format.percent(rate.low), high: format.percent(rate.high) })}
      </small>
    </>
  )
}
