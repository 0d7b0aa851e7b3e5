import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { getLeadScore, scoreLead } from '../../../server/signals/scoring/contract/leads.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { IconButton } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { HotBadge, Points } from './score.tsx'
import './scoring.css'

type LeadScore = RouteReply<typeof getLeadScore>

/** The score of a contact for the rail of its page: parts, and the points of each rule. Nothing where it is no lead. */
export function LeadScoreFacts({ contactId }: { contactId: string }) {
  const t = useText()
  const format = useFormat()
  const mayScore = useMay('leads.manage')
  const { data } = useRoute(getLeadScore, { params: { id: contactId } })
  const score = useCommand(scoreLead, { stale: [`/api/v1/contacts/${contactId}`, '/api/v1/automation/leads'] })
  if (!data?.isLead) return null
  return (
    <Section
      title={t('leads.scoreTitle')}
      end={
        mayScore && (
          <IconButton
            icon="refresh"
            label={t('leads.recalculate')}
            disabled={score.pending}
            onClick={() => void score.run({ params: { id: contactId } }).catch(() => {})}
          />
        )
      }
    >
      <div className="grid grid-cols-1 gap-4">
        <p className="g-big">
          <b>{format.number(data.score ?? 0, 1)}</b>
          {data.hotSince && <HotBadge />}
          {data.hotSince && (
            <span className="text-12 text-t3">{t('leads.hotSince', { when: format.relative(data.hotSince) })}</span>
          )}
        </p>
        {data.assigneeName && <p className="text-t2">{t('leads.assignee', { name: data.assigneeName })}</p>}
        <Part part="fit" points={data.fit ?? 0} cap={data.fitCap} />
        <Part part="engagement" points={data.engagement ?? 0} cap={data.engagementCap} />
        <h3 className="k-label">{t('leads.breakdown')}</h3>
        {data.rules.length === 0 && <p className="text-t3">{t('leads.noPoints')}</p>}
        <Rules rules={data.rules} />
      </div>
    </Section>
  )
}

function Part({ part, points, cap }: { part: 'fit' | 'engagement'; points: number; cap: number }) {
  const t = useText()
  const format = useFormat()
  return (
    <div className="g-part">
      <span>
        <span className="g-key" data-part={part} />
        {t(`leads.part.${part}`)}
      </span>
      <span className="k-number">
        {t('leads.ofCap', { points: format.number(points, 1), cap: format.number(cap, 0) })}
      </span>
      <span className="g-bar" data-wide aria-hidden="true">
        <i data-part={part} style={{ width: `${Math.max(0, Math.min(100, (points / cap) * 100))}%` }} />
      </span>
    </div>
  )
}

function Rules({ rules }: { rules: LeadScore['rules'] }) {
  const t = useText()
  const { locale } = useLocale()
  return (
    <ul className="g-lines">
      {rules.map(rule => (
        <li key={rule.rule}>
          <span>{nameOf(rule, locale)}</span>
          <Points points={rule.points} />
          {rule.times !== null && rule.days !== null && (
            <small>{t('leads.times', { times: rule.times, days: rule.days })}</small>
          )}
        </li>
      ))}
    </ul>
  )
}

/** How a score moved and by which rules, the latest first. */
export function LeadScoreHistory({ contactId }: { contactId: string }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const { data, error } = useRoute(getLeadScore, { params: { id: contactId } })
  if (error) return <Note tone="red">{wordsOf(error, t)}</Note>
  if (!data) return <SkeletonRows rows={4} />
  if (data.history.length === 0) {
    return data.isLead ? (
      <EmptyState title={t('leads.noHistory')} text="" />
    ) : (
      <EmptyState title={t('leads.notLead')} text={t('leads.notLeadText')} />
    )
  }
  const points = (value: number) => format.number(value, 1)
  return (
    <ul className="u-lines">
      {data.history.map(({ at, from, to, hot, reasons }) => (
        <li key={at}>
          <strong className="k-number">
            {to === null
              ? t('leads.ended', { from: points(from ?? 0) })
              : from === null
                ? t('leads.began', { to: points(to) })
                : `${points(from)} → ${points(to)}`}
          </strong>
          {hot && <HotBadge />}
          <span className="u-grow">
            {reasons.length === 0
              ? t('leads.noReason')
              : reasons.map(each => (
                  <span key={each.rule} className="mr-3">
                    {nameOf(each, locale)} <Points points={Math.round((each.to - each.from) * 10) / 10} />
                  </span>
                ))}
          </span>
          <time className="text-12 text-t3" title={format.dateTime(at)}>
            {format.relative(at)}
          </time>
        </li>
      ))}
    </ul>
  )
}
