import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import {
  type Algorithm,
  algorithms,
  churnOverview,
  getChurnModel,
  promoteChurnModel,
  rejectChurnModel,
} from '../../../server/signals/churn/contract/models.ts'
import { useCommand, useRoute, useRouteWhen, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button, Segments } from '../../kit/button.tsx'
import { ConfirmDialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Page, PageHead } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { type Model, ownMethod, type Report, reportOf } from './model.ts'
import { ModelReport } from './report.tsx'
import { Training } from './states.tsx'
import '../../features/churn/churn.css'

const stale = ['/api/v1/churn', '/api/v1/customers']

/** One version: its report by either kind of trees, against the one that serves; where it is promoted or rejected. */
export function ChurnModelPage() {
  const t = useText()
  const { id } = useParams({ from: '/workspace/churn/models/$id' })
  const { data, error } = useRoute(getChurnModel, { params: { id } })
  const [wanted, setWanted] = useState<Algorithm>()
  const model = data?.id === id ? data : undefined
  const algorithm = wanted ?? model?.algorithm ?? 'forest'
  return (
    <Screen
      title={model ? t('churn.versionNumber', { version: model.version }) : t('churn.title')}
      crumbs={[{ to: '/churn', label: t('churn.title') }]}
      actions={model && <Decision model={model} algorithm={algorithm} />}
    >
      <Page>
        {error && !model ? (
          <EmptyState title={t('churn.title')} text={wordsOf(error, t)} />
        ) : model ? (
          <Opened model={model} algorithm={algorithm} onAlgorithm={setWanted} />
        ) : (
          <SkeletonRows rows={10} />
        )}
      </Page>
    </Screen>
  )
}

interface OpenedProps {
  model: Model
  algorithm: Algorithm
  onAlgorithm: (algorithm: Algorithm) => void
}

function Opened({ model, algorithm, onAlgorithm }: OpenedProps) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const report = model.reports[algorithm]
  return (
    <div className="ch-stack">
      {model.state === 'training' && <Training model={model} />}
      {model.fault && <Note tone="red">{model.fault[locale]}</Note>}
      <PageHead
        text={
          <>
            {t('churn.trainedOn', {
              rows: model.rows ?? 0,
              positives: model.positives ?? 0,
              days: model.days.length,
              seed: model.seed,
            })}{' '}
            {model.days.length > 1 &&
              t('churn.daysFromTo', { from: format.day(model.days[0]!), to: format.day(model.days.at(-1)!) })}
            {model.requestedBy && ` · ${model.requestedBy}`}
          </>
        }
      >
        {report && (
          <Segments
            label={t('churn.algorithm')}
            size="small"
            value={algorithm}
            onChange={onAlgorithm}
            options={algorithms.map(value => ({ value, label: t(`churn.algorithm.${value}`) }))}
          />
        )}
      </PageHead>
      {report && <AgainstLive model={model} report={report} />}
      {report && <ModelReport model={model} report={report} />}
    </div>
  )
}

/** The version that serves, beside this one. */
function AgainstLive({ model, report }: { model: Model; report: Report }) {
  const t = useText()
  const format = useFormat()
  const { data: overview } = useRoute(churnOverview)
  const live = overview?.live
  const other = useRouteWhen(Boolean(live && live.id !== model.id), getChurnModel, { params: { id: live?.id ?? '' } })
  const standing = other.data && reportOf(other.data)
  if (!live || live.id === model.id || !standing) return null
  const [own, known] = [ownMethod(report), ownMethod(standing)]
  const row = (name: string, one: number | null, two: number | null, digits: number) => (
    <tr data-row>
      <th scope="row">{name}</th>
      <td data-align="end">{one === null ? '–' : format.number(one, digits)}</td>
      <td data-align="end">{two === null ? '–' : format.number(two, digits)}</td>
      <td data-align="end">{one === null || two === null ? '–' : format.change(one - two, digits)}</td>
    </tr>
  )
  return (
    <table className="k-table" aria-label={t('churn.againstLive')}>
      <thead>
        <tr>
          <th scope="col">{t('churn.againstLive')}</th>
          <th scope="col" data-align="end">
            {t('churn.versionNumber', { version: model.version })}
          </th>
          <th scope="col" data-align="end">
            {t('churn.versionLive', { version: live.version })}
          </th>
          <th scope="col" data-align="end">
            {t('churn.difference')}
          </th>
        </tr>
      </thead>
      <tbody>
        {row('AUC', own.auc, known.auc, 3)}
        {row(t('churn.brier'), own.brier, known.brier, 4)}
        {row(t('churn.calibrationError'), own.calibrationError, known.calibrationError, 4)}
        {row('F1', own.f1, known.f1, 3)}
      </tbody>
    </table>
  )
}

function Decision({ model, algorithm }: { model: Model; algorithm: Algorithm }) {
  const t = useText()
  const mayManage = useMay('churn.manage')
  const [open, setOpen] = useState<'promote' | 'reject' | null>(null)
  const close = () => setOpen(null)
  const promote = useCommand(promoteChurnModel, {
    stale,
    onDone: ({ version }) => toastDone(t('churn.promoted', { version })),
  })
  const reject = useCommand(rejectChurnModel, {
    stale,
    onDone: ({ version }) => toastDone(t('churn.rejected', { version })),
  })
  if (!mayManage || !model.reports[algorithm]) return null
  const isBefore = model.state === 'retired'
  const serves = model.state === 'live' && model.algorithm === algorithm
  return (
    <>
      {model.state === 'ready' && (
        <Button size="small" onClick={() => setOpen('reject')}>
          {t('churn.reject')}
        </Button>
      )}
      {!serves && (
        <Button size="small" kind="primary" onClick={() => setOpen('promote')}>
          {t(isBefore ? 'churn.rollBack' : 'churn.promote')}
        </Button>
      )}
      {open === 'promote' && (
        <ConfirmDialog
          open
          onClose={close}
          title={t('churn.promoteTitle', { version: model.version })}
          text={t('churn.promoteText', { algorithm: t(`churn.algorithm.${algorithm}`) })}
          confirm={t(isBefore ? 'churn.rollBack' : 'churn.promote')}
          onConfirm={() => promote.run({ params: { id: model.id }, body: { algorithm } })}
        />
      )}
      {open === 'reject' && (
        <ConfirmDialog
          open
          onClose={close}
          title={t('churn.rejectTitle', { version: model.version })}
          text={t('churn.rejectText')}
          confirm={t('churn.reject')}
          onConfirm={() => reject.run({ params: { id: model.id } })}
        />
      )}
    </>
  )
}
