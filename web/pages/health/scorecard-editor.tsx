import { useState } from 'react'
import { readVocabulary } from '../../../server/customers/conditions/contract.ts'
import type { Factor, ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { useRoute } from '../../api/hooks.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Select } from '../../kit/field.tsx'
import { Section } from '../../kit/layout.tsx'
import { SearchSelect } from '../../kit/search-select.tsx'
import {
  readSteps,
  readValues,
  type ShapeKind,
  shapeKinds,
  shapeOf,
  sourceOf,
  stepsText,
  valuesText,
} from './shape-text.ts'

interface EditorProps {
  definition: ScorecardDefinition
  /** Undefined: it is only shown. */
  onChange: ((definition: ScorecardDefinition) => void) | undefined
}

const policies = ['reweight', 'neutral', 'worst'] as const

/** Factors with what they look at, their weight and how a value counts; bands; what stands for what is not known. */
export function ScorecardEditor({ definition, onChange }: EditorProps) {
  const t = useText()
  const format = useFormat()
  const total = definition.factors.reduce((sum, factor) => sum + factor.weight, 0)
  const change = (place: number, factor: Factor) =>
    onChange?.({ ...definition, factors: definition.factors.map((each, at) => (at === place ? factor : each)) })
  return (
    <fieldset disabled={!onChange} className="grid gap-6">
      <legend className="k-hidden">{t('health.tab.factors')}</legend>
      <Section title={t('health.factors')} note={t('health.weightTotal', { total: format.number(total) })} flush>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <section className="e-editor" tabIndex={0} aria-label={t('health.factors')}>
          <table className="k-table">
            <thead>
              <tr>
                {(['name', 'source', 'weight', 'shape', 'values'] as const).map(part => (
                  <th key={part} scope="col">
                    {t(`health.column.${part}`)}
                  </th>
                ))}
                <th scope="col">
                  <span className="k-hidden">{t('kit.table.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {definition.factors.map((factor, place) => (
                <FactorRow
                  key={factor.key}
                  factor={factor}
                  onChange={next => change(place, next)}
                  onRemove={
                    onChange && definition.factors.length > 1
                      ? () => onChange({ ...definition, factors: definition.factors.filter((_, at) => at !== place) })
                      : undefined
                  }
                />
              ))}
            </tbody>
          </table>
        </section>
        {onChange && (
          <div className="pt-4">
            <Button
              size="small"
              icon="plus"
              onClick={() =>
                onChange({
                  ...definition,
                  factors: [...definition.factors, newFactor(definition, number => t('health.newFactor', { number }))],
                })
              }
            >
              {t('health.addFactor')}
            </Button>
          </div>
        )}
      </Section>
      <Bands definition={definition} onChange={onChange} />
      <Section title={t('health.missing')}>
        <span className="e-whose">
          <Select
            aria-label={t('health.missing')}
            value={definition.missing}
            options={policies.map(value => ({ value, label: t(`health.missing.${value}`) }))}
            onChange={event => {
              const missing = policies.find(each => each === event.currentTarget.value)
              if (missing) onChange?.({ ...definition, missing })
            }}
          />
        </span>
      </Section>
    </fieldset>
  )
}

function newFactor({ factors, groups }: ScorecardDefinition, name: (number: number) => string): Factor {
  const taken = new Set(factors.map(factor => factor.key))
  let number = factors.length + 1
  while (taken.has(`factor_${number}`)) number += 1
  return {
    key: `factor_${number}`,
    nameJa: name(number),
    nameEn: name(number),
    weight: 10,
    input: { metric: 'usage.active_people_30' },
    shape: { kind: 'linear', from: 0, to: 10 },
    ...(groups[0] && { group: groups[0].key }),
  }
}

interface RowProps {
  factor: Factor
  onChange: (factor: Factor) => void
  onRemove: (() => void) | undefined
}

