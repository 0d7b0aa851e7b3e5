import { answerKinds } from '../../../server/customers/feedback/contract.ts'
import { flowHappenings, type Trigger } from '../../../server/engage/flows/contract/triggers.ts'
import { listScorecards } from '../../../server/signals/scorecards/contract/cards.ts'
import { useRoute } from '../../api/hooks.ts'
import { ConditionBuilder } from '../../features/conditions/builder.tsx'
import { useEvents } from '../../features/conditions/fields.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Checkbox, Field, Select, TextInput } from '../../kit/field.tsx'
import { SearchSelect } from '../../kit/search-select.tsx'
import { AlertRuleField, ChoiceField, NumberField, RecordField, SegmentField, StageField } from './fields.tsx'
import { useSpeech } from './speech.ts'
import { triggerWords } from './words.ts'

type Subject = 'customer' | 'contact'

const kinds = [
  'condition',
  'segment',
  'score',
  'health_band',
  'alert',
  'answer',
  'happening',
  'event',
  'date',
  'stage',
  'schedule',
  'webhook',
  'manual',
] as const

/** What each kind begins with. */
const beginnings: Readonly<Record<Trigger['kind'], Trigger>> = {
  condition: { kind: 'condition', condition: { all: [] } },
  segment: { kind: 'segment', segment: '', move: 'entered' },
  score: { kind: 'score', score: 'churn', crosses: 'up', value: 70 },
  health_band: { kind: 'health_band', bands: [] },
  alert: { kind: 'alert', rule: '' },
  answer: { kind: 'answer', survey: 'NPS', least: 0, most: 6 },
  happening: { kind: 'happening', type: 'churn.level_changed' },
  event: { kind: 'event', event: '' },
  date: { kind: 'date', field: '', offsetDays: -90 },
  stage: { kind: 'stage', stage: '' },
  schedule: { kind: 'schedule', cron: '0 9 1 * *' },
  webhook: { kind: 'webhook' },
  manual: { kind: 'manual' },
}

interface TriggerListProps {
  subject: Subject
  triggers: readonly Trigger[]
  onChange: (triggers: Trigger[]) => void
}

/** What brings somebody into a flow: one or several. */
export function TriggerList({ subject, triggers, onChange }: TriggerListProps) {
  const t = useText()
  const speech = useSpeech(subject)
  const set = (place: number, trigger: Trigger) => onChange(triggers.map((each, at) => (at === place ? trigger : each)))
  return (
    <div className="fl-fields">
      {triggers.map((trigger, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: triggers have no other identity; the same one may stand twice
        <fieldset key={place} className="fl-part">
          <legend className="k-hidden">{triggerWords(trigger, speech)}</legend>
          <div className="fl-part-head">
            <Field label={t('flows.trigger')} required>
              <Select
                value={trigger.kind}
                options={kinds.map(value => ({ value, label: t(`flows.trigger.${value}`) }))}
                onChange={event => {
                  const kind = kinds.find(each => each === event.currentTarget.value)
                  if (kind) set(place, beginnings[kind])
                }}
              />
            </Field>
            {triggers.length > 1 && (
              <IconButton
                icon="close"
                label={t('flows.removeTrigger', { trigger: triggerWords(trigger, speech) })}
                onClick={() => onChange(triggers.filter((_, at) => at !== place))}
              />
            )}
          </div>
          <TriggerFields subject={subject} trigger={trigger} onChange={next => set(place, next)} />
        </fieldset>
      ))}
      {triggers.length < 10 && (
        <div>
          <Button kind="dashed" size="small" icon="plus" onClick={() => onChange([...triggers, { kind: 'manual' }])}>
            {t('flows.addTrigger')}
          </Button>
        </div>
      )}
    </div>
  )
}

interface TriggerFieldsProps {
  subject: Subject
  trigger: Trigger
  onChange: (trigger: Trigger) => void
}

