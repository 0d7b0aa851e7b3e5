import { type JourneyDefinition, namedRoles } from '../../../server/engage/onboarding/contract/definition.ts'
import type { WholeTemplate } from '../../../server/engage/onboarding/contract/templates.ts'
import { listSegments } from '../../../server/signals/segments/contract.ts'
import { useRoute } from '../../api/hooks.ts'
import { useAllMembers } from '../../features/identity/all-members.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Columns, Facts, Pairs, Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { ConditionWords } from './condition-words.tsx'
import type { Measure, Task, Warning } from './draft.ts'

/** A template to read: phases with tasks, measures, warnings, who starts by itself, who does what. */
export function TemplateView({ template }: { template: WholeTemplate }) {
  const t = useText()
  const { locale } = useLocale()
  const { definition } = template
  return (
    <>
      {template.fault && <Note tone="red">{template.fault}</Note>}
      <div className="ob-facts">
        <Facts
          facts={[
            { label: t('onboarding.templates.days'), value: definition.days },
            { label: t('onboarding.tasks'), value: definition.tasks.length },
            { label: t('onboarding.templates.running'), value: template.running },
            { label: t('onboarding.templates.done'), value: template.completed },
            { label: t('onboarding.templates.version'), value: template.version },
          ]}
        />
      </div>
      <Columns
        main={
          <>
            {definition.phases.map(phase => (
              <Section
                key={phase.key}
                title={nameOf(phase, locale)}
                note={`${t('onboarding.day', { day: phase.fromDay })} – ${t('onboarding.day', { day: phase.toDay })}`}
              >
                <p className="text-t2">{locale === 'ja' ? phase.goalJa : phase.goalEn}</p>
                <ul>
                  {definition.tasks
                    .filter(task => task.phase === phase.key)
                    .map(task => (
                      <TaskWords key={task.key} task={task} />
                    ))}
                </ul>
                {phase.measures.length > 0 && <h3 className="ob-sub">{t('onboarding.measures')}</h3>}
                <Measures measures={phase.measures} />
              </Section>
            ))}
            <Section title={t('onboarding.warnings')}>
              <ul>
                {definition.warnings.map(warning => (
                  <WarningWords key={warning.key} warning={warning} definition={definition} />
                ))}
              </ul>
            </Section>
          </>
        }
        rail={<TemplateRail template={template} />}
      />
    </>
  )
}

function TemplateRail({ template }: { template: WholeTemplate }) {
  const t = useText()
  const { locale } = useLocale()
  const { starts, people, definition } = template
  const members = useAllMembers() ?? []
  const segments = useRoute(listSegments, { query: { record: 'customer' } }).data?.items ?? []
  const chosen = segments.filter(({ id }) => starts?.segments?.value.includes(id))
  return (
    <>
      <Section title={t('onboarding.edit.starts')}>
        <p>{starts ? t(`onboarding.on.${starts.on}`) : t('onboarding.templates.byHand')}</p>
        {chosen.length > 0 && <p className="text-t2">{chosen.map(each => nameOf(each, locale)).join(' / ')}</p>}
        {starts?.condition && <ConditionWords condition={starts.condition} />}
      </Section>
      <Section title={t('onboarding.people')}>
        <Pairs
          pairs={namedRoles.map(role => [
            t(`onboarding.role.${role}`),
            members.find(({ id }) => id === people[role])?.name ?? t('onboarding.edit.byLoadShort'),
          ])}
        />
      </Section>
      <Section title={t('onboarding.edit.completion')}>
        <Pairs
          pairs={[
            [t('onboarding.completeShare'), `${definition.completeShare}%`],
            [
              t('onboarding.edit.completesItself'),
              t(definition.completesItself ? 'onboarding.edit.yes' : 'onboarding.edit.no'),
            ],
            [t('onboarding.stuckDays'), definition.stuckDays],
          ]}
        />
        {definition.value && (
          <>
            <p className="k-label ob-label">{t('onboarding.edit.value')}</p>
            <ConditionWords condition={definition.value} />
          </>
        )}
      </Section>
      {definition.measures.length > 0 && (
        <Section title={t('onboarding.measures')}>
          <Measures measures={definition.measures} />
        </Section>
      )}
    </>
  )
}

function Measures({ measures }: { measures: readonly Measure[] }) {
  const { locale } = useLocale()
  const t = useText()
  if (measures.length === 0) return null
  return (
    <ul className="ob-measures" aria-label={t('onboarding.measures')}>
      {measures.map(measure => (
        <li key={measure.key}>
          {nameOf(measure, locale)}
          <ConditionWords condition={measure.condition} />
        </li>
      ))}
    </ul>
  )
}

function TaskWords({ task }: { task: Task }) {
  const t = useText()
  const { locale } = useLocale()
  return (
    <li className="ob-line">
      <div>
        {locale === 'ja' ? task.titleJa : task.titleEn}
        {task.condition && <ConditionWords label={t('onboarding.edit.doneWhen')} condition={task.condition} />}
      </div>
      <div className="ob-line-end">
        <span>{t('onboarding.day', { day: task.dueDay })}</span>
        <span className="text-t2">
          {[
            t(`onboarding.role.${task.role}`),
            !task.required && t('onboarding.edit.optional'),
            task.training && t('onboarding.training'),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </div>
    </li>
  )
}

function WarningWords({ warning, definition }: { warning: Warning; definition: JourneyDefinition }) {
  const t = useText()
  const { locale } = useLocale()
  const condition = warning.when ?? warning.unless
  const tasks = definition.tasks.filter(({ key }) => warning.tasks?.includes(key))
  return (
    <li className="ob-line">
      <div>
        {nameOf(warning, locale)}
        {condition ? (
          <ConditionWords
            label={t(warning.when ? 'onboarding.edit.reason.when' : 'onboarding.edit.reason.unless')}
            condition={condition}
          />
        ) : (
          <p className="ob-words">
            {t('onboarding.edit.labelled', {
              label: t('onboarding.edit.reason.tasks'),
              words: tasks.map(({ titleJa, titleEn }) => (locale === 'ja' ? titleJa : titleEn)).join(' / '),
            })}
          </p>
        )}
        <p className="text-t2">{locale === 'ja' ? warning.adviceJa : warning.adviceEn}</p>
      </div>
      <div className="ob-line-end">
        <span>{t('onboarding.day', { day: warning.day })}</span>
        <span className="text-t2">{t(`onboarding.role.${warning.role}`)}</span>
        <Badge tone={warning.urgency === 'urgent' ? 'red' : warning.urgency === 'high' ? 'orange' : 'line'}>
          {t(`onboarding.urgency.${warning.urgency}`)}
        </Badge>
      </div>
    </li>
  )
}
