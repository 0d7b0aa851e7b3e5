import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type Lead, listLeads } from '../../../server/signals/lifecycle/contract/leads.ts'
import { useRoutePages, wordsOf } from '../../api/hooks.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { Select } from '../../kit/field.tsx'
import { useOverflow } from '../../kit/overflow.ts'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { useMover } from './move-line.tsx'
import { MoveMenu, useMayMove } from './move-menu.tsx'
import type { Stage } from './stages.ts'

/** Leads beside each other by stage; on a phone one stage at a time. */
export function Board({ stages, unstaged }: { stages: readonly Stage[]; unstaged: number }) {
  const t = useText()
  const { locale } = useLocale()
  const { stage: chosen } = useSearch({ from: '/workspace/lifecycle' })
  const navigate = useNavigate({ from: '/lifecycle' })
  const scroll = useOverflow()
  const first = stages.find(({ id }) => id === chosen) ?? stages[0]
  return (
    <>
      <div className="y-choice">
        <Select
          aria-label={t('lifecycle.stage')}
          value={first?.id ?? ''}
          options={stages.map(stage => ({ value: stage.id, label: `${nameOf(stage, locale)} (${stage.leads})` }))}
          onChange={event => {
            const stage = event.currentTarget.value
            void navigate({ search: before => ({ ...before, stage }), resetScroll: false })
          }}
        />
      </div>
      <section
        className="y-board"
        ref={scroll.ref}
        aria-label={t('lifecycle.board')}
        tabIndex={scroll.overflowing ? 0 : undefined}
      >
        {unstaged > 0 && (
          <div className="y-column" data-quiet>
            <header>
              <h2>{t('lifecycle.unstaged')}</h2>
              <span className="k-number">{t('lifecycle.count', { count: unstaged })}</span>
            </header>
            <Leads stages={stages} />
          </div>
        )}
        {stages.map(stage => (
          <StageColumn key={stage.id} stage={stage} stages={stages} isChosen={stage === first} />
        ))}
      </section>
    </>
  )
}

function StageColumn({ stage, stages, isChosen }: { stage: Stage; stages: readonly Stage[]; isChosen: boolean }) {
  const t = useText()
  const { locale } = useLocale()
  return (
    <div className="y-column" data-kind={stage.kind} data-chosen={isChosen || undefined}>
      <header>
        <h2>{nameOf(stage, locale)}</h2>
        <span className="k-number">{t('lifecycle.count', { count: stage.leads })}</span>
        {stage.state === 'paused' && <Badge tone="yellow">{t('lifecycle.paused')}</Badge>}
        <small className="y-column-note">
          {t('lifecycle.entered30', { count: stage.entered30 })}
          <br />
          {stage.medianDays === null ? t('lifecycle.noMedian') : t('lifecycle.medianDays', { days: stage.medianDays })}
        </small>
        {stage.fault && (
          <small className="y-column-note text-red">{t('lifecycle.fault', { fault: stage.fault })}</small>
        )}
      </header>
      <Leads stages={stages} stageId={stage.id} />
    </div>
  )
}

function Leads({ stages, stageId }: { stages: readonly Stage[]; stageId?: string }) {
  const t = useText()
  const { rows, problem, more } = useRoutePages(listLeads, { query: { limit: 25, ...(stageId && { stageId }) } })
  if (problem && !rows) return <p className="text-red">{wordsOf(problem, t)}</p>
  if (!rows) return <SkeletonRows rows={4} />
  if (rows.length === 0) return <p className="y-none">{t('lifecycle.nobody')}</p>
  return (
    <>
      <ul className="y-leads">
        {rows.map(lead => (
          <LeadCard key={lead.id} lead={lead} stages={stages} stageId={stageId ?? null} />
        ))}
      </ul>
      {more && (
        <Button size="small" wide kind="quiet" pending={more.pending} onClick={more.load}>
          {t('lifecycle.more')}
        </Button>
      )}
    </>
  )
}

function LeadCard({ lead, stages, stageId }: { lead: Lead; stages: readonly Stage[]; stageId: string | null }) {
  const t = useText()
  const format = useFormat()
  const mayMove = useMayMove()
  const moverOf = useMover()
  const about = lead.customerName ?? lead.company ?? lead.email
  return (
    <li className="y-lead">
      <span className="y-lead-head">
        <Link to="/contacts/$id" params={{ id: lead.id }} className="k-name" title={lead.name}>
          {lead.name}
        </Link>
        {mayMove(lead) && <MoveMenu contact={lead} stages={stages} stageId={stageId} />}
      </span>
      {about && (
        <span className="y-lead-about" title={about}>
          {lead.customerId && lead.customerName ? (
            <Link to="/customers/$id" params={{ id: lead.customerId }} className="k-link">
              {about}
            </Link>
          ) : (
            about
          )}
        </span>
      )}
      <small className="y-lead-foot">
        <span className="k-number">
          {lead.leadScore === null ? t('lifecycle.noScore') : t('lifecycle.score', { score: lead.leadScore })}
        </span>
        <span title={format.dateTime(lead.since)}>
          {lead.cause && stageId ? `${moverOf({ cause: lead.cause, actorName: lead.actorName })} · ` : ''}
          {format.relative(lead.since)}
        </span>
      </small>
    </li>
  )
}
