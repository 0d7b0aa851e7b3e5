import type { ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { type BandColour, bandColours } from '../../features/scorecards/colours.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Field, Select, Textarea, TextInput } from '../../kit/field.tsx'
import { Section } from '../../kit/layout.tsx'
import { type Band, freeKey } from './draft.ts'
import { Exceptions } from './exceptions.tsx'
import { NumberInput } from './number-input.tsx'

interface TabProps {
  definition: ScorecardDefinition
  onChange?: ((definition: ScorecardDefinition) => void) | undefined
}

/** What a score means: bands with their names, colours, actions and who acts; and exceptions. */
export function BandsTab({ definition, onChange }: TabProps) {
  const t = useText()
  const bands = definition.bands
    .map((band, place) => ({ band, place }))
    .sort((one, other) => other.band.from - one.band.from)
  const set = (place: number, band: Band) =>
    onChange?.({ ...definition, bands: definition.bands.map((each, at) => (at === place ? band : each)) })
  const add = () => {
    const key = freeKey(
      'band',
      definition.bands.map(band => band.key),
    )
    const used = new Set(definition.bands.map(band => band.from))
    const from = [90, 70, 50, 30, 10].find(each => !used.has(each)) ?? 1
    const made: Band = {
      key,
      nameJa: t('scorecards.band.new'),
      nameEn: t('scorecards.band.new'),
      colour: 'yellow',
      from,
      actionsJa: [],
      actionsEn: [],
    }
    onChange?.({ ...definition, bands: [...definition.bands, made] })
  }
  return (
    <>
      <Section
        title={t('scorecards.bands')}
        note={t('scorecards.bandsNote')}
        flush
        end={
          onChange &&
          definition.bands.length < 8 && (
            <Button size="small" icon="plus" onClick={add}>
              {t('scorecards.band.add')}
            </Button>
          )
        }
      >
        <ul className="s-bands">
          {bands.map(({ band, place }, at) => (
            <BandLine
              key={band.key}
              band={band}
              to={at === 0 ? 100 : bands[at - 1]!.band.from - 1}
              onChange={onChange && (next => set(place, next))}
              onRemove={
                onChange && definition.bands.length > 1
                  ? () => onChange({ ...definition, bands: definition.bands.filter((_, each) => each !== place) })
                  : undefined
              }
            />
          ))}
        </ul>
      </Section>
      <Exceptions definition={definition} onChange={onChange} />
    </>
  )
}

interface BandLineProps {
  band: Band
  /** The highest score in it. */
  to: number
  onChange: ((band: Band) => void) | undefined
  onRemove: (() => void) | undefined
}

function BandLine({ band, to, onChange, onRemove }: BandLineProps) {
  const t = useText()
  const isFixed = onChange === undefined
  const lines = (text: string) =>
    text
      .split('\n')
      .map(line => line.trim())
      .filter(line => line !== '')
      .slice(0, 10)
  const text = (name: 'nameJa' | 'nameEn' | 'ownerJa' | 'ownerEn', most: number) => (
    <Field label={t(`scorecards.band.${name}`)}>
      <TextInput
        value={band[name] ?? ''}
        maxLength={most}
        readOnly={isFixed}
        onChange={event => {
          const { [name]: _, ...rest } = band
          const typed = event.currentTarget.value
          onChange?.((typed === '' && name.startsWith('owner') ? rest : { ...rest, [name]: typed }) as Band)
        }}
      />
    </Field>
  )
  const actions = (name: 'actionsJa' | 'actionsEn') => (
    <Field label={t(`scorecards.band.${name}`)} hint={t('scorecards.band.actionsHint')}>
      <Textarea
        rows={2}
        defaultValue={band[name].join('\n')}
        readOnly={isFixed}
        onBlur={event => {
          const next = lines(event.currentTarget.value)
          if (next.join('\n') !== band[name].join('\n')) onChange?.({ ...band, [name]: next })
        }}
      />
    </Field>
  )
  return (
    <li>
      <span>
        <Badge tone={band.colour}>{t('scorecards.band.range', { from: band.from, to })}</Badge>
      </span>
      <div className="s-five">
        <Field label={t('scorecards.band.from')}>
          {isFixed ? (
            <TextInput value={band.from} readOnly />
          ) : (
            <NumberInput
              value={band.from}
              min={0}
              max={100}
              onChange={from => onChange({ ...band, from: Math.round(from) })}
            />
          )}
        </Field>
        {text('nameJa', 40)}
        {text('nameEn', 40)}
        <Field label={t('scorecards.band.colour')}>
          <Select
            value={band.colour}
            disabled={isFixed}
            options={bandColours.map(value => ({ value, label: t(`scorecards.colour.${value}`) }))}
            onChange={event => {
              const colour: BandColour | undefined = bandColours.find(each => each === event.currentTarget.value)
              if (colour) onChange?.({ ...band, colour })
            }}
          />
        </Field>
        {onRemove ? (
          <IconButton icon="trash" label={t('scorecards.band.remove', { name: band.nameJa })} onClick={onRemove} />
        ) : (
          <span />
        )}
      </div>
      <div className="r-two">
        {actions('actionsJa')}
        {actions('actionsEn')}
        {text('ownerJa', 60)}
        {text('ownerEn', 60)}
      </div>
    </li>
  )
}
