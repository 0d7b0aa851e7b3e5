import type { InAppDocument } from '../../../server/engage/in-app/contract/document.ts'
import { listSegments } from '../../../server/signals/segments/contract.ts'
import { useRoute } from '../../api/hooks.ts'
import { ConditionBuilder } from '../../features/conditions/builder.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Field, RadioGroup, Select } from '../../kit/field.tsx'

type Audience = InAppDocument['audience']

const kinds = ['flows', 'segment', 'condition'] as const

/** To whom it is shown: a segment, a condition, or only those whom flows send it to. */
export function AudienceFields({ value, onChange }: { value: Audience; onChange(value: Audience): void }) {
  const t = useText()
  const { locale } = useLocale()
  const { data: segments } = useRoute(listSegments, { query: { state: 'enabled' } })
  const choose = (kind: string) => {
    if (kind === 'condition') onChange({ kind, condition: { all: [] } })
    else if (kind === 'segment') onChange({ kind, id: segments?.items[0]?.id ?? '' })
    else onChange(null)
  }
  return (
    <>
      <RadioGroup
        label={t('inApp.audience')}
        name="audience"
        value={value?.kind ?? 'flows'}
        onChange={choose}
        options={kinds.map(kind => ({ value: kind, label: t(`inApp.audience.${kind}`) }))}
      />
      {value?.kind === 'segment' && (
        <Field label={t('inApp.audience.segment')} required>
          <Select
            value={value.id}
            onChange={event => onChange({ kind: 'segment', id: event.currentTarget.value })}
            placeholder="–"
            options={(segments?.items ?? []).map(segment => ({ value: segment.id, label: nameOf(segment, locale) }))}
          />
        </Field>
      )}
      {value?.kind === 'condition' && (
        <section aria-label={t('inApp.audience.condition')}>
          <ConditionBuilder
            record="contact"
            value={value.condition}
            onChange={condition => onChange({ kind: 'condition', condition })}
          />
        </section>
      )}
    </>
  )
}
