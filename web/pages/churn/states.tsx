import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { cancelChurnTraining } from '../../../server/signals/churn/contract/models.ts'
import { invalidate, useCommand } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { Pairs, Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import type { ModelLine, Overview } from './model.ts'

/** While a training runs, its progress is looked at this often (ms). */
const lookEvery = 1_500

/** A training under way. It goes on when the page is left. */
export function Training({ model }: { model: ModelLine }) {
  const t = useText()
  const format = useFormat()
  const mayManage = useMay('churn.manage')
  const cancel = useCommand(cancelChurnTraining, { stale: ['/api/v1/churn'] })
  useEffect(() => {
    const timer = setInterval(() => void invalidate('/api/v1/churn'), lookEvery)
    return () => clearInterval(timer)
  }, [])
  const percent = format.percent(model.progress)
  return (
    <Section
      title={t('churn.training', { version: model.version })}
      note={t(model.cancelling ? 'churn.cancelling' : 'churn.trainingNote')}
      end={
        mayManage &&
        !model.cancelling && (
          <Button
            size="small"
            pending={cancel.pending}
            onClick={() => void cancel.run({ params: { id: model.id } }).catch(() => {})}
          >
            {t('churn.cancel')}
          </Button>
        )
      }
    >
      <p role="status">
        {t(`churn.stage.${model.stage ?? 'gathering'}`)} {percent}
      </p>
      <progress className="ch-progress" max={1} value={model.progress} aria-label={t('churn.progress')} />
    </Section>
  )
}

/** A trained version that nobody has decided about. */
export function Waiting({ model }: { model: ModelLine }) {
  const t = useText()
  const format = useFormat()
  return (
    <Note tone="green">
      <p>
        {t('churn.waiting', { version: model.version, auc: model.auc === null ? '–' : format.number(model.auc, 3) })}{' '}
        <Link to="/churn/models/$id" params={{ id: model.id }} className="k-link">
          {t('churn.lookAt')}
        </Link>
      </p>
    </Note>
  )
}

interface ReadinessProps {
  readiness: NonNullable<Overview['readiness']>
  onTrain: () => void
  pending: boolean
}

/** Before the first model: whether there is enough to learn from, and what is missing. */
export function Readiness({ readiness, onTrain, pending }: ReadinessProps) {
  const t = useText()
  const mayManage = useMay('churn.manage')
  const line = (have: number, need: number) => (
    <>
      {t('churn.haveOfNeed', { have, need })}{' '}
      <Badge tone={have >= need ? 'green' : 'orange'} icon={have >= need ? 'check' : 'hold'}>
        {t(have >= need ? 'churn.enough' : 'churn.notEnough')}
      </Badge>
    </>
  )
  return (
    <Section title={t(readiness.ready ? 'churn.first' : 'churn.notYet')}>
      <p className="ch-lead">{t(readiness.ready ? 'churn.firstText' : 'churn.notYetText')}</p>
      <div className="ch-form py-4">
        <Pairs
          pairs={[
            [t('churn.needLeft'), line(readiness.left, readiness.neededLeft)],
            [t('churn.needStayed'), line(readiness.stayed, readiness.neededStayed)],
            [t('churn.needMonths'), line(readiness.monthsOfHistory, readiness.neededMonths)],
          ]}
        />
      </div>
      {readiness.ready && mayManage ? (
        <Button kind="primary" pending={pending} onClick={onTrain}>
          {t('churn.train')}
        </Button>
      ) : (
        <p className="text-t2">{t('churn.byRules')}</p>
      )}
    </Section>
  )
}
