import { customerTiers } from '../../../../server/customers/accounts/contract/customers.ts'
import type { Tier, TierModel } from '../../../../server/customers/accounts/contract/tiers.ts'
import { commaList } from '../../../features/record/comma-list.ts'
import { useLocale, useText } from '../../../i18n/provider.tsx'
import { Button } from '../../../kit/button.tsx'
import { Field, Select, TextInput } from '../../../kit/field.tsx'
import { Section } from '../../../kit/layout.tsx'

interface TierFieldsProps {
  tier: Tier
  measure: TierModel['measure']
  currency: string
  onChange: (tier: Tier) => void
  onRemove: (() => void) | undefined
}

/** One tier: its names, from when on a customer is in it, what it is promised. */
export function TierFields({ tier, measure, currency, onChange, onRemove }: TierFieldsProps) {
  const t = useText()
  const { locale } = useLocale()
  const number = (text: string) => (text === '' ? undefined : Number(text))
  return (
    <Section
      title={tier[locale]}
      note={tier.key}
      end={
        onRemove && (
          <Button size="small" kind="quiet" icon="trash" onClick={onRemove}>
            {t('tiers.remove', { name: tier[locale] })}
          </Button>
        )
      }
    >
      <div className="r-three">
        <Field label={t('tiers.nameJa')}>
          <TextInput
            maxLength={60}
            value={tier.ja}
            onChange={event => onChange({ ...tier, ja: event.currentTarget.value })}
          />
        </Field>
        <Field label={t('tiers.nameEn')}>
          <TextInput
            maxLength={60}
            value={tier.en}
            onChange={event => onChange({ ...tier, en: event.currentTarget.value })}
          />
        </Field>
        <Field label={t('record.field.tier')}>
          <Select
            value={tier.category}
            options={customerTiers.map(value => ({ value, label: t(`record.category.${value}`) }))}
            onChange={event => {
              const category = customerTiers.find(each => each === event.currentTarget.value)
              if (category) onChange({ ...tier, category })
            }}
          />
        </Field>
        {measure === 'plan' ? (
          <Field label={t('tiers.plans')} hint={t('tiers.plansHint')}>
            <TextInput
              defaultValue={tier.plans?.join(', ')}
              onBlur={event =>
                onChange({
                  ...tier,
                  plans: commaList(event.currentTarget.value),
                })
              }
            />
          </Field>
        ) : (
          <Field label={measure === 'licences' ? t('tiers.minimumSeats') : t('tiers.minimum', { currency })}>
            <TextInput
              type="number"
              min={0}
              value={tier.minimum ?? ''}
              onChange={event => onChange({ ...tier, minimum: number(event.currentTarget.value) })}
            />
          </Field>
        )}
        <Field label={t('tiers.seats')}>
          <TextInput
            type="number"
            min={1}
            value={tier.seats ?? ''}
            onChange={event => onChange({ ...tier, seats: number(event.currentTarget.value) })}
          />
        </Field>
        <Field label={t('tiers.ratio')}>
          <TextInput
            type="number"
            min={1}
            value={tier.csmRatio ?? ''}
            onChange={event => onChange({ ...tier, csmRatio: number(event.currentTarget.value) ?? null })}
          />
        </Field>
        <Field label={t('tiers.responseHours')}>
          <TextInput
            type="number"
            min={0}
            step="any"
            value={tier.responseHours ?? ''}
            onChange={event => onChange({ ...tier, responseHours: number(event.currentTarget.value) ?? null })}
          />
        </Field>
        <Field label={t('tiers.touchJa')}>
          <TextInput
            maxLength={200}
            value={tier.touchJa}
            onChange={event => onChange({ ...tier, touchJa: event.currentTarget.value })}
          />
        </Field>
        <Field label={t('tiers.touchEn')}>
          <TextInput
            maxLength={200}
            value={tier.touchEn}
            onChange={event => onChange({ ...tier, touchEn: event.currentTarget.value })}
          />
        </Field>
      </div>
    </Section>
  )
}
