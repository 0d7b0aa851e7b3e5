import type { Journey } from '../../../server/engage/onboarding/contract/journeys.ts'
import { useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'

const tones = { on_track: 'green', behind: 'yellow', stuck: 'red' } as const

/** How a journey stands: its state while it runs, else that it is paused or over. */
export function JourneyBadge({ journey }: { journey: Pick<Journey, 'status' | 'state'> }) {
  const t = useText()
  if (journey.status !== 'running') return <Badge tone="line">{t(`onboarding.status.${journey.status}`)}</Badge>
  return <Badge tone={tones[journey.state]}>{t(`onboarding.state.${journey.state}`)}</Badge>
}

/** How far a journey is, as a bar with its words. */
export function JourneyProgress({ journey }: { journey: Pick<Journey, 'progress' | 'tasksDone' | 'tasksAll'> }) {
  const t = useText()
  const { progress: percent, tasksDone: done, tasksAll: all } = journey
  return (
    <div className="ob-progress">
      <progress value={percent} max={100} aria-label={t('onboarding.progress')} />
      <small className="text-t2">{t('onboarding.progressOf', { done, all, percent })}</small>
    </div>
  )
}

/** Whether a measure of success is met. */
export function Met({ met }: { met: boolean | null }) {
  const t = useText()
  if (met === null) return <Badge tone="line">{t('onboarding.notJudged')}</Badge>
  return met ? <Badge tone="green">{t('onboarding.met')}</Badge> : <Badge>{t('onboarding.notMet')}</Badge>
}