function TriggerFields({ subject, trigger, onChange }: TriggerFieldsProps) {
  const t = useText()
  switch (trigger.kind) {
    case 'condition':
      return (
        <ConditionBuilder
          record={subject}
          value={trigger.condition}
          onChange={condition => onChange({ kind: 'condition', condition })}
        />
      )
    case 'segment':
      return (
        <div className="fl-pair">
          <SegmentField
            label={t('flows.segment')}
            subject={subject}
            value={trigger.segment}
            onChange={segment => onChange({ ...trigger, segment })}
          />
          <ChoiceField
            label={t('flows.move')}
            value={trigger.move}
            options={(['entered', 'left'] as const).map(value => ({ value, label: t(`flows.move.${value}`) }))}
            onChange={move => onChange({ ...trigger, move })}
          />
        </div>
      )
    case 'score':
      return (
        <div className="fl-three">
          <ChoiceField
            label={t('flows.score')}
            value={trigger.score}
            options={(['lead', 'churn', 'health'] as const).map(value => ({ value, label: t(`flows.score.${value}`) }))}
            onChange={score => onChange({ ...trigger, score })}
          />
          <NumberField
            label={t('flows.value')}
            value={trigger.value}
            minimum={0}
            maximum={100}
            onChange={value => onChange({ ...trigger, value })}
          />
          <ChoiceField
            label={t('flows.crosses')}
            value={trigger.crosses}
            options={(['up', 'down'] as const).map(value => ({ value, label: t(`flows.crosses.${value}`) }))}
            onChange={crosses => onChange({ ...trigger, crosses })}
          />
        </div>
      )
    case 'health_band':
      return <Bands bands={trigger.bands} onChange={bands => onChange({ kind: 'health_band', bands })} />
    case 'alert':
      return (
        <AlertRuleField
          label={t('flows.rule')}
          value={trigger.rule}
          onChange={rule => onChange({ kind: 'alert', rule })}
        />
      )
    case 'answer':
      return (
        <div className="fl-three">
          <ChoiceField
            label={t('flows.survey')}
            value={trigger.survey}
            options={answerKinds.map(value => ({ value, label: value }))}
            onChange={survey => onChange({ ...trigger, survey })}
          />
          <NumberField
            label={t('flows.scoreLeast')}
            value={trigger.least}
            minimum={0}
            maximum={10}
            onChange={least => onChange({ ...trigger, least })}
          />
          <NumberField
            label={t('flows.scoreMost')}
            value={trigger.most}
            minimum={0}
            maximum={10}
            onChange={most => onChange({ ...trigger, most })}
          />
        </div>
      )
    case 'happening':
      return (
        <ChoiceField
          label={t('flows.happening')}
          value={trigger.type}
          options={flowHappenings.map(value => ({ value, label: t(`flows.happening.${value}`) }))}
          onChange={type => onChange({ kind: 'happening', type })}
        />
      )
    case 'event':
      return <EventField subject={subject} value={trigger.event} onChange={event => onChange({ ...trigger, event })} />
    case 'date':
      return (
        <>
          <RecordField
            label={t('flows.dateField')}
            subject={subject}
            dates
            value={trigger.field}
            onChange={field => onChange({ ...trigger, field })}
          />
          <OffsetField days={trigger.offsetDays} onChange={offsetDays => onChange({ ...trigger, offsetDays })} />
        </>
      )
    case 'stage':
      return (
        <StageField
          label={t('flows.stage')}
          value={trigger.stage}
          onChange={stage => onChange({ kind: 'stage', stage })}
        />
      )
    case 'schedule':
      return <ScheduleFields cron={trigger.cron} onChange={cron => onChange({ kind: 'schedule', cron })} />
    default:
      return <p className="k-hint">{t(trigger.kind === 'webhook' ? 'flows.webhookHint' : 'flows.manualHint')}</p>
  }
}

/** So many days before or after a date. */
export function OffsetField({ days, onChange }: { days: number; onChange: (days: number) => void }) {
  const t = useText()
  const side = days < 0 ? 'before' : 'after'
  return (
    <div className="fl-pair">
      <NumberField
        label={t('flows.days')}
        value={Math.abs(days)}
        minimum={0}
        maximum={3_660}
        onChange={number => onChange(side === 'before' ? -number : number)}
      />
      <ChoiceField
        label={t('flows.side')}
        value={side}
        options={(['before', 'after'] as const).map(value => ({ value, label: t(`flows.side.${value}`) }))}
        onChange={next => onChange(next === 'before' ? -Math.abs(days) : Math.abs(days))}
      />
    </div>
  )
}

function EventField({
  subject,
  value,
  onChange,
}: {
  subject: Subject
  value: string
  onChange: (event: string) => void
}) {
  const t = useText()
  const events = useEvents(subject)
  const known = value === '' || events.some(({ name }) => name === value) ? [] : [{ name: value, count: 0 }]
  return (
    <Field label={t('flows.event')} required hint={t('flows.eventHint')}>
      <SearchSelect
        label={t('flows.event')}
        options={[...events, ...known].map(({ name }) => ({ value: name, label: name }))}
        value={value}
        placeholder={t('flows.find')}
        none={t('flows.noneFound')}
        onChange={onChange}
      />
    </Field>
  )
}

function Bands({ bands, onChange }: { bands: readonly string[]; onChange: (bands: string[]) => void }) {
  const t = useText()
  const { locale } = useLocale()
  const cards = useRoute(listScorecards).data?.items ?? []
  const known = new Map(
    cards.flatMap(card => (card.definition?.bands ?? []).map(each => [each.key, nameOf(each, locale)] as const)),
  )
  for (const band of bands) if (!known.has(band)) known.set(band, band)
  return (
    <fieldset className="fl-ticks">
      <legend className="k-label">{t('flows.bands')}</legend>
      {[...known].map(([key, label]) => (
        <Checkbox
          key={key}
          label={label}
          checked={bands.includes(key)}
          onChange={() => onChange(bands.includes(key) ? bands.filter(each => each !== key) : [...bands, key])}
        />
      ))}
    </fieldset>
  )
}

/** The usual times, and any other as a cron expression. */
const schedules: readonly string[] = ['0 9 * * *', '0 9 * * 1', '0 9 1 * *', '0 9 1 1,4,7,10 *']

function ScheduleFields({ cron, onChange }: { cron: string; onChange: (cron: string) => void }) {
  const t = useText()
  const usual = schedules.indexOf(cron)
  return (
    <>
      <Field label={t('flows.schedule')} required>
        <Select
          value={usual < 0 ? 'own' : String(usual)}
          options={[
            { value: '0', label: t('flows.daily') },
            { value: '1', label: t('flows.weekly') },
            { value: '2', label: t('flows.monthly') },
            { value: '3', label: t('flows.quarterly') },
            { value: 'own', label: t('flows.ownSchedule') },
          ]}
          onChange={event => onChange(schedules[Number(event.currentTarget.value)] ?? '0 8 * * 1-5')}
        />
      </Field>
      {usual < 0 && (
        <Field label={t('flows.cron')} required hint={t('flows.cronHint')}>
          <TextInput defaultValue={cron} maxLength={100} onChange={event => onChange(event.currentTarget.value)} />
        </Field>
      )}
    </>
  )
}