function FactorRow({ factor, onChange, onRemove }: RowProps) {
  const t = useText()
  const { locale } = useLocale()
  const fields = useRoute(readVocabulary, { query: { record: 'customer' } }).data?.fields ?? []
  const name = locale === 'ja' ? factor.nameJa : factor.nameEn
  const options = [
    ...fields
      .filter(({ kind }) => kind === 'number' || kind === 'boolean' || kind === 'one_of')
      .map(({ id, words }) => ({
        value: id.startsWith('metrics.') ? `metric:${id.slice('metrics.'.length)}` : `field:${id}`,
        label: words[locale],
        keywords: [id],
      })),
    { value: `manual:${factor.key}`, label: t('health.manual') },
  ]
  const choose = (source: string) => {
    const [kind, ...rest] = source.split(':')
    const key = rest.join(':')
    onChange({
      ...factor,
      input: kind === 'metric' ? { metric: key } : kind === 'manual' ? { manual: key } : { field: key },
    })
  }
  const rename = (next: string) =>
    onChange(locale === 'ja' ? { ...factor, nameJa: next || ' ' } : { ...factor, nameEn: next || ' ' })
  const { input } = factor
  return (
    <tr>
      <td>
        <input
          className="k-input e-text"
          aria-label={t('health.column.name')}
          maxLength={60}
          value={name}
          onChange={event => rename(event.currentTarget.value)}
        />
      </td>
      <td>
        <SearchSelect
          label={t('health.column.source')}
          options={
            options.some(each => each.value === sourceOf(factor))
              ? options
              : [{ value: sourceOf(factor), label: sourceOf(factor).split(':')[1] ?? '' }, ...options]
          }
          value={sourceOf(factor)}
          placeholder={t('metrics.search')}
          none={t('record.filter.noField')}
          onChange={choose}
        />
      </td>
      <td>
        <NumberCell
          label={t('health.column.weight')}
          value={factor.weight}
          onChange={weight => weight > 0 && onChange({ ...factor, weight })}
        />
      </td>
      <td>
        <ShapeCell factor={factor} onChange={onChange} />
      </td>
      <td>
        {'field' in input && (
          <input
            className="k-input e-text"
            aria-label={t('health.column.values')}
            placeholder="A=0, B=100"
            defaultValue={valuesText(input.values)}
            onBlur={event => {
              const values = readValues(event.currentTarget.value)
              onChange({ ...factor, input: { field: input.field, ...(Object.keys(values).length > 0 && { values }) } })
            }}
          />
        )}
      </td>
      <td>{onRemove && <IconButton icon="trash" label={t('health.removeFactor', { name })} onClick={onRemove} />}</td>
    </tr>
  )
}

function ShapeCell({ factor, onChange }: Omit<RowProps, 'onRemove'>) {
  const t = useText()
  const { shape } = factor
  const [wrong, setWrong] = useState(false)
  const set = (next: Factor['shape']) => onChange({ ...factor, shape: next })
  return (
    <span className="q-parts">
      <Select
        aria-label={t('health.column.shape')}
        value={shape.kind}
        options={[...shapeKinds, ...(shape.kind === 'piecewise' ? (['piecewise'] as const) : [])].map(value => ({
          value,
          label: t(`health.shape.${value}`),
        }))}
        onChange={event => {
          const kind = shapeKinds.find((each: ShapeKind) => each === event.currentTarget.value)
          if (kind) set(shapeOf(kind))
        }}
      />
      {shape.kind === 'linear' && (
        <>
          <NumberCell label={t('health.shape.from')} value={shape.from} onChange={from => set({ ...shape, from })} />
          <span>→</span>
          <NumberCell label={t('health.shape.to')} value={shape.to} onChange={to => set({ ...shape, to })} />
        </>
      )}
      {shape.kind === 'steps' && (
        <input
          className="k-input e-text"
          aria-label={t('health.shape.steps')}
          aria-invalid={wrong || undefined}
          title={t('health.shape.stepsHint')}
          defaultValue={stepsText(shape)}
          onBlur={event => {
            const steps = readSteps(event.currentTarget.value)
            setWrong(!steps)
            if (steps) set(steps)
          }}
        />
      )}
      {shape.kind === 'survey' && (
        <Select
          aria-label={t('health.shape.scale')}
          value={shape.scale}
          options={(['nps', '0-10', '1-5', '1-7'] as const).map(value => ({
            value,
            label: value === 'nps' ? 'NPS −100…100' : value,
          }))}
          onChange={event => {
            const scale = (['nps', '0-10', '1-5', '1-7'] as const).find(each => each === event.currentTarget.value)
            if (scale) set({ ...shape, scale })
          }}
        />
      )}
    </span>
  )
}

function NumberCell({ label, value, onChange }: { label: string; value: number; onChange: (value: number) => void }) {
  return (
    <input
      type="number"
      step="any"
      className="k-input e-short"
      aria-label={label}
      value={value}
      onChange={event => event.currentTarget.value !== '' && onChange(Number(event.currentTarget.value))}
    />
  )
}

function Bands({ definition, onChange }: EditorProps) {
  const t = useText()
  const { locale } = useLocale()
  return (
    <Section title={t('health.bands')} note={t('health.bandsNote')} flush>
      <table className="k-table">
        <thead>
          <tr>
            <th scope="col">{t('health.band')}</th>
            <th scope="col">{t('health.from')}</th>
            <th scope="col" data-narrow="hide">
              {t('health.actions')}
            </th>
          </tr>
        </thead>
        <tbody>
          {definition.bands.map((band, place) => (
            <tr key={band.key}>
              <td>
                <span className="e-band" data-colour={band.colour}>
                  <i aria-hidden="true" />
                  {locale === 'ja' ? band.nameJa : band.nameEn}
                </span>
              </td>
              <td>
                <NumberCell
                  label={t('health.from')}
                  value={band.from}
                  onChange={from =>
                    onChange?.({
                      ...definition,
                      bands: definition.bands.map((each, at) =>
                        at === place ? { ...each, from: Math.round(from) } : each,
                      ),
                    })
                  }
                />
              </td>
              <td data-narrow="hide">{(locale === 'ja' ? band.actionsJa : band.actionsEn).join(' · ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
