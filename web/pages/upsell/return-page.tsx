import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { returnBasis } from '../../../server/engage/upsell/contract/opportunities.ts'
import { hoursPerPerson, type ReturnInput, returnOfYear } from '../../../server/engage/upsell/contract/return.ts'
import { getUpsellSettings } from '../../../server/engage/upsell/contract/settings.ts'
import { useRoute, useRouteWhen, wordsOf } from '../../api/hooks.ts'
import { CustomerSelect } from '../../features/record/record-select.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Page, PageHead, Pairs, Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { toastDone } from '../../kit/toast.tsx'
import './upsell.css'

const fields = ['people', 'hourlyRate', 'workPerMonth', 'hoursPerWork', 'months', 'price'] as const

/** The example of the source, where no customer is chosen. */
const example = { people: 20, workPerMonth: 400, price: 3_600_000 }

/** What the product returns a customer in a year, to show and to send: prefilled by what is known of the customer. */
export function ReturnPage() {
  const t = useText()
  const { customer: id = '' } = useSearch({ from: '/workspace/upsell/roi' })
  const navigate = useNavigate({ from: '/upsell/roi' })
  const settings = useRoute(getUpsellSettings).data
  const { data: known, error } = useRouteWhen(id !== '', returnBasis, { params: { id } })
  const basis = id === '' ? settings && { ...settings, ...example, customerName: '' } : known
  return (
    <Screen
      title={t('upsell.roiTitle')}
      crumbs={[{ to: '/upsell', label: t('upsell.title') }]}
      actions={
        <Button size="small" icon="report" onClick={() => print()}>
          {t('upsell.print')}
        </Button>
      }
    >
      <Page>
        <PageHead text={t('upsell.roiAbout')}>
          <span className="up-customer up-screen-only">
            <Field label={t('upsell.customer')} labelHidden>
              <CustomerSelect
                value={{ id, name: id === '' ? t('upsell.noCustomer') : (known?.customerName ?? '') }}
                onChange={chosen => void navigate({ search: chosen.id ? { customer: chosen.id } : {}, replace: true })}
              />
            </Field>
          </span>
        </PageHead>
        {error && id !== '' && <Note tone="red">{wordsOf(error, t)}</Note>}
        {basis && <Calculator key={`${id} ${basis.customerName}`} basis={basis} />}
      </Page>
    </Screen>
  )
}

interface CalculatorProps {
  basis: ReturnInput & { customerName: string; currency: string }
}

function Calculator({ basis }: CalculatorProps) {
  const t = useText()
  const format = useFormat()
  const [input, setInput] = useState<ReturnInput>(basis)
  const { hours, saved, net, times } = returnOfYear(input)
  const each = hoursPerPerson(hours, input.people)
  const money = (amount: number) => format.money(amount, basis.currency)
  const timesText = times === null ? '–' : t('upsell.times', { times: format.number(times, 1) })
  const lines: [string, string][] = [
    [t('upsell.hoursSaved'), t('upsell.hours', { hours: format.number(hours) })],
    [t('upsell.hoursEach'), each === null ? '–' : t('upsell.hours', { hours: format.number(each) })],
    [t('upsell.saved.money'), money(saved)],
    [t('upsell.price'), money(input.price)],
    [t('upsell.net'), money(net)],
    [t('upsell.return'), timesText],
  ]
  const copy = async () => {
    const head = basis.customerName ? [t('upsell.textFor', { name: basis.customerName })] : []
    const assumed = fields.slice(0, 5).map(field => `${t(`upsell.field.${field}`)}: ${format.number(input[field])}`)
    const text = [...head, ...assumed, ...lines.map(([name, value]) => `${name}: ${value}`)].join('\n')
    await navigator.clipboard.writeText(text)
    toastDone(t('upsell.copied'))
  }
  return (
    <div className="up-two">
      <Section title={t('upsell.assumptions')} note={basis.customerName || t('upsell.exampleNote')}>
        <div className="up-inputs">
          {fields.map(field => (
            <Field
              key={field}
              label={
                field === 'hourlyRate' || field === 'price'
                  ? t('upsell.inCurrency', { name: t(`upsell.field.${field}`), currency: basis.currency })
                  : t(`upsell.field.${field}`)
              }
              hint={field === 'months' ? t('upsell.monthsHint') : undefined}
            >
              <TextInput
                type="number"
                min={0}
                step="any"
                value={input[field]}
                onChange={event => setInput({ ...input, [field]: Math.max(0, Number(event.currentTarget.value) || 0) })}
              />
            </Field>
          ))}
        </div>
      </Section>
      <Section
        title={t('upsell.result')}
        end={
          <span className="up-screen-only">
            <Button size="small" icon="copy" onClick={() => void copy()}>
              {t('upsell.copy')}
            </Button>
          </span>
        }
      >
        <p className="up-times" role="status">
          <strong>{timesText}</strong> <span className="text-t2">{t('upsell.timesText')}</span>
        </p>
        <Pairs pairs={lines} />
        <p className="text-t3 text-12">{t('upsell.formula')}</p>
      </Section>
    </div>
  )
}
