import { type AlertTrigger, alertEvents, alertKpis } from '../../../../server/engage/alerts/contract/rules.ts'
import { listScorecards } from '../../../../server/signals/scorecards/contract/cards.ts'
import { useRoute } from '../../../api/hooks.ts'
import { ConditionBuilder } from '../../../features/conditions/builder.tsx'
import { nameOf } from '../../../i18n/name-of.ts'
import { useLocale, useText } from '../../../i18n/provider.tsx'
import { Checkbox, Field, Select, TextInput } from '../../../kit/field.tsx'

const kinds = ['condition', 'score_below', 'score_fell', 'score_band', 'kpi', 'event'] as const
const operators = ['more_than', 'at_least', 'less_than', 'at_most'] as const

/** What each kind begins with. */
const beginnings: Readonly<Record<AlertTrigger['kind'], AlertTrigger>> = {
  condition: { kind: 'condition', condition: { all: [] } },
  score_below: { kind: 'score_below', below: 40 },
  score_fell: { kind: 'score_fell', points: 20, days: 30 },
  score_band: { kind: 'score_band', band: '' },
  kpi: { kind: 'kpi', kpi: 'monthly_churn_rate', op: 'more_than', value: 1 },
  event: { kind: 'event', type: 'payment.failed' },
}

interface TriggerFieldsProps {
  trigger: AlertTrigger
  onChange: (trigger: AlertTrigger) => void
}

/** When a rule opens an alert. */
export function TriggerFields({ trigger, onChange }: TriggerFieldsProps) {
  const t = useText()
  return (
    <>
      <Field label={t('rules.kind')} required>
        <Select
          value={trigger.kind}
          options={kinds.map(value => ({ value, label: t(`rules.kind.${value}`) }))}
          onChange={event => {
            const kind = kinds.find(each => each === event.currentTarget.value)
            if (kind) onChange(beginnings[kind])
          }}
        />
      </Field>
      {trigger.kind === 'condition' && (
        <ConditionBuilder
          record="customer"
          value={trigger.condition}
          onChange={condition => onChange({ kind: 'condition', condition })}
        />
      )}
      {trigger.kind === 'score_below' && (
        <NumberField
          label={t('rules.below')}
          value={trigger.below}
          minimum={0}
          maximum={100}
          onChange={below => onChange({ kind: 'score_below', below })}
        />
      )}
      {trigger.kind === 'score_fell' && (
        <>
          <div className="l-line">
            <NumberField
              label={t('rules.points')}
              value={trigger.points}
              minimum={1}
              maximum={100}
              onChange={points => onChange({ ...trigger, points })}
            />
            <NumberField
              label={t('rules.days')}
              value={trigger.days}
              minimum={1}
              maximum={365}
              onChange={days => onChange({ ...trigger, days })}
            />
          </div>
          <Checkbox
            label={t('rules.pointsOver')}
            checked={trigger.over ?? false}
            onChange={event => onChange({ ...trigger, over: event.currentTarget.checked })}
          />
        </>
      )}
      {trigger.kind === 'score_band' && (
        <BandField band={trigger.band} onChange={band => onChange({ kind: 'score_band', band })} />
      )}
      {trigger.kind === 'kpi' && <KpiFields trigger={trigger} onChange={onChange} />}
      {trigger.kind === 'event' && (
        <Field label={t('rules.event')} required>
          <Select
            value={trigger.type}
            options={alertEvents.map(value => ({ value, label: t(`rules.event.${value}`) }))}
            onChange={event => {
              const type = alertEvents.find(each => each === event.currentTarget.value)
              if (type) onChange({ kind: 'event', type })
            }}
          />
        </Field>
      )}
    </>
  )
}

interface NumberFieldProps {
  label: string
  value: number
  minimum?: number
  maximum?: number
  onChange: (value: number) => void
}

function NumberField({ label, value, minimum, maximum, onChange }: NumberFieldProps) {
  return (
    <div className="l-number">
      <Field label={label} required>
        <TextInput
          type="number"
          step="any"
          min={minimum}
          max={maximum}
          defaultValue={value}
          onChange={event => {
            if (event.currentTarget.value !== '') onChange(Number(event.currentTarget.value))
          }}
        />
      </Field>
    </div>
  )
}

function BandField({ band, onChange }: { band: string; onChange: (band: string) => void }) {
  const t = useText()
  const { locale } = useLocale()
  const cards = useRoute(listScorecards).data?.items ?? []
  const bands = new Map(
    cards.flatMap(card => (card.definition?.bands ?? []).map(each => [each.key, nameOf(each, locale)] as const)),
  )
  if (band && !bands.has(band)) bands.set(band, band)
  return (
    <Field label={t('rules.band')} required>
      <Select
        value={band}
        placeholder="–"
        options={[...bands].map(([value, label]) => ({ value, label }))}
        onChange={event => onChange(event.currentTarget.value)}
      />
    </Field>
  )
}

function KpiFields({
  trigger,
  onChange,
}: {
  trigger: Extract<AlertTrigger, { kind: 'kpi' }>
  onChange: (trigger: AlertTrigger) => void
}) {
  const t = useText()
  return (
    <>
      <Field label={t('rules.kpi')} required>
        <Select
          value={trigger.kpi}
          options={alertKpis.map(value => ({ value, label: t(`rules.kpi.${value}`) }))}
          onChange={event =>
            onChange({ ...trigger, kpi: alertKpis.find(each => each === event.currentTarget.value) ?? trigger.kpi })
          }
        />
      </Field>
      <div className="l-line">
        <NumberField
          label={t('rules.value')}
          value={trigger.value}
          onChange={value => onChange({ ...trigger, value })}
        />
        <div className="l-number">
          <Field label={t('rules.op')} required>
            <Select
              value={trigger.op}
              options={operators.map(value => ({ value, label: t(`rules.op.${value}`) }))}
              onChange={event =>
                onChange({ ...trigger, op: operators.find(each => each === event.currentTarget.value) ?? trigger.op })
              }
            />
          </Field>
        </div>
      </div>
    </>
  )
}
