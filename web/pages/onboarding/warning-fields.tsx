import { use } from 'react'
import { type JourneyDefinition, journeyRoles } from '../../../server/engage/onboarding/contract/definition.ts'
import { priorities } from '../../../server/engage/tasks/contract/shapes.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Checkbox, Field, Select } from '../../kit/field.tsx'
import { FieldErrors } from '../../kit/field-errors.ts'
import { Icon } from '../../kit/icon.tsx'
import { ConditionField } from './condition-field.tsx'
import { moved, newWarning, type Warning } from './draft.ts'
import { Fold } from './fold.tsx'
import { NumberField, WordFields } from './word-fields.tsx'

interface WarningsProps {
  definition: JourneyDefinition
  onChange: (warnings: Warning[]) => void
}

/** Early warnings: on which day, of what, and who then has a task. */
export function WarningList({ definition, onChange }: WarningsProps) {
  const t = useText()
  const { locale } = useLocale()
  const { warnings, days } = definition
  return (
    <>
      {warnings.length > 0 && (
        <ul className="ob-folds">
          {warnings.map((warning, place) => {
            const name = (locale === 'ja' ? warning.nameJa : warning.nameEn) || warning.nameJa || warning.nameEn
            return (
              <Fold
                key={warning.key}
                title={name || t('onboarding.edit.newWarning')}
                path={`definition.warnings.${place}`}
                startsOpen={name === ''}
                place={place}
                count={warnings.length}
                onMove={by => onChange(moved(warnings, place, by))}
                onRemove={() => onChange(warnings.filter(each => each !== warning))}
                marks={`${t('onboarding.day', { day: warning.day || '–' })} · ${t(`onboarding.role.${warning.role}`)}`}
              >
                <WarningFields
                  definition={definition}
                  warning={warning}
                  path={`definition.warnings.${place}`}
                  onChange={next => onChange(warnings.with(place, next))}
                />
              </Fold>
            )
          })}
        </ul>
      )}
      {warnings.length < 50 && (
        <Button size="small" icon="plus" onClick={() => onChange([...warnings, newWarning(Math.min(7, days || 7))])}>
          {t('onboarding.edit.addWarning')}
        </Button>
      )}
    </>
  )
}

const reasons = ['unless', 'tasks', 'when'] as const

interface WarningFieldsProps {
  definition: JourneyDefinition
  warning: Warning
  path: string
  onChange: (warning: Warning) => void
}

function WarningFields({ definition, warning, path, onChange }: WarningFieldsProps) {
  const t = useText()
  const set = (fields: Partial<Warning>) => onChange({ ...warning, ...fields })
  const reason = warning.tasks ? 'tasks' : warning.when ? 'when' : 'unless'
  const choose = (next: (typeof reasons)[number]) => {
    const { when, unless, tasks: _, ...rest } = warning
    // What was written as a condition is kept when only its sense turns round.
    const condition = when ?? unless ?? { all: [] }
    onChange({ ...rest, ...(next === 'tasks' ? { tasks: [] } : { [next]: condition }) })
  }
  return (
    <>
      <WordFields
        base="name"
        label={t('onboarding.edit.warningName')}
        path={`${path}.`}
        value={warning}
        most={120}
        onChange={set}
      />
      <NumberField
        label={t('onboarding.edit.warningDay')}
        name={`${path}.day`}
        value={warning.day}
        minimum={1}
        maximum={730}
        onChange={day => set({ day })}
      />
      <Field label={t('onboarding.edit.reason')} name={path} required>
        <Select
          value={reason}
          onChange={event => choose(reasons.find(each => each === event.target.value) ?? reason)}
          options={reasons.map(value => ({ value, label: t(`onboarding.edit.reason.${value}`) }))}
        />
      </Field>
      {warning.tasks ? (
        <TaskChoice
          definition={definition}
          chosen={warning.tasks}
          name={`${path}.tasks`}
          onChange={tasks => set({ tasks })}
        />
      ) : (
        <ConditionField
          label={t(`onboarding.edit.reason.${reason}`)}
          name={`${path}.${reason}`}
          value={warning.when ?? warning.unless}
          onChange={condition => set({ [reason]: condition })}
        />
      )}
      <Field label={t('onboarding.edit.warningRole')} name={`${path}.role`} required>
        <Select
          value={warning.role}
          onChange={event => {
            const role = journeyRoles.find(each => each === event.target.value)
            if (role && role !== 'customer') set({ role })
          }}
          options={journeyRoles.flatMap(value =>
            value === 'customer' ? [] : [{ value, label: t(`onboarding.role.${value}`) }],
          )}
        />
      </Field>
      <Field label={t('onboarding.edit.urgency')} name={`${path}.urgency`} required>
        <Select
          value={warning.urgency}
          onChange={event => set({ urgency: priorities.find(each => each === event.target.value) ?? warning.urgency })}
          options={priorities.map(value => ({ value, label: t(`onboarding.urgency.${value}`) }))}
        />
      </Field>
      <WordFields
        base="advice"
        label={t('onboarding.edit.advice')}
        path={`${path}.`}
        value={warning}
        most={2_000}
        long
        onChange={set}
      />
    </>
  )
}

interface TaskChoiceProps {
  definition: JourneyDefinition
  chosen: readonly string[]
  name: string
  onChange: (tasks: string[]) => void
}

function TaskChoice({ definition, chosen, name, onChange }: TaskChoiceProps) {
  const t = useText()
  const { locale } = useLocale()
  const fault = use(FieldErrors)[name]
  return (
    <fieldset className="ob-condition" name={name} tabIndex={-1}>
      <legend className="k-label">{t('onboarding.edit.warningTasks')}</legend>
      <div className="ob-choices">
        {definition.tasks.map(({ key, titleJa, titleEn }) => (
          <Checkbox
            key={key}
            label={(locale === 'ja' ? titleJa : titleEn) || titleJa || titleEn || t('onboarding.edit.newTask')}
            checked={chosen.includes(key)}
            onChange={event => onChange(event.target.checked ? [...chosen, key] : chosen.filter(each => each !== key))}
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
