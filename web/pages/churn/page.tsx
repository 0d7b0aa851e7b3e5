import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { churnOverview, getChurnModel, trainChurnModel } from '../../../server/signals/churn/contract/models.ts'
import { invalidate, useCommand, useRoute, useRouteWhen, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Page } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { BandTable } from './band-table.tsx'
import { isJudging, type Overview, reportOf } from './model.ts'
import { ModelReport } from './report.tsx'
import { Readiness, Training, Waiting } from './states.tsx'
import { Versions } from './versions.tsx'
import '../../features/churn/churn.css'

const stale = ['/api/v1/churn']

/** Churn prediction: how good the model is, how sure, since when, on what; and what it says of the customers of today. */
export function ChurnPage() {
  const t = useText()
  const mayManage = useMay('churn.manage')
  const { data, error, refetch } = useRoute(churnOverview)
  const train = useCommand(trainChurnModel, { stale, onDone: () => toastDone(t('churn.trainingStarted')) })
  return (
    <Screen
      title={t('churn.title')}
      actions={
        <>
          <Link to="/churn/customers" className="k-button" data-size="small">
            {t('churn.list')}
          </Link>
          {mayManage && (
            <Link to="/settings/churn" className="k-button ch-from-wide" data-size="small">
              {t('churn.settings')}
            </Link>
          )}
          {mayManage && data?.live && !data.training && (
            <span className="ch-from-wide">
              <Button
                size="small"
                icon="refresh"
                pending={train.pending}
                onClick={() => void train.run({ body: {} }).catch(() => {})}
              >
                {t('churn.retrain')}
              </Button>
            </span>
          )}
        </>
      }
    >
      <Page>
        {error && !data ? (
          <EmptyState
            title={t('churn.title')}
            text={wordsOf(error, t)}
            actions={<Button onClick={() => void refetch()}>{t('kit.table.retry')}</Button>}
          />
        ) : data ? (
          <Opened
            overview={data}
            onTrain={() => void train.run({ body: {} }).catch(() => {})}
            pending={train.pending}
          />
        ) : (
          <SkeletonRows rows={10} />
        )}
      </Page>
    </Screen>
  )
}

interface OpenedProps {
  overview: Overview
  onTrain: () => void
  pending: boolean
}

function Opened({ overview, onTrain, pending }: OpenedProps) {
  const { live, training, waiting, readiness } = overview
  const { data: model } = useRouteWhen(live !== null, getChurnModel, { params: { id: live?.id ?? '' } })
  const report = model && reportOf(model)
  const judging = isJudging(overview)
  useEffect(() => {
    if (!judging) return
    const timer = setInterval(() => void invalidate('/api/v1/churn'), 3_000)
    return () => clearInterval(timer)
  }, [judging])
  return (
    <div className="ch-stack">
      {training && <Training model={training} />}
      {!training && waiting && <Waiting model={waiting} />}
      {readiness && !waiting && <Readiness readiness={readiness} onTrain={onTrain} pending={pending} />}
      {live && model && report && <ModelReport model={model} report={report} overview={overview} />}
      {live && !report && <SkeletonRows rows={8} />}
      {!live && overview.customers > 0 && <BandTable overview={overview} />}
      <Versions />
    </div>
  )
}
