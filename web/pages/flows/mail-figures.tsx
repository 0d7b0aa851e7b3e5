import { messageFigures } from '../../../server/engage/messages/contract/campaigns.ts'
import { useRoute } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Section } from '../../kit/layout.tsx'
import { useSpeech } from './speech.ts'
import type { WholeFlow } from './whole-flow.ts'
import { stepWords } from './words.ts'

const columns = ['sent', 'delivered', 'opened', 'clicked', 'converted', 'unsubscribed', 'bounced'] as const

/** What became of the mails of each step in the last year (EML-3); nothing where the flow sent none. */
export function MailFigures({ flow }: { flow: WholeFlow }) {
  const mayRead = useMay('messages.read')
  return mayRead ? <Figures flow={flow} /> : null
}

function Figures({ flow }: { flow: WholeFlow }) {
  const t = useText()
  const format = useFormat()
  const speech = useSpeech(flow.subject)
  const query = { by: 'step', sourceKind: 'flow', sourceId: flow.id, days: 365 } as const
  const items = useRoute(messageFigures, { query }).data?.items ?? []
  if (items.length === 0) return null
  const nameOf = (key: string) => {
    const step = (flow.published ?? flow.document).steps.find(each => each.key === key)
    return step ? (step.name ?? stepWords(step, speech)) : key
  }
  return (
    <Section title={t('flows.mails')} note={t('flows.mailsNote')}>
      <section className="fl-scroll" aria-label={t('flows.mails')} tabIndex={-1}>
        <table className="fl-arms fl-steps">
          <thead>
            <tr>
              <th scope="col">{t('flows.success.step')}</th>
              {columns.map(column => (
                <th key={column} scope="col">
                  {t(`flows.mails.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map(({ key, figures }) => (
              <tr key={key}>
                <th scope="row">{nameOf(key)}</th>
                {columns.map(column => (
                  <td key={column}>
                    {format.number(figures[column])}
                    {column !== 'sent' && figures.sent > 0 && (
                      <small className="text-t3"> {format.percent(figures[column] / figures.sent)}</small>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Section>
  )
}
