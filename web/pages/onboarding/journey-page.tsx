import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import {
  getJourney,
  type JourneyTask,
  resumeJourney,
  tickJourneyTask,
  type WholeJourney,
} from '../../../server/engage/onboarding/contract/journeys.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { Screen } from '../../frame/screen.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Checkbox } from '../../kit/field.tsx'
import { Columns, Facts, Page, Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { ActDialog, type Asked } from './act-dialog.tsx'
import { JourneyRail } from './journey-rail.tsx'
import { JourneyBadge, JourneyProgress, Met } from './look.tsx'
import './onboarding.css'

/** What makes other answers stale after an act. */
const stale = ['/api/v1/onboarding', '/api/v1/tasks', '/api/v1/customers']

/** One customer's journey: its phases and tasks, measures, people, history, and the page that the customer shares. */
export function JourneyPage() {
  const t = useText()
  const { id } = useParams({ from: '/workspace/onboarding/$id' })
  const { data: journey, error } = useRoute(getJourney, { params: { id } })
  const [asked, setAsked] = useState<Asked>()
  const resume = useCommand(resumeJourney, { stale })
  const isOpen = journey?.status === 'running' || journey?.status === 'paused'
  return (
    <Screen
      title={journey?.customerName ?? t('onboarding.title')}
      crumbs={[{ label: t('onboarding.title'), to: '/onboarding' }]}
      actions={
        journey?.mayChange &&
        isOpen && (
          <>
            {journey.status === 'paused' ? (
              <Button
                size="small"
                pending={resume.pending}
                onClick={() => void resume.run({ params: { id }, body: {} }).catch(() => {})}
              >
                {t('onboarding.resume')}
              </Button>
            ) : (
              <Button size="small" onClick={() => setAsked('pause')}>
                {t('onboarding.pause')}
              </Button>
            )}
            <Button size="small" onClick={() => setAsked('cancel')}>
              {t('onboarding.cancel')}
            </Button>
            <Button size="small" kind="primary" onClick={() => setAsked('complete')}>
              {t('onboarding.complete')}
            </Button>
          </>
        )
      }
    >
      <Page>
        {error && !journey ? (
          <EmptyState title={t('onboarding.failed')} text={wordsOf(error, t)} />
        ) : !journey ? (
          <SkeletonRows rows={8} />
        ) : (
          <Whole journey={journey} />
        )}
      </Page>
      {asked && journey && (
        <ActDialog asked={asked} journey={journey} stale={stale} onClose={() => setAsked(undefined)} />
      )}
    </Screen>
  )
}

function Whole({ journey }: { journey: WholeJourney }) {
  const t = useText()
  const { locale } = useLocale()
  const format = useFormat()
  const { day, days } = journey
  return (
    <>
      <div className="ob-head">
        <JourneyBadge journey={journey} />
        <Link to="/customers/$id" params={{ id: journey.customerId }}>
          {journey.customerName}
        </Link>
        <span className="text-t2">{journey.templateName[locale]}</span>
        {journey.status === 'completed' &&
          (['ja', 'en'] as const).map(language => (
            <a
              key={language}
              className="k-button"
              data-size="small"
              href={`/api/v1/onboarding/journeys/${journey.id}/certificate?language=${language}`}
            >
              {t('onboarding.certificate', { language: t(`onboarding.${language}`) })}
            </a>
          ))}
      </div>
      {journey.reason && <Note>{journey.reason}</Note>}
      <div className="ob-facts">
        <Facts
          facts={[
            {
              label: t('onboarding.phase'),
              value: journey.phaseName[locale],
              small: t('onboarding.dayOf', { day, days }),
            },
            { label: t('onboarding.progress'), value: `${journey.progress}%` },
            { label: t('onboarding.starts'), value: format.day(journey.startsOn) },
            journey.endedOn
              ? { label: t('onboarding.ended'), value: format.day(journey.endedOn) }
              : { label: t('onboarding.expected'), value: format.day(journey.expectedOn) },
            {
              label: t('onboarding.value'),
              value: journey.valueOn ? format.day(journey.valueOn) : t('onboarding.notYet'),
            },
          ]}
        />
      </div>
      <JourneyProgress journey={journey} />
      <Columns
        main={journey.phaseList.map(phase => (
          <Section
            key={phase.key}
            title={phase.name[locale]}
            note={`${format.day(phase.fromOn)} – ${format.day(phase.toOn)}`}
          >
            {phase.goal[locale] && <p className="text-t2">{phase.goal[locale]}</p>}
            <ul>
              {journey.tasks
                .filter(task => task.phase === phase.key)
                .map(task => (
                  <TaskLine key={task.key} journey={journey} task={task} />
                ))}
            </ul>
            {phase.measures.length > 0 && (
              <>
                <h3 className="ob-sub">{t('onboarding.measures')}</h3>
                <ul className="ob-aside">
                  {phase.measures.map(measure => (
                    <li key={measure.key}>
                      {measure.name[locale]} <Met met={measure.met} />
                    </li>
                  ))}
                </ul>
              </>
            )}
          </Section>
        ))}
        rail={<JourneyRail journey={journey} stale={stale} />}
      />
    </>
  )
}

function TaskLine({ journey, task }: { journey: WholeJourney; task: JourneyTask }) {
  const t = useText()
  const { locale } = useLocale()
  const format = useFormat()
  const tick = useCommand(tickJourneyTask, { stale })
  const mayTick = journey.mayChange && journey.status === 'running' && task.doneHow !== 'data'
  const who =
    task.doneHow === 'person' && task.doneByName ? task.doneByName : task.doneHow && t(`onboarding.how.${task.doneHow}`)
  const about = [
    task.assigneeName
      ? t('onboarding.roleOf', { role: t(`onboarding.role.${task.role}`), name: task.assigneeName })
      : t(`onboarding.role.${task.role}`),
    !task.required && t('onboarding.edit.optional'),
    task.training && t('onboarding.training'),
    task.shared && task.role !== 'customer' && t('onboarding.sharedMark'),
    task.byData && !task.doneOn && t('onboarding.byData'),
  ]
  return (
    <li className="ob-task">
      <Checkbox
        label={task.title[locale]}
        {...(task.description[locale] && { hint: task.description[locale] })}
        checked={task.doneOn !== null}
        disabled={!mayTick || tick.pending}
        onChange={event =>
          void tick
            .run({ params: { id: journey.id, key: task.key }, body: { done: event.target.checked } })
            .catch(() => {})
        }
      />
      <p className="ob-about">{about.filter(Boolean).join(' · ')}</p>
      <div className="ob-due">
        {task.doneOn && who ? (
          t('onboarding.doneBy', { day: format.day(task.doneOn), who })
        ) : (
          <Badge tone={task.late ? 'red' : 'line'}>{t('onboarding.due', { day: format.day(task.dueOn) })}</Badge>
        )}
      </div>
    </li>
  )
}
