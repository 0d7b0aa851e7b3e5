import { useState } from 'react'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { type getCustomerChurn, simulateCustomerChurn } from '../../../server/signals/churn/contract/predictions.ts'
import { useAnswer } from '../../api/answer.ts'
import { BandBadge, useChurnBands } from '../../features/churn/band.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Field, Select, TextInput } from '../../kit/field.tsx'
import { Section } from '../../kit/layout.tsx'

type CustomerChurn = RouteReply<typeof getCustomerChurn>

const shown = 6

/** What the model would say if figures were others. */
export function ChurnWhatIf({ customer, churn }: { customer: Customer; churn: CustomerChurn }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const bands = useChurnBands()
  const [changes, setChanges] = useState<Readonly<Record<string, string>>>({})
  const list = Object.entries(changes).map(([feature, text]) => ({
    feature,
    value: text === '' ? null : churn.simulable.find(each => each.feature === feature)?.choices ? text : Number(text),
  }))
  const { shown: reply, fault } = useAnswer(
    simulateCustomerChurn,
    list.length > 0 ? { params: { id: customer.id }, body: { changes: list } } : null,
  )
  return (
    <Section
      title={t('churn.whatIf')}
      end={
        list.length > 0 && (
          <Button size="small" kind="quiet" onClick={() => setChanges({})}>
            {t('churn.whatIfReset')}
          </Button>
        )
      }
    >
      <div className="ch-form">
        {churn.simulable.slice(0, shown).map(each => {
          const value = changes[each.feature] ?? (each.value === null ? '' : String(rounded(each.value)))
          const set = (next: string) => setChanges({ ...changes, [each.feature]: next })
          const range =
            each.low !== null && each.high !== null
              ? t('churn.usual', {
                  low: format.number(each.low, digitsOf(each.high)),
                  high: format.number(each.high, digitsOf(each.high)),
                })
              : undefined
          return (
            <Field key={each.feature} label={each.name[locale]} hint={range}>
              {each.choices ? (
                <Select
                  value={value}
                  options={[
                    { value: '', label: t('churn.noValue') },
                    ...each.choices.map(choice => ({ value: choice, label: choice })),
                  ]}
                  onChange={event => set(event.currentTarget.value)}
                />
              ) : (
                <TextInput type="number" step="any" value={value} onChange={event => set(event.currentTarget.value)} />
              )}
            </Field>
          )
        })}
        <p role="status">
          {fault ??
            (list.length > 0 && reply ? (
              <>
                {t('churn.wouldBe', { before: format.number(reply.before, 1), after: format.number(reply.after, 1) })}{' '}
                <BandBadge band={bands.find(({ key }) => key === reply.band)} />
              </>
            ) : (
              <span className="text-t3">{t('churn.whatIfText')}</span>
            ))}
        </p>
      </div>
    </Section>
  )
}

/** Large figures need no decimals. */
function digitsOf(largest: number): number {
  return largest >= 20 ? 0 : 1
}

function rounded(value: number | string): number | string {
  return typeof value === 'number' ? Math.round(value * 100) / 100 : value
}
