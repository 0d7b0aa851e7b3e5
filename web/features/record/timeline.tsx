import { useState } from 'react'
import {
  deleteCommunication,
  getTimeline,
  type TimelineEntry,
  timelineGroups,
} from '../../../server/customers/timeline/contract.ts'
import { useCommand, useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useSession } from '../../api/session.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button, IconButton, Segments } from '../../kit/button.tsx'
import { useDebounced } from '../../kit/debounced.ts'
import { ConfirmDialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { TextInput } from '../../kit/field.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Menu, MenuItem } from '../../kit/menu.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { Composer, EditDialog, staleTimeline } from './composer.tsx'
import './record.css'
import { useTiers } from './tiers.ts'
import { detailWords, kindIcon, kindWords } from './timeline-title.tsx'

type Group = (typeof timelineGroups)[number]

interface TimelineProps {
  customerId: string
  /** Only what this person took part in. */
  contactId?: string
}

/** Everything that happened at a customer, latest first, with the place to write down more. */
export function Timeline({ customerId, contactId }: TimelineProps) {
  const t = useText()
  const { member } = useSession()
  const [group, setGroup] = useState<Group | 'all'>('all')
  const [typed, setTyped] = useState('')
  const search = useDebounced(typed.trim())
  const [edited, setEdited] = useState<TimelineEntry | null>(null)
  const [deleted, setDeleted] = useState<TimelineEntry | null>(null)
  const entries = useRoutePages(getTimeline, {
    params: { id: customerId },
    query: { limit: 50, groups: group === 'all' ? undefined : group, search: search || undefined, contactId },
  })
  const mayWrite = member.grants['timeline.write'] !== undefined
  const remove = useCommand(deleteCommunication, {
    stale: staleTimeline,
    onDone: () => toastDone(t('record.timeline.deleted')),
  })
  const mayChange = (entry: TimelineEntry) =>
    entry.kind.startsWith('communication.') &&
    (entry.actor?.id === member.id || member.grants['customers.write'] === 'all')
  const isNarrowed = group !== 'all' || search !== ''
  return (
    <div className="grid grid-cols-1 gap-4">
      {mayWrite && !contactId && <Composer customerId={customerId} />}
      <div className="r-timeline-tools">
        <Segments
          size="small"
          label={t('record.timeline.groups')}
          value={group}
          onChange={setGroup}
          options={[
            { value: 'all', label: t('record.timeline.all') },
            ...timelineGroups.map(each => ({ value: each, label: t(`record.group.${each}`) })),
          ]}
        />
        <span className="r-timeline-search">
          <TextInput
            type="search"
            icon="search"
            aria-label={t('record.timeline.search')}
            placeholder={t('record.timeline.search')}
            value={typed}
            maxLength={200}
            onChange={event => setTyped(event.currentTarget.value)}
          />
        </span>
      </div>
      {entries.problem && (
        <Note tone="red" alert>
          {wordsOf(entries.problem, t)}{' '}
          <button type="button" className="k-link" onClick={entries.retry}>
            {t('kit.table.retry')}
          </button>
        </Note>
      )}
      {!entries.rows && !entries.problem && <SkeletonRows rows={6} />}
      {entries.rows?.length === 0 && (
        <EmptyState
          title={t(isNarrowed ? 'record.timeline.none' : 'record.timeline.empty')}
          text={t(isNarrowed ? 'record.timeline.noneText' : 'record.timeline.emptyText')}
        />
      )}
      <ol className="r-timeline">
        {entries.rows?.map(entry => (
          <EntryLine
            key={entry.id}
            entry={entry}
            onEdit={mayChange(entry) ? () => setEdited(entry) : undefined}
            onDelete={() => setDeleted(entry)}
          />
        ))}
      </ol>
      {entries.more && (
        <span>
          <Button size="small" pending={entries.more.pending} onClick={entries.more.load}>
            {t('record.timeline.more')}
          </Button>
        </span>
      )}
      {edited && <EditDialog customerId={customerId} entry={edited} onClose={() => setEdited(null)} />}
      {deleted && (
        <ConfirmDialog
          open
          destroys
          onClose={() => setDeleted(null)}
          title={t('record.timeline.deleteTitle')}
          text={t('record.timeline.deleteText')}
          confirm={t('record.timeline.deleteConfirm')}
          onConfirm={() => remove.run({ params: { id: deleted.id } })}
        />
      )}
    </div>
  )
}

interface EntryLineProps {
  entry: TimelineEntry
  /** undefined where the person may not change it. */
  onEdit?: (() => void) | undefined
  onDelete?: () => void
}

/** One entry: its sign, what it is, who, the text, when. */
export function EntryLine({ entry, onEdit, onDelete }: EntryLineProps) {
  const t = useText()
  const { locale } = useLocale()
  const format = useFormat()
  const tiers = useTiers()
  const minutes = entry.details.durationMinutes
  const meta = [
    entry.contacts.length > 0 &&
      t('record.timeline.with', { names: format.list(entry.contacts.map(each => each.name)) }),
    typeof minutes === 'number' && t('record.timeline.minutes', { count: minutes }),
  ].filter(Boolean)
  const detail = detailWords(entry, t, locale, format, tiers)
  return (
    <li>
      <span className="r-timeline-sign">
        <Icon name={kindIcon(entry.kind)} size="small" />
      </span>
      <div>
        <div className="r-timeline-head">
          <span className="text-12 text-t3">{kindWords(entry.kind, t)}</span>
          <strong>{entry.title ?? entry.actor?.name}</strong>
          {entry.title && entry.actor && <span className="text-12 text-t3">{entry.actor.name}</span>}
        </div>
        {detail && <p className="text-t2">{detail}</p>}
        {entry.body && entry.body !== entry.title && <p className="r-timeline-body">{entry.body}</p>}
        {meta.length > 0 && <p className="text-12 text-t3">{meta.join(' · ')}</p>}
      </div>
      <span className="r-timeline-end">
        {/* What is known by its day alone shows no time. */}
        {entry.details.day === true ? (
          <time dateTime={entry.at} title={format.day(entry.at)}>
            {format.shortDay(entry.at)}
          </time>
        ) : (
          <time dateTime={entry.at} title={format.dateTime(entry.at)}>
            {format.shortDay(entry.at)} {format.time(entry.at)}
          </time>
        )}
        {onEdit && (
          <Menu trigger={<IconButton icon="more" label={t('record.timeline.actions')} />}>
            <MenuItem icon="note" onSelect={onEdit}>
              {t('record.timeline.edit')}
            </MenuItem>
            <MenuItem icon="trash" tone="danger" onSelect={() => onDelete?.()}>
              {t('record.timeline.delete')}
            </MenuItem>
          </Menu>
        )}
      </span>
    </li>
  )
}
