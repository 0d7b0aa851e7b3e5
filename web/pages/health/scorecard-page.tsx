import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import {
  getScorecard,
  listScorecards,
  listScorecardVersions,
  publishScorecard,
  updateScorecard,
} from '../../../server/signals/scorecards/contract/cards.ts'
import type { ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Page, PageHead } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { BackTest } from './back-test.tsx'
import { BlastRadius } from './blast-radius.tsx'
import '../../features/conditions/conditions.css'
import './health.css'
import { ScorecardEditor } from './scorecard-editor.tsx'

type Card = RouteReply<typeof getScorecard>

/** One scorecard: what it looks at, what a change would do, how well it tells who leaves, its versions. */
export function ScorecardPage() {
  const t = useText()
  const { locale } = useLocale()
  const { id } = useParams({ from: '/workspace/health/scorecards/$id' })
  const { data, error } = useRoute(getScorecard, { params: { id } })
  return (
    <Screen title={data ? (locale === 'ja' ? data.nameJa : data.nameEn) : t('health.scorecards')}>
      <Page>
        {error && <EmptyState title={t('health.scorecards')} text={wordsOf(error, t)} />}
        {!data && !error && <SkeletonRows rows={8} />}
        {data && <Content key={`${data.id} ${data.version}`} card={data} />}
      </Page>
    </Screen>
  )
}

function Content({ card }: { card: Card }) {
  const t = useText()
  const mayManage = useMay('health.manage')
  const [tab, setTab] = useState<'factors' | 'preview' | 'backtest' | 'versions'>('factors')
  const [definition, setDefinition] = useState<ScorecardDefinition>((card.draft ?? card.definition)!)
  const stale = [listScorecards.path, '/api/v1/health', '/api/v1/customers']
  const save = useCommand(updateScorecard, { stale, onDone: () => toastDone(t('health.draftSaved')) })
  const publish = useCommand(publishScorecard, { stale, onDone: () => toastDone(t('health.published')) })
  const params = { id: card.id }
  const isChanged = JSON.stringify(definition) !== JSON.stringify(card.draft ?? card.definition)
  return (
    <>
      <PageHead
        text={t(card.version === 0 ? 'health.unpublished' : card.draft ? 'health.draftText' : 'health.publishedText', {
          version: card.version,
        })}
      >
        {mayManage && (
          <span className="q-parts">
            <Button
              disabled={!isChanged}
              pending={save.pending}
              onClick={() => void save.run({ params, body: { draft: definition } })}
            >
              {t('health.saveDraft')}
            </Button>
            <Button
              kind="primary"
              disabled={isChanged || !card.draft}
              pending={publish.pending}
              onClick={() => (tab === 'preview' ? void publish.run({ params, body: {} }) : setTab('preview'))}
            >
              {t(tab === 'preview' ? 'health.publish' : 'health.review')}
            </Button>
          </span>
        )}
      </PageHead>
      <Tabs
        label={t('health.scorecards')}
        value={tab}
        onChange={setTab}
        tabs={[
          {
            value: 'factors',
            label: t('health.tab.factors'),
            content: <ScorecardEditor definition={definition} onChange={mayManage ? setDefinition : undefined} />,
          },
          {
            value: 'preview',
            label: t('health.tab.preview'),
            content: <BlastRadius id={card.id} definition={definition} />,
          },
          {
            value: 'backtest',
            label: t('health.tab.backtest'),
            content: <BackTest id={card.id} definition={definition} />,
          },
          {
            value: 'versions',
            label: t('health.tab.versions'),
            content: <Versions card={card} onRestore={mayManage ? setDefinition : undefined} />,
          },
        ]}
      />
    </>
  )
}

function Versions({
  card,
  onRestore,
}: {
  card: Card
  onRestore: ((definition: ScorecardDefinition) => void) | undefined
}) {
  const t = useText()
  const format = useFormat()
  const { data } = useRoute(listScorecardVersions, { params: { id: card.id } })
  if (!data) return <SkeletonRows rows={3} />
  if (data.items.length === 0) return <p className="text-t3">{t('health.unpublished', { version: 0 })}</p>
  return (
    <ul className="e-cards">
      {data.items.map(({ version, note, publishedAt, publishedByName, definition }) => (
        <li key={version}>
          <header>
            <strong>{t('health.version', { version })}</strong>
            <span className="text-t3">
              {format.dateTime(publishedAt)} {publishedByName}
            </span>
            {note && <span>{note}</span>}
            {onRestore && version !== card.version && (
              <Button size="small" kind="quiet" onClick={() => onRestore(definition)}>
                {t('health.restore')}
              </Button>
            )}
          </header>
        </li>
      ))}
    </ul>
  )
}
