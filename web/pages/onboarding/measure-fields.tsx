import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { ConditionField } from './condition-field.tsx'
import { type Measure, moved, newMeasure } from './draft.ts'
import { Fold } from './fold.tsx'
import { WordFields } from './word-fields.tsx'

interface MeasureFieldsProps {
  measures: readonly Measure[]
  /** Where they stand in the request. */
  path: string
  onChange: (measures: Measure[]) => void
}

/** Measures of success, of a phase or of the whole journey. */
export function MeasureFields({ measures, path, onChange }: MeasureFieldsProps) {
  const t = useText()
  const { locale } = useLocale()
  return (
    <>
      {measures.length > 0 && (
        <ul className="ob-folds">
          {measures.map((measure, place) => {
            const name = (locale === 'ja' ? measure.nameJa : measure.nameEn) || measure.nameJa || measure.nameEn
            const set = (fields: Partial<Measure>) => onChange([...measures].with(place, { ...measure, ...fields }))
            return (
              <Fold
                key={measure.key}
                title={name || t('onboarding.edit.newMeasure')}
                path={`${path}.${place}`}
                startsOpen={name === ''}
                place={place}
                count={measures.length}
                onMove={by => onChange(moved(measures, place, by))}
                onRemove={() => onChange(measures.filter(each => each !== measure))}
              >
                <WordFields
                  base="name"
                  label={t('onboarding.edit.measureName')}
                  path={`${path}.${place}.`}
                  value={measure}
                  most={120}
                  onChange={set}
                />
                <ConditionField
                  label={t('onboarding.edit.measureCondition')}
                  name={`${path}.${place}.condition`}
                  value={measure.condition}
                  onChange={condition => set({ condition })}
                />
              </Fold>
            )
          })}
        </ul>
      )}
      {measures.length < 20 && (
        <Button size="small" icon="plus" onClick={() => onChange([...measures, newMeasure()])}>
          {t('onboarding.edit.addMeasure')}
        </Button>
      )}
    </>
  )
}
