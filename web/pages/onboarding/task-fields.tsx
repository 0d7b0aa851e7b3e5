import { memo } from 'react'
import { type JourneyDefinition, journeyRoles } from '../../../server/engage/onboarding/contract/definition.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Checkbox, Field, Select } from '../../kit/field.tsx'
import { ConditionField } from './condition-field.tsx'
import { type Task, withoutTask, withTaskMoved } from './draft.ts'
import { Fold } from './fold.tsx'
import { NumberField, WordFields } from './word-fields.tsx'

interface TaskFieldsProps {
  task: Task
  /** Its place among all tasks, and among those of its phase. */
  index: number
  place: number
  count: number
  days: number
  phases: JourneyDefinition['phases']
  change: (to: (definition: JourneyDefinition) => JourneyDefinition) => void
}

/** One task of a template: what is to be done, by whom, until when, and what fulfils it. */
export const TaskFields = memo(function TaskFields({
  task,
  index,
  place,
  count,
  days,
  phases,
  change,
}: TaskFieldsProps) {
  const t = useText()
  const { locale } = useLocale()
  const path = `definition.tasks.${index}`
  const title = (locale === 'ja' ? task.titleJa : task.titleEn) || task.titleJa || task.titleEn
  const set = (fields: Partial<Task>) =>
    change(definition => ({ ...definition, tasks: definition.tasks.with(index, { ...task, ...fields }) }))
  return (
    <Fold
      title={title || t('onboarding.edit.newTask')}
      path={path}
      startsOpen={title === ''}
      place={place}
      count={count}
      onMove={by => change(definition => withTaskMoved(definition, task.key, by))}
      onRemove={() => change(definition => withoutTask(definition, task.key))}
      marks={
        <>
          {t('onboarding.day', { day: task.dueDay || '–' })} · {t(`onboarding.role.${task.role}`)}
          {!task.required && <Badge tone="line">{t('onboarding.edit.optional')}</Badge>}
          {task.condition && <Badge tone="line">{t('onboarding.byData')}</Badge>}
        </>
      }
    >
      <WordFields
        base="title"
        label={t('onboarding.edit.taskTitle')}
        path={`${path}.`}
        value={task}
        most={200}
        onChange={set}
      />
      <WordFields
        base="description"
        label={t('onboarding.edit.description')}
        path={`${path}.`}
        value={task}
        most={2_000}
        long
        onChange={set}
      />
      <Field label={t('onboarding.role')} name={`${path}.role`} required>
        <Select
          value={task.role}
          onChange={event => set({ role: journeyRoles.find(role => role === event.target.value) ?? task.role })}
          options={journeyRoles.map(value => ({ value, label: t(`onboarding.role.${value}`) }))}
        />
      </Field>
      <NumberField
        label={t('onboarding.dueDay')}
        name={`${path}.dueDay`}
        value={task.dueDay}
        minimum={1}
        maximum={days || 730}
        onChange={dueDay => set({ dueDay })}
      />
      <Field label={t('onboarding.phase')} name={`${path}.phase`} required>
        <Select
          value={task.phase}
          onChange={event => set({ phase: event.target.value })}
          options={phases.map(({ key, nameJa, nameEn }) => ({
            value: key,
            label: (locale === 'ja' ? nameJa : nameEn) || nameJa || nameEn || t('onboarding.edit.newPhase'),
          }))}
        />
      </Field>
      <div className="ob-checks">
        <Checkbox
          label={t('onboarding.required')}
          hint={t('onboarding.edit.requiredHint')}
          checked={task.required}
          onChange={event => set({ required: event.target.checked })}
        />
        <Checkbox
          label={t('onboarding.sharedMark')}
          hint={t(task.role === 'customer' ? 'onboarding.edit.sharedOwn' : 'onboarding.edit.sharedHint')}
          checked={task.shared || task.role === 'customer'}
          disabled={task.role === 'customer'}
          onChange={event => set({ shared: event.target.checked })}
        />
        <Checkbox
          label={t('onboarding.training')}
          hint={t('onboarding.edit.trainingHint')}
          checked={task.training}
          onChange={event => set({ training: event.target.checked })}
        />
      </div>
      <ConditionField
        label={t('onboarding.edit.taskCondition')}
        name={`${path}.condition`}
        hint={t('onboarding.edit.taskConditionHint')}
        value={task.condition}
        onChange={condition => set({ condition })}
        onRemove={() => set({ condition: null })}
      />
    </Fold>
  )
})
