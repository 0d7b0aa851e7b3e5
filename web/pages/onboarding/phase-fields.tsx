import { useState } from 'react'
import type { JourneyDefinition } from '../../../server/engage/onboarding/contract/definition.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { ConfirmDialog } from '../../kit/dialog.tsx'
import { Section } from '../../kit/layout.tsx'
import { moved, newTask, withoutPhase } from './draft.ts'
import { MeasureFields } from './measure-fields.tsx'
import { TaskFields } from './task-fields.tsx'
import { NumberField, WordFields } from './word-fields.tsx'

interface PhaseFieldsProps {
  definition: JourneyDefinition
  place: number
  change: (to: (definition: JourneyDefinition) => JourneyDefinition) => void
}

/** One phase of a template with its days, tasks and measures. */
export function PhaseFields({ definition, place, change }: PhaseFieldsProps) {
  const t = useText()
  const { locale } = useLocale()
  const [isAsking, setIsAsking] = useState(false)
  const { phases, tasks, days } = definition
  const phase = phases[place]!
  const path = `definition.phases.${place}`
  const title = (locale === 'ja' ? phase.nameJa : phase.nameEn) || phase.nameJa || phase.nameEn
  const name = title || t('onboarding.edit.newPhase')
  const own = tasks.filter(task => task.phase === phase.key)
  const set = (fields: Partial<typeof phase>) =>
    change(now => ({ ...now, phases: now.phases.with(place, { ...phase, ...fields }) }))
  const remove = () => change(now => withoutPhase(now, phase.key))
  const move = (by: -1 | 1) => {
    change(now => ({ ...now, phases: moved(now.phases, place, by) }))
    requestAnimationFrame(() => document.getElementById(`${phase.key}${by}`)?.focus())
  }
  return (
    <Section
      title={t('onboarding.edit.phaseOf', { place: place + 1, name })}
      end={
        <>
          <IconButton
            id={`${phase.key}-1`}
            icon="chevron-up"
            label={t('onboarding.edit.up', { title: name })}
            aria-disabled={place === 0}
            onClick={() => move(-1)}
          />
          <IconButton
            id={`${phase.key}1`}
            icon="chevron-down"
            label={t('onboarding.edit.down', { title: name })}
            aria-disabled={place === phases.length - 1}
            onClick={() => move(1)}
          />
          {phases.length > 1 && (
            <IconButton
              icon="trash"
              label={t('onboarding.removeTask', { title: name })}
              onClick={() => (own.length > 0 ? setIsAsking(true) : remove())}
            />
          )}
        </>
      }
    >
      <div className="ob-fields">
        <WordFields
          base="name"
          label={t('onboarding.edit.phaseName')}
          path={`${path}.`}
          value={phase}
          most={120}
          onChange={set}
        />
        <WordFields
          base="goal"
          label={t('onboarding.edit.goal')}
          path={`${path}.`}
          value={phase}
          most={2_000}
          long
          onChange={set}
        />
        <div className="ob-numbers">
          <NumberField
            label={t('onboarding.from')}
            name={`${path}.fromDay`}
            value={phase.fromDay}
            minimum={1}
            maximum={days || 730}
            onChange={fromDay => set({ fromDay })}
          />
          <NumberField
            label={t('onboarding.to')}
            name={`${path}.toDay`}
            value={phase.toDay}
            minimum={phase.fromDay || 1}
            maximum={days || 730}
            onChange={toDay => set({ toDay })}
          />
          <NumberField
            label={t('onboarding.share')}
            name={`${path}.share`}
            hint={t('onboarding.edit.shareHint')}
            value={phase.share}
            minimum={0}
            maximum={100}
            onChange={share => set({ share })}
          />
        </div>
      </div>
      <h3 className="ob-sub">{t('onboarding.edit.tasksOf', { count: own.length })}</h3>
      {own.length > 0 && (
        <ul className="ob-folds">
          {own.map((task, at) => (
            <TaskFields
              key={task.key}
              task={task}
              index={tasks.indexOf(task)}
              place={at}
              count={own.length}
              days={days}
              phases={phases}
              change={change}
            />
          ))}
        </ul>
      )}
      {tasks.length < 150 && (
        <Button
          size="small"
          icon="plus"
          onClick={() => change(now => ({ ...now, tasks: [...now.tasks, newTask(phase)] }))}
        >
          {t('onboarding.addTask')}
        </Button>
      )}
      <h3 className="ob-sub">{t('onboarding.edit.phaseMeasures')}</h3>
      <MeasureFields measures={phase.measures} path={`${path}.measures`} onChange={measures => set({ measures })} />
      {isAsking && (
        <ConfirmDialog
          open
          destroys
          onClose={() => setIsAsking(false)}
          title={t('onboarding.edit.removePhase', { name })}
          text={t('onboarding.edit.removePhaseText', { count: own.length })}
          confirm={t('onboarding.edit.remove')}
          onConfirm={async () => remove()}
        />
      )}
    </Section>
  )
}
