import type { Factor } from '../../../server/signals/scorecards/contract/definition.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Field, RadioGroup } from '../../kit/field.tsx'
import { SearchSelect } from '../../kit/search-select.tsx'
import { NumberInput } from './number-input.tsx'
import { useFieldOptions, useMetricOptions } from './sources.ts'

interface SourceFieldsProps {
  factor: Factor
  onChange: (factor: Factor) => void
}

const kinds = ['metric', 'field', 'manual'] as const

/** What a factor looks at: a metric, a field of the customer, or the judgement of the CSM. */
export function SourceFields({ factor, onChange }: SourceFieldsProps) {
  const t = useText()
  const metrics = useMetricOptions()
  const fields = useFieldOptions()
  const { input } = factor
  const kind = 'metric' in input ? 'metric' : 'manual' in input ? 'manual' : 'field'
  const setInput = (next: Factor['input']) => onChange({ ...factor, input: next })
  /** What choices are worth lies between 0 and 100 already: bounds that were meant for another value would bend it. */
  const setField = (next: Factor['input']) =>
    'values' in next
      ? onChange({ ...factor, input: next, shape: { kind: 'linear', from: 0, to: 100 } })
      : setInput(next)
  return (
    <>
      <RadioGroup
        label={t('scorecards.source')}
        name={`source ${factor.key}`}
        value={kind}
        onChange={next => {
          if (next === kind) return
          if (next === 'manual') setInput({ manual: factor.key })
          else if (next === 'field') setField(inputOfField(fields[0]))
          else setInput({ metric: metrics[0]?.value ?? 'usage.active_share_30' })
        }}
        options={kinds.map(value => ({
          value,
          label: t(`scorecards.source.${value}`),
          hint: t(`scorecards.source.${value}Hint`),
        }))}
      />
      {'metric' in input && (
        <>
          <Field label={t('scorecards.source.metric')}>
            <SearchSelect
              label={t('scorecards.source.metric')}
              options={metrics}
              value={input.metric}
              placeholder={t('scorecards.source.searchMetric')}
              none={t('scorecards.source.none')}
              onChange={metric => setInput({ ...input, metric })}
            />
          </Field>
          <Expected input={input} onChange={setInput} />
        </>
      )}
      {'field' in input && (
        <>
          <Field label={t('scorecards.source.field')}>
            <SearchSelect
              label={t('scorecards.source.field')}
              options={fields}
              value={input.field}
              placeholder={t('scorecards.source.searchField')}
              none={t('scorecards.source.none')}
              onChange={id => setField(inputOfField(fields.find(field => field.value === id)))}
            />
          </Field>
          {input.values && (
            <div className="s-lines">
              <p className="text-t3">{t('scorecards.source.valuesHint')}</p>
              {Object.entries(input.values).map(([value, worth]) => (
                <Field
                  key={value}
                  label={
                    fields.find(field => field.value === input.field)?.choices.find(choice => choice.value === value)
                      ?.label ?? value
                  }
                >
                  <NumberInput
                    value={worth}
                    onChange={next => setInput({ ...input, values: { ...input.values, [value]: next } })}
                  />
                </Field>
              ))}
            </div>
          )}
        </>
      )}
    </>
  )
}

/** A field as an input: a choice of words starts with what each could be worth. */
function inputOfField(field: ReturnType<typeof useFieldOptions>[number] | undefined): Factor['input'] {
  if (!field) return { field: 'employeeCount' }
  if (field.kind !== 'one_of') return { field: field.value }
  const last = Math.max(1, field.choices.length - 1)
  return {
    field: field.value,
    values: Object.fromEntries(field.choices.map(({ value }, at) => [value, Math.round((at / last) * 100)])),
  }
}

type MetricInput = Extract<Factor['input'], { metric: string }>

/** The metric against what is expected of the customer's plan. */
function Expected({ input, onChange }: { input: MetricInput; onChange: (input: MetricInput) => void }) {
  const t = useText()
  const { expected } = input
  if (!expected)
    return (
      <span>
        <Button
          size="small"
          kind="dashed"
          icon="plus"
          onClick={() => onChange({ ...input, expected: { plans: {}, otherwise: 10 } })}
        >
          {t('scorecards.expected.add')}
        </Button>
      </span>
    )
  const read = (text: string) =>
    Object.fromEntries(
      text
        .split('\n')
        .map(line => /^\s*(.+?)\s+([\d.]+)\s*$/.exec(line))
        .flatMap(match => (match && Number(match[2]) > 0 ? [[match[1]!, Number(match[2])] as const] : [])),
    )
  return (
    <div className="s-lines">
      <Field label={t('scorecards.expected.plans')} hint={t('scorecards.expected.plansHint')}>
        <textarea
          className="k-input"
          rows={3}
          defaultValue={Object.entries(expected.plans)
            .map(([plan, value]) => `${plan} ${value}`)
            .join('\n')}
          aria-label={t('scorecards.expected.plans')}
          onBlur={event => onChange({ ...input, expected: { ...expected, plans: read(event.currentTarget.value) } })}
        />
      </Field>
      <div className="r-two">
        <Field label={t('scorecards.expected.otherwise')}>
          <NumberInput
            value={expected.otherwise}
            min={0.0001}
            onChange={otherwise => onChange({ ...input, expected: { ...expected, otherwise } })}
          />
        </Field>
        <span>
          <Button size="small" kind="quiet" onClick={() => onChange({ metric: input.metric })}>
            {t('scorecards.expected.remove')}
          </Button>
        </span>
      </div>
    </div>
  )
}
