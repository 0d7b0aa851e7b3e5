import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { getScorecard, updateScorecard } from '../../../server/signals/scorecards/contract/cards.ts'
import type { ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Facts, Page } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import { toastDone } from '../../kit/toast.tsx'
import '../../features/record/record.css'
import '../../features/scorecards/scorecards.css'
import { BacktestTab } from './backtest-tab.tsx'
import { BandsTab } from './bands-tab.tsx'
import { CardActions } from './card-actions.tsx'
import { isAlike, stateTones } from './draft.ts'
import { FactorsTab } from './factors-tab.tsx'
import { PreviewTab } from './preview-tab.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import type { Scorecard } from './scorecard.ts'
import './scorecards.css'
import { type ScorecardTab, scorecardSearchOf, scorecardTabs } from './search.ts'
import { VersionsTab } from './versions-tab.tsx'

/** One scorecard: what it looks at, its bands, what a change would do, whether it tells who leaves. */
export function ScorecardPage() {
  const t = useText()
  const { locale } = useLocale()
  const { id } = useParams({ from: '/workspace/health/scorecards/$id' })
  const { data, error, isPlaceholderData } = useRoute(getScorecard, { params: { id } })
  const card = isPlaceholderData ? undefined : data
  return (
    <Screen
      title={card ? nameOf(card, locale) : t('scorecards.card.one')}
      crumbs={[
        { label: t('health.title'), to: '/health' },
        { label: t('health.scorecards'), to: '/health/scorecards' },
      ]}
      actions={card && <CardActions card={card} />}
    >
      <Page>
        {card ? (
          <Editor key={card.id} card={card} />
        ) : error ? (
          <EmptyState title={t('scorecards.card.missing')} text={wordsOf(error, t)} />
        ) : (
          <SkeletonRows rows={8} />
        )}
      </Page>
    </Screen>
  )
}

function Editor({ card }: { card: Scorecard }) {
  const t = useText()
  const mayManage = useMay('health.manage')
  const { tab = 'factors' } = scorecardSearchOf({ ...useSearch({ from: '/workspace/health/scorecards/$id' }) })
  const navigate = useNavigate({ from: '/health/scorecards/$id' })
  const stored = card.draft ?? card.definition
  const [edited, setEdited] = useState<ScorecardDefinition | null>(null)
  const [publishing, setPublishing] = useState(false)
  const update = useCommand(updateScorecard, { stale: ['/api/v1/health/scorecards'] })
  const definition = edited ?? stored
  if (!definition) return null
  const params = { id: card.id }
  const change = mayManage ? (next: ScorecardDefinition) => setEdited(next) : undefined
  const save = async () => {
    await update.run({ params, body: { draft: definition } })
    setEdited(null)
    toastDone(t('scorecards.draft.saved'))
  }
  const drop = async () => {
    await update.run({ params, body: { draft: null } })
    setEdited(null)
  }
  const isUnsaved = edited !== null && !isAlike(edited, stored)
  const differs = card.version === 0 || !isAlike(definition, card.definition)
  const content: Record<ScorecardTab, React.ReactNode> = {
    factors: <FactorsTab definition={definition} onChange={change} />,
    bands: <BandsTab definition={definition} onChange={change} />,
    preview: <PreviewTab card={card} definition={definition} />,
    backtest: <BacktestTab card={card} definition={definition} />,
    versions: <VersionsTab card={card} onTake={change} />,
  }
  return (
    <>
      <CardFacts card={card} />
      <div className="pt-5">
        <Tabs
          label={t('scorecards.card.tabs')}
          value={tab}
          onChange={next =>
            void navigate({ search: next === 'factors' ? {} : { tab: next }, replace: true, resetScroll: false })
          }
          tabs={scorecardTabs.map(value => ({ value, label: t(`scorecards.tab.${value}`), content: content[value] }))}
        />
      </div>
      {mayManage && (differs || isUnsaved) && (
        <div className="s-foot">
          <p role="status">
            {t(
              isUnsaved
                ? 'scorecards.draft.unsaved'
                : card.version === 0
                  ? 'scorecards.draft.first'
                  : 'scorecards.draft.differs',
            )}
          </p>
          {isUnsaved && (
            <Button pending={update.pending} onClick={() => void save().catch(() => {})}>
              {t('scorecards.draft.save')}
            </Button>
          )}
          {card.version > 0 && (
            <Button kind="quiet" onClick={() => void drop().catch(() => {})}>
              {t('scorecards.draft.drop')}
            </Button>
          )}
          <Button kind="primary" onClick={() => setPublishing(true)}>
            {t('scorecards.publish')}
          </Button>
        </div>
      )}
      {publishing && (
        <PublishDialog
          card={card}
          definition={definition}
          onClose={() => setPublishing(false)}
          onDone={() => {
            setEdited(null)
            setPublishing(false)
          }}
        />
      )}
    </>
  )
}

function CardFacts({ card }: { card: Scorecard }) {
  const t = useText()
  const format = useFormat()
  return (
    <Facts
      facts={[
        {
          label: t('scorecards.card.state'),
          value: <Badge tone={stateTones[card.state]}>{t(`scorecards.state.${card.state}`)}</Badge>,
        },
        {
          label: t('scorecards.card.version'),
          value: card.version === 0 ? '–' : t('scorecards.version', { version: card.version }),
        },
        {
          label: t('scorecards.card.whom'),
          value: t(card.condition ? 'scorecards.card.some' : 'scorecards.card.everybody'),
        },
        { label: t('health.customersHead'), value: card.customers === 0 ? '–' : format.number(card.customers) },
        { label: t('health.mean'), value: card.meanScore === null ? '–' : format.number(card.meanScore, 1) },
      ]}
    />
  )
}
