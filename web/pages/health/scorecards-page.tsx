import { Link } from '@tanstack/react-router'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { createScorecard, listScorecards, updateScorecard } from '../../../server/signals/scorecards/contract/cards.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Page } from '../../kit/layout.tsx'
import { Menu, MenuItem } from '../../kit/menu.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import './health.css'

type Cards = RouteReply<typeof listScorecards>

/** The ways in which health is judged, in the order in which they are tried. */
export function ScorecardsPage() {
  const t = useText()
  const { locale } = useLocale()
  const mayManage = useMay('health.manage')
  const { data, error } = useRoute(listScorecards)
  const create = useCommand(createScorecard, { stale: [listScorecards.path] })
  const add = (preset: Cards['presets'][number]) =>
    void create.run({ body: { nameJa: preset.nameJa, nameEn: preset.nameEn, definition: preset.definition } })
  return (
    <Screen
      title={t('health.scorecards')}
      actions={
        mayManage &&
        data && (
          <Menu
            trigger={
              <Button kind="primary" size="small" icon="plus" pending={create.pending}>
                {t('health.add')}
              </Button>
            }
          >
            {data.presets.map(preset => (
              <MenuItem key={preset.key} onSelect={() => add(preset)}>
                {locale === 'ja' ? preset.nameJa : preset.nameEn}
              </MenuItem>
            ))}
          </Menu>
        )
      }
    >
      <Page>
        {error && <EmptyState title={t('health.scorecards')} text={wordsOf(error, t)} />}
        {!data && !error && <SkeletonRows rows={4} />}
        {data?.items.length === 0 && <EmptyState title={t('health.noCards')} text={t('health.noCardsText')} />}
        <ul className="e-cards">
          {data?.items.map(card => (
            <Card key={card.id} card={card} mayManage={mayManage} />
          ))}
        </ul>
      </Page>
    </Screen>
  )
}

function Card({ card, mayManage }: { card: Cards['items'][number]; mayManage: boolean }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const update = useCommand(updateScorecard, { stale: [listScorecards.path, '/api/v1/health'] })
  const definition = card.draft ?? card.definition
  return (
    <li>
      <header>
        <Link to="/health/scorecards/$id" params={{ id: card.id }} className="k-link">
          <strong>{locale === 'ja' ? card.nameJa : card.nameEn}</strong>
        </Link>
        <Badge tone={card.state === 'enabled' ? 'green' : 'line'}>{t(`health.state.${card.state}`)}</Badge>
        {card.version > 0 && <span className="text-t3">{t('health.version', { version: card.version })}</span>}
        {card.draft && card.version > 0 && <Badge tone="accent">{t('health.hasDraft')}</Badge>}
        <span className="text-t3">{t('health.cardCustomers', { count: card.customers })}</span>
        {card.meanScore !== null && (
          <span className="text-t3">{t('health.cardMean', { mean: format.number(card.meanScore, 0) })}</span>
        )}
        {mayManage && card.state === 'enabled' && (
          <Button
            size="small"
            kind="quiet"
            onClick={() => void update.run({ params: { id: card.id }, body: { state: 'archived' } })}
          >
            {t('health.archive')}
          </Button>
        )}
        {mayManage && card.state === 'archived' && (
          <Button
            size="small"
            kind="quiet"
            onClick={() => void update.run({ params: { id: card.id }, body: { state: 'enabled' } })}
          >
            {t('health.enable')}
          </Button>
        )}
      </header>
      <p className="text-t3">
        {definition?.factors.map(factor => (locale === 'ja' ? factor.nameJa : factor.nameEn)).join(' · ')}
      </p>
    </li>
  )
}
