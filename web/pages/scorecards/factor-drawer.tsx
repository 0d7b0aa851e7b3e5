import type { Factor, ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Drawer } from '../../kit/dialog.tsx'
import { Field, Select, TextInput } from '../../kit/field.tsx'
import { missingPolicies } from './draft.ts'
import { ShapeFields } from './shape-fields.tsx'
import { SourceFields } from './source-fields.tsx'

interface FactorDrawerProps {
  factor: Factor
  groups: ScorecardDefinition['groups']
  onChange: (factor: Factor) => void
  onClose: () => void
}

/** One factor in full: names, group, what it looks at, its shape, what stands for a missing value, how fresh it must be. */
export function FactorDrawer({ factor, groups, onChange, onClose }: FactorDrawerProps) {
  const t = useText()
  const { locale } = useLocale()
  const name = nameOf(factor, locale)
  return (
    <Drawer
      open
      onClose={onClose}
      title={t('scorecards.factor.edit', { name })}
      foot={
        <Button kind="primary" onClick={onClose}>
          {t('scorecards.factor.done')}
        </Button>
      }
    >
      <div className="s-lines">
        <div className="r-two">
          <Field label={t('scorecards.nameJa')}>
            <TextInput
              value={factor.nameJa}
              maxLength={60}
              onChange={event => onChange({ ...factor, nameJa: event.currentTarget.value })}
            />
          </Field>
          <Field label={t('scorecards.nameEn')}>
            <TextInput
              value={factor.nameEn}
              maxLength={60}
              onChange={event => onChange({ ...factor, nameEn: event.currentTarget.value })}
            />
          </Field>
        </div>
        {groups.length > 0 && (
          <Field label={t('scorecards.factor.group')}>
            <Select
              value={factor.group ?? ''}
              options={groups.map(group => ({
                value: group.key,
                label: nameOf(group, locale),
              }))}
              onChange={event => onChange({ ...factor, group: event.currentTarget.value })}
            />
          </Field>
        )}
        <SourceFields factor={factor} onChange={onChange} />
        <ShapeFields shape={factor.shape} onChange={shape => onChange({ ...factor, shape })} />
        <div className="r-two">
          <Field label={t('scorecards.missing.own')}>
            <Select
              value={factor.missing ?? ''}
              placeholder={t('scorecards.missing.asCard')}
              options={missingPolicies.map(value => ({ value, label: t(`scorecards.missing.${value}`) }))}
              onChange={event => {
                const policy = missingPolicies.find(each => each === event.currentTarget.value)
                const { missing: _, ...rest } = factor
                onChange(policy ? { ...rest, missing: policy } : rest)
              }}
            />
          </Field>
          <Field label={t('scorecards.factor.fresh')} hint={t('scorecards.factor.freshHint')}>
            <TextInput
              type="number"
              min={1}
              max={400}
              value={factor.freshDays ?? ''}
              onChange={event => {
                const days = Math.round(Number(event.currentTarget.value))
                const { freshDays: _, ...rest } = factor
                onChange(days >= 1 && days <= 400 ? { ...rest, freshDays: days } : rest)
              }}
            />
          </Field>
        </div>
      </div>
    </Drawer>
  )
}
