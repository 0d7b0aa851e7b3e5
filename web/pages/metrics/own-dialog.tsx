import { useState } from 'react'
import {
  createOwnMetric,
  listMetrics,
  type OwnDefinition,
  previewOwnMetric,
} from '../../../server/signals/metrics/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, RadioGroup, Select, Textarea, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { SearchSelect } from '../../kit/search-select.tsx'
import { toastDone } from '../../kit/toast.tsx'

const measures = {
  events: ['count', 'sum', 'people', 'days', 'features', 'coverage', 'rate', 'trend'],
  records: ['count', 'sum', 'mean', 'distinct', 'rate', 'trend'],
} as const
const records = ['ticket', 'invoice', 'payment', 'survey_answer', 'communication'] as const
const fields = {
  ticket: ['satisfaction', 'priority', 'status', 'source'],
  invoice: ['amount', 'status', 'failedAttempts'],
  payment: ['amount', 'outcome', 'method'],
  survey_answer: ['score', 'kind', 'survey'],
  communication: ['durationMinutes', 'kind', 'direction'],
} as const

/** Defines a metric of the company's own, tried on everybody before it is kept. */
export function OwnMetricDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const [kind, setKind] = useState<'events' | 'records' | 'ratio'>('events')
  const [measure, setMeasure] = useState<string>('count')
  const [record, setRecord] = useState<(typeof records)[number]>('ticket')
  const [field, setField] = useState('')
  const [events, setEvents] = useState('')
  const [property, setProperty] = useState('')
  const [days, setDays] = useState(30)
  const [ratio, setRatio] = useState({ of: 'usage.active_people_30', per: 'contracts.licences' })
  const [tried, setTried] = useState<string>()
  const metrics = useRoute(listMetrics).data?.items ?? []
  const create = useCommand(createOwnMetric, { quiet: true, stale: [listMetrics.path, '/api/v1/vocabulary'] })
  const preview = useCommand(previewOwnMetric, { quiet: true, stale: [] })
  const definition = (): OwnDefinition => {
    if (kind === 'ratio') return { kind, ...ratio, scale: 100 }
    if (kind === 'records') {
      return { kind, record, measure: measure as 'count', ...(field && { field }), where: [], meeting: [], days }
    }
    const names = events
      .split('\n')
      .map(each => each.trim())
      .filter(Boolean)
    return { kind, measure: measure as 'count', events: names, ...(property && { property }), where: [], days }
  }
  const tryOut = () =>
    preview.run({ body: { definition: definition() } }).then(
      ({ customers, withValue, minimum, median, maximum }) => {
        const shown = (value: number | null) => (value === null ? '–' : format.number(value, 1))
        setTried(
          t('metrics.previewResult', {
            customers,
            withValue,
            minimum: shown(minimum),
            median: shown(median),
            maximum: shown(maximum),
          }),
        )
      },
      problem => setTried(wordsOf(problem, t)),
    )
  const metricOptions = metrics.map(({ key, words }) => ({ value: key, label: words[locale], keywords: [key] }))
  return (
    <Dialog open onClose={onClose} title={t('metrics.dialog')} size="wide">
      <Form
        submit={t('metrics.create')}
        onCancel={onClose}
        aside={
          <Button pending={preview.pending} onClick={() => void tryOut()}>
            {t('metrics.preview')}
          </Button>
        }
        onSubmit={async values => {
          const labelJa = values.text('labelJa')
          await create.run({
            body: {
              key: `own.${values.text('key')}`,
              labelJa,
              labelEn: values.text('labelEn') || labelJa,
              description: null,
              unit:
                kind === 'ratio' || measure === 'coverage' || measure === 'rate' || measure === 'trend'
                  ? 'percent'
                  : 'count',
              direction: 'up',
              definition: definition(),
            },
          })
          toastDone(t('metrics.created'))
          onClose()
        }}
      >
        <Field label={t('metrics.labelJa')} name="labelJa" required>
          <TextInput maxLength={100} />
        </Field>
        <Field label={t('metrics.labelEn')} name="labelEn">
          <TextInput maxLength={100} />
        </Field>
        <Field label={t('metrics.key')} name="key" hint={t('metrics.keyHint')} required>
          <TextInput pattern="[a-z][a-z0-9_]*" maxLength={60} />
        </Field>
        <RadioGroup
          label={t('metrics.kind')}
          name="kind"
          value={kind}
          onChange={next => {
            setKind(next === 'records' ? 'records' : next === 'ratio' ? 'ratio' : 'events')
            setMeasure('count')
          }}
          options={(['events', 'records', 'ratio'] as const).map(value => ({
            value,
            label: t(`metrics.kind.${value}`),
          }))}
        />
        {kind === 'ratio' ? (
          (['of', 'per'] as const).map(part => (
            <Field key={part} label={t(part === 'of' ? 'metrics.ratioOf' : 'metrics.ratioPer')}>
              <SearchSelect
                label={t('metrics.metric')}
                options={metricOptions}
                value={ratio[part]}
                placeholder={t('metrics.search')}
                none={t('record.filter.noField')}
                onChange={key => setRatio({ ...ratio, [part]: key })}
              />
            </Field>
          ))
        ) : (
          <>
            {kind === 'records' && (
              <Field label={t('metrics.record')}>
                <Select
                  value={record}
                  options={records.map(value => ({ value, label: t(`metrics.record.${value}`) }))}
                  onChange={event => setRecord(records.find(each => each === event.currentTarget.value) ?? 'ticket')}
                />
              </Field>
            )}
            <Field label={t('metrics.measure')}>
              <Select
                value={measure}
                options={measures[kind].map(value => ({ value, label: t(`metrics.measure.${value}`) }))}
                onChange={event => setMeasure(event.currentTarget.value)}
              />
            </Field>
            {kind === 'records' && ['sum', 'mean', 'distinct'].includes(measure) && (
              <Field label={t('metrics.field')}>
                <Select
                  value={field}
                  placeholder="–"
                  options={fields[record].map(value => ({ value, label: value }))}
                  onChange={event => setField(event.currentTarget.value)}
                />
              </Field>
            )}
            {kind === 'events' && (
              <Field label={t('metrics.events')} hint={t('metrics.eventsHint')}>
                <Textarea value={events} onChange={event => setEvents(event.currentTarget.value)} />
              </Field>
            )}
            {kind === 'events' && measure === 'sum' && (
              <Field label={t('metrics.property')}>
                <TextInput
                  value={property}
                  maxLength={120}
                  onChange={event => setProperty(event.currentTarget.value)}
                />
              </Field>
            )}
            <Field label={t('metrics.days')}>
              <TextInput
                type="number"
                min={1}
                max={400}
                value={days}
                onChange={event => setDays(Number(event.currentTarget.value))}
              />
            </Field>
          </>
        )}
        {tried && <p role="status">{tried}</p>}
      </Form>
    </Dialog>
  )
}
