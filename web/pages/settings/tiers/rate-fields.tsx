import type { TierModel } from '../../../../server/customers/accounts/contract/tiers.ts'
import { useText } from '../../../i18n/provider.tsx'
import { Field, Textarea } from '../../../kit/field.tsx'

interface RateFieldsProps {
  model: TierModel
  onChange: (model: TierModel) => void
}

/** What one unit of another currency is worth, one a line: `USD 150`. */
export function RateFields({ model, onChange }: RateFieldsProps) {
  const t = useText()
  const text = Object.entries(model.rates)
    .map(([currency, rate]) => `${currency} ${rate}`)
    .join('\n')
  const read = (typed: string) =>
    Object.fromEntries(
      [...typed.matchAll(/([A-Za-z]{3})[\s=:]+([\d.]+)/g)]
        .map(([, currency = '', rate = '']) => [currency.toUpperCase(), Number(rate)] as const)
        .filter(([, rate]) => rate > 0),
    )
  return (
    <Field label={t('tiers.rates')} hint={t('tiers.ratesHint', { currency: model.currency })}>
      <Textarea
        rows={2}
        defaultValue={text}
        onBlur={event => onChange({ ...model, rates: read(event.currentTarget.value) })}
      />
    </Field>
  )
}
