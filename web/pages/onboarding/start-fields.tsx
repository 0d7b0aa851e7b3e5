import { use } from 'react'
import type { StartRule } from '../../../server/engage/onboarding/contract/definition.ts'
import { listSegments } from '../../../server/signals/segments/contract.ts'
import { useRoute } from '../../api/hooks.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Checkbox, RadioGroup } from '../../kit/field.tsx'
import { FieldErrors } from '../../kit/field-errors.ts'
import { Icon } from '../../kit/icon.tsx'
import { ConditionField } from './condition-field.tsx'

const occasions = ['none', 'contract', 'customer', 'segment'] as const

interface StartFieldsProps {
  starts: StartRule | null
  onChange: (starts: StartRule | null) => void
}

/** Which customers start by themselves, and on what occasion. */
export function StartFields({ starts, onChange }: StartFieldsProps) {
  const t = useText()
  const choose = (next: string) => {
    const on = occasions.find(each => each === next)
    if (!on || on === 'none') return onChange(null)
    const { segments, ...rest } = starts ?? { condition: null }
    onChange({
      ...rest,
      on,
      ...(on === 'segment' && { segments: segments ?? { field: 'segments', op: 'in', value: [] } }),
    })
  }
  return (
    <>
      <RadioGroup
        label={t('onboarding.edit.startOn')}
        name="starts.on"
        value={starts?.on ?? 'none'}
        onChange={choose}
        options={occasions.map(value => ({
          value,
          label: value === 'none' ? t('onboarding.templates.byHand') : t(`onboarding.on.${value}`),
          hint: t(`onboarding.edit.startHint.${value}`),
        }))}
      />
      {starts?.on === 'segment' && (
        <SegmentChoice
          chosen={starts.segments?.value ?? []}
          onChange={value => onChange({ ...starts, segments: { field: 'segments', op: 'in', value } })}
        />
      )}
      {starts && (
        <ConditionField
          label={t('onboarding.edit.startCondition')}
          name="starts.condition"
          hint={t('onboarding.edit.startConditionHint')}
          value={starts.condition}
          onChange={condition => onChange({ ...starts, condition })}
          onRemove={() => onChange({ ...starts, condition: null })}
        />
      )}
    </>
  )
}

function SegmentChoice({ chosen, onChange }: { chosen: readonly string[]; onChange: (chosen: string[]) => void }) {
  const t = useText()
  const { locale } = useLocale()
  const fault = use(FieldErrors)['starts.segments']
  const segments = useRoute(listSegments, { query: { record: 'customer' } }).data?.items ?? []
  return (
    <fieldset className="ob-condition" name="starts.segments" tabIndex={-1}>
      <legend className="k-label">{t('onboarding.segment')}</legend>
      <div className="ob-choices">
        {segments.map(segment => (
          <Checkbox
            key={segment.id}
            label={nameOf(segment, locale)}
            checked={chosen.includes(segment.id)}
            onChange={event =>
              onChange(event.target.checked ? [...chosen, segment.id] : chosen.filter(each => each !== segment.id))
            }
          />
        ))}
      </div>
      {fault && (
        <p className="k-error">
          <Icon name="alert" size="small" />
          <span>{fault}</span>
        </p>
      )}
    </fieldset>
  )
}
