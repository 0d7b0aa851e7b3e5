import { use, useId, useState } from 'react'
import type { Condition } from '../../../server/catalog/conditions/contract.ts'
import { ConditionBuilder } from '../../features/conditions/builder.tsx'
import { LiveCount, Sentence } from '../../features/conditions/live-count.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { FieldErrors } from '../../kit/field-errors.ts'
import { Icon } from '../../kit/icon.tsx'

interface ConditionFieldProps {
  label: string
  /** Path of the condition in the request, where its faults come to. */
  name: string
  hint?: string
  value: Condition | null | undefined
  onChange: (condition: Condition) => void
  /** With it the condition may be left out. */
  onRemove?: () => void
}

/** A condition on customers: read as a sentence, and changed with its count below once it is opened. */
export function ConditionField({ label, name, hint, value, onChange, onRemove }: ConditionFieldProps) {
  const t = useText()
  const id = useId()
  const fault = use(FieldErrors)[name]
  const [wanted, setWanted] = useState(false)
  const isOpen = wanted || fault !== undefined
  const isEmpty = !value || ('all' in value && value.all.length === 0)
  const described = [hint && `${id}-hint`, fault && `${id}-error`].filter(Boolean).join(' ') || undefined
  return (
    <fieldset className="ob-condition" name={name} tabIndex={-1} aria-describedby={described}>
      <legend className="k-label">{label}</legend>
      {value && isOpen ? (
        <>
          <ConditionBuilder record="customer" value={value} onChange={onChange} />
          <LiveCount record="customer" condition={value} />
        </>
      ) : value && !isEmpty ? (
        <Sentence record="customer" condition={value} />
      ) : (
        <p className="text-t2">{t('onboarding.edit.noCondition')}</p>
      )}
      <div className="ob-buttons">
        {!isOpen && (
          <Button
            size="small"
            icon={isEmpty ? 'plus' : 'note'}
            aria-label={`${t(isEmpty ? 'onboarding.edit.addCondition' : 'onboarding.edit.changeCondition')}: ${label}`}
            onClick={() => {
              if (!value) onChange({ all: [] })
              setWanted(true)
            }}
          >
            {t(isEmpty ? 'onboarding.edit.addCondition' : 'onboarding.edit.changeCondition')}
          </Button>
        )}
        {onRemove && value && (
          <Button
            size="small"
            kind="quiet"
            icon="close"
            onClick={() => {
              setWanted(false)
              onRemove()
            }}
          >
            {t('onboarding.edit.removeCondition')}
          </Button>
        )}
      </div>
      {hint && (
        <p className="k-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {fault && (
        <p className="k-error" id={`${id}-error`}>
          <Icon name="alert" size="small" />
          <span>{fault}</span>
        </p>
      )}
    </fieldset>
  )
}
