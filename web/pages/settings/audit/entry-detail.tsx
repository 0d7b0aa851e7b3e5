import { useMemo } from 'react'
import { useAllMembers } from '../../../features/identity/all-members.ts'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Button } from '../../../kit/button.tsx'
import { Pairs } from '../../../kit/layout.tsx'
import { ActorName, type AuditEntry, SubjectName } from './columns.tsx'
import type { AuditFilters } from './filters.ts'
import { detailName, detailValue } from './words.ts'

interface EntryDetailProps {
  entry: AuditEntry
  filters: AuditFilters
  onFilter: (filters: AuditFilters) => void
}

/** All that one line of the log holds, and the way to the others of the same person or subject. */
export function EntryDetail({ entry, filters, onFilter }: EntryDetailProps) {
  const t = useText()
  const format = useFormat()
  const members = useAllMembers()
  const names = useMemo(() => new Map(members?.map(member => [member.id, member.name])), [members])
  const { actor, subject } = entry
  // An account's line has its network among the details; it stands below with that of the others.
  const given = Object.entries(entry.details).filter(([name, value]) => name !== 'from' || value !== entry.network)
  return (
    <div className="s-detail">
      {/* The columns that a phone has no room for. */}
      <div className="s-phone">
        <Pairs
          align="start"
          pairs={[
            [t('audit.actor'), <ActorName key="actor" entry={entry} />],
            [t('audit.subject'), <SubjectName key="subject" entry={entry} />],
            [t('audit.outcome'), t(`audit.outcome.${entry.outcome}`)],
          ]}
        />
      </div>
      <Pairs
        align="start"
        pairs={[
          ...given.map(([name, value]) => [detailName(name, t), detailValue(value, t, format, names)] as const),
          [t('audit.name'), <code key="action">{entry.action}</code>],
          [t('audit.sequence'), format.number(entry.sequence)],
          [t('audit.request'), <code key="request">{entry.requestId}</code>],
          [t('audit.network'), entry.network ?? '–'],
        ]}
      />
      <div className="flex flex-wrap gap-3">
        {actor.id && filters.actor !== actor.id && (
          <Button size="small" icon="filter" onClick={() => onFilter({ ...filters, actor: actor.id ?? undefined })}>
            {t('audit.sameActor')}
          </Button>
        )}
        {subject && filters.subject !== subject.id && (
          <Button size="small" icon="filter" onClick={() => onFilter({ ...filters, subject: subject.id })}>
            {t('audit.sameSubject')}
          </Button>
        )}
      </div>
    </div>
  )
}
