import { type ChurnBand, churnLevels } from '../../../../server/signals/churn/contract/settings.ts'
import { useText } from '../../../i18n/provider.tsx'
import { Button, IconButton } from '../../../kit/button.tsx'
import { Field, Select, TextInput } from '../../../kit/field.tsx'

interface BandEditorProps {
  bands: readonly ChurnBand[]
  onChange: (bands: readonly ChurnBand[]) => void
}

const most = 6

/** Names of score ranges, from the highest down: how grave, and within how many hours somebody is to act. */
export function BandEditor({ bands, onChange }: BandEditorProps) {
  const t = useText()
  const set = (place: number, next: Partial<ChurnBand>) =>
    onChange(bands.map((band, at) => (at === place ? { ...band, ...next } : band)))
  const add = () => {
    const [above, below] = [bands.at(-2)!, bands.at(-1)!]
    const keys = new Set(bands.map(({ key }) => key))
    const number = Array.from({ length: most + 1 }, (_, at) => at + 1).find(each => !keys.has(`band_${each}`)) ?? 1
    const added: ChurnBand = {
      key: `band_${number}`,
      nameJa: t('churn.newBand'),
      nameEn: t('churn.newBand'),
      from: Math.max(1, Math.round((above.from + below.from) / 2)),
      level: 'medium',
      respondWithinHours: null,
      adviceJa: '',
      adviceEn: '',
    }
    onChange([...bands.slice(0, -1), added, below])
  }
  return (
    <div className="ch-bands">
      {bands.map((band, place) => (
        <fieldset key={band.key} className="ch-band">
          <legend className="k-hidden">{band.nameJa}</legend>
          <Field label={t('churn.bandFrom')} name={`bands.${place}.from`} required>
            <TextInput
              type="number"
              step="0.1"
              min={0}
              max={100}
              value={band.from}
              disabled={place === bands.length - 1}
              onChange={event => set(place, { from: Number(event.currentTarget.value) })}
            />
          </Field>
          <Field label={t('churn.bandNameJa')} name={`bands.${place}.nameJa`} required>
            <TextInput
              maxLength={40}
              value={band.nameJa}
              onChange={event => set(place, { nameJa: event.currentTarget.value })}
            />
          </Field>
          <Field label={t('churn.bandNameEn')} name={`bands.${place}.nameEn`} required>
            <TextInput
              maxLength={40}
              value={band.nameEn}
              onChange={event => set(place, { nameEn: event.currentTarget.value })}
            />
          </Field>
          <Field label={t('churn.bandLevel')}>
            <Select
              value={band.level}
              options={churnLevels.map(value => ({ value, label: t(`churn.level.${value}`) }))}
              onChange={event =>
                set(place, { level: churnLevels.find(each => each === event.currentTarget.value) ?? 'medium' })
              }
            />
          </Field>
          <Field label={t('churn.bandHours')}>
            <TextInput
              type="number"
              min={1}
              max={2160}
              value={band.respondWithinHours ?? ''}
              onChange={event => {
                const hours = Number(event.currentTarget.value)
                set(place, { respondWithinHours: hours > 0 ? hours : null })
              }}
            />
          </Field>
          <div className="ch-wide ch-threshold">
            <div className="grow">
              <Field label={t('churn.bandAdviceJa')}>
                <TextInput
                  maxLength={500}
                  value={band.adviceJa}
                  onChange={event => set(place, { adviceJa: event.currentTarget.value })}
                />
              </Field>
            </div>
            <div className="grow">
              <Field label={t('churn.bandAdviceEn')}>
                <TextInput
                  maxLength={500}
                  value={band.adviceEn}
                  onChange={event => set(place, { adviceEn: event.currentTarget.value })}
                />
              </Field>
            </div>
            {bands.length > 2 && place < bands.length - 1 && (
              <IconButton
                icon="trash"
                label={t('churn.removeBand', { name: band.nameJa })}
                onClick={() => onChange(bands.filter((_, at) => at !== place))}
              />
            )}
          </div>
        </fieldset>
      ))}
      {bands.length < most && (
        <span>
          <Button size="small" icon="plus" onClick={add}>
            {t('churn.addBand')}
          </Button>
        </span>
      )}
    </div>
  )
}
