import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { type JourneyDefinition, journeyRoles } from '../../../server/engage/onboarding/contract/definition.ts'
import {
  getOnboardingTemplate,
  updateOnboardingTemplate,
} from '../../../server/engage/onboarding/contract/templates.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Checkbox, Field, Select, TextInput } from '../../kit/field.tsx'
import { Page, Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import './onboarding.css'

/** A template: its phases, tasks and early warnings; whoever may manage templates edits them here. */
export function OnboardingTemplatePage() {
  const t = useText()
  const { locale } = useLocale()
  const { id } = useParams({ from: '/workspace/onboarding/templates/$id' })
  const { data, error } = useRoute(getOnboardingTemplate, { params: { id } })
  const mayManage = useMay('onboarding.manage')
  const [edited, setEdited] = useState<JourneyDefinition>()
  const update = useCommand(updateOnboardingTemplate, {
    stale: ['/api/v1/onboarding'],
    onDone: () => {
      setEdited(undefined)
      toastDone(t('onboarding.saved'))
    },
  })
  const run = (body: Parameters<typeof update.run>[0]['body']) =>
    void update.run({ params: { id }, body }).catch(() => {})
  const definition = edited ?? data?.definition
  return (
    <Screen
      title={data ? (locale === 'ja' ? data.nameJa : data.nameEn) : t('onboarding.template')}
      crumbs={[{ label: t('onboarding.title'), to: '/onboarding' }]}
      actions={
        data &&
        mayManage && (
          <>
            <Button size="small" onClick={() => run({ state: data.state === 'enabled' ? 'archived' : 'enabled' })}>
              {t(data.state === 'enabled' ? 'onboarding.archive' : 'onboarding.restore')}
            </Button>
            {edited ? (
              <Button size="small" kind="primary" pending={update.pending} onClick={() => run({ definition: edited })}>
                {t('onboarding.save')}
              </Button>
            ) : (
              <Button size="small" kind="primary" onClick={() => setEdited(data.definition)}>
                {t('onboarding.edit')}
              </Button>
            )}
          </>
        )
      }
    >
      <Page>
        {error && !data ? (
          <EmptyState title={t('onboarding.failed')} text={wordsOf(error, t)} />
        ) : !definition ? (
          <SkeletonRows rows={8} />
        ) : (
          <>
            {edited && <Note>{t('onboarding.editText')}</Note>}
            {definition.phases.map((phase, place) => (
              <Section
                key={phase.key}
                title={locale === 'ja' ? phase.nameJa : phase.nameEn}
                note={`${t('onboarding.day', { day: phase.fromDay })} – ${t('onboarding.day', { day: phase.toDay })}`}
              >
                {edited && <PhaseFields definition={edited} place={place} onChange={setEdited} />}
                <ul>
                  {definition.tasks.map((task, index) =>
                    task.phase !== phase.key ? null : edited ? (
                      <TaskFields key={task.key} definition={edited} place={index} onChange={setEdited} />
                    ) : (
                      <TaskWords key={task.key} task={task} />
                    ),
                  )}
                </ul>
                {edited && (
                  <Button size="small" icon="plus" onClick={() => setEdited(withTask(edited, phase.key, phase.toDay))}>
                    {t('onboarding.addTask')}
                  </Button>
                )}
              </Section>
            ))}
            <Section title={t('onboarding.warnings')}>
              <ul>
                {definition.warnings.map(warning => (
                  <li key={warning.key} className="ob-task">
                    <span>{locale === 'ja' ? warning.nameJa : warning.nameEn}</span>
                    <Badge tone="line">{t('onboarding.day', { day: warning.day })}</Badge>
                    <span className="text-t2">
                      {t(`onboarding.role.${warning.role}`)} · {t(`onboarding.urgency.${warning.urgency}`)}
                    </span>
                  </li>
                ))}
              </ul>
            </Section>
          </>
        )}
      </Page>
    </Screen>
  )
}

type Task = JourneyDefinition['tasks'][number]

function withTask(definition: JourneyDefinition, phase: string, dueDay: number): JourneyDefinition {
  const key = `task-${crypto.randomUUID().slice(0, 8)}`
  const task: Task = {
    key,
    phase,
    titleJa: '',
    titleEn: '',
    descriptionJa: '',
    descriptionEn: '',
    role: 'owner',
    dueDay,
    required: true,
    shared: false,
    training: false,
    condition: null,
  }
  return { ...definition, tasks: [...definition.tasks, task] }
}

function TaskWords({ task }: { task: Task }) {
  const t = useText()
  const { locale } = useLocale()
  return (
    <li className="ob-task">
      <span>{locale === 'ja' ? task.titleJa : task.titleEn}</span>
      <Badge tone="line">{t('onboarding.day', { day: task.dueDay })}</Badge>
      <span className="text-t2">{t(`onboarding.role.${task.role}`)}</span>
      {task.required && <Badge tone="line">{t('onboarding.required')}</Badge>}
      {task.training && <Badge tone="line">{t('onboarding.training')}</Badge>}
      {task.shared && <Badge tone="line">{t('onboarding.sharedMark')}</Badge>}
      {task.condition && <Badge tone="line">{t('onboarding.byData')}</Badge>}
    </li>
  )
}

interface FieldsProps {
  definition: JourneyDefinition
  place: number
  onChange: (definition: JourneyDefinition) => void
}

function PhaseFields({ definition, place, onChange }: FieldsProps) {
  const t = useText()
  const phase = definition.phases[place]!
  const change = (fields: Partial<typeof phase>) =>
    onChange({ ...definition, phases: definition.phases.with(place, { ...phase, ...fields }) })
  return (
    <div className="ob-edit">
      <Field label={t('onboarding.nameJa')}>
        <TextInput value={phase.nameJa} maxLength={120} onChange={event => change({ nameJa: event.target.value })} />
      </Field>
      <Field label={t('onboarding.nameEn')}>
        <TextInput value={phase.nameEn} maxLength={120} onChange={event => change({ nameEn: event.target.value })} />
      </Field>
      {(['fromDay', 'toDay', 'share'] as const).map(field => (
        <Field
          key={field}
          label={t(({ fromDay: 'onboarding.from', toDay: 'onboarding.to', share: 'onboarding.share' } as const)[field])}
        >
          <TextInput
            type="number"
            value={phase[field]}
            onChange={event => change({ [field]: Number(event.target.value) })}
          />
        </Field>
      ))}
    </div>
  )
}

function TaskFields({ definition, place, onChange }: FieldsProps) {
  const t = useText()
  const { locale } = useLocale()
  const task = definition.tasks[place]!
  const change = (fields: Partial<Task>) =>
    onChange({ ...definition, tasks: definition.tasks.with(place, { ...task, ...fields }) })
  const title = locale === 'ja' ? task.titleJa : task.titleEn
  return (
    <li className="ob-edit">
      <Field label={t('onboarding.titleJa')}>
        <TextInput value={task.titleJa} maxLength={200} onChange={event => change({ titleJa: event.target.value })} />
      </Field>
      <Field label={t('onboarding.titleEn')}>
        <TextInput value={task.titleEn} maxLength={200} onChange={event => change({ titleEn: event.target.value })} />
      </Field>
      <Field label={t('onboarding.role')}>
        <Select
          value={task.role}
          onChange={event => change({ role: journeyRoles.find(role => role === event.target.value)! })}
          options={journeyRoles.map(value => ({ value, label: t(`onboarding.role.${value}`) }))}
        />
      </Field>
      <Field label={t('onboarding.dueDay')}>
        <TextInput
          type="number"
          value={task.dueDay}
          onChange={event => change({ dueDay: Number(event.target.value) })}
        />
      </Field>
      <Checkbox
        label={t('onboarding.required')}
        checked={task.required}
        onChange={event => change({ required: event.target.checked })}
      />
      <Checkbox
        label={t('onboarding.sharedMark')}
        checked={task.shared}
        onChange={event => change({ shared: event.target.checked })}
      />
      <IconButton
        icon="close"
        label={t('onboarding.removeTask', { title })}
        onClick={() => onChange({ ...definition, tasks: definition.tasks.filter(each => each !== task) })}
      />
    </li>
  )
}
