import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import {
  deleteSegment,
  getSegment,
  listSegments,
  refreshSegment,
  updateSegment,
} from '../../../server/signals/segments/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Sentence } from '../../features/conditions/live-count.tsx'
import { Screen } from '../../frame/screen.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { ConfirmDialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Facts, Page, PageHead } from '../../kit/layout.tsx'
import { Menu, MenuItem } from '../../kit/menu.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { Members, Moves } from './members.tsx'
import { Statistics } from './statistics.tsx'
import './segments.css'

type Segment = RouteReply<typeof getSegment>

/** One segment: who is in it, who came and went, what it adds up to, where it is used. */
export function SegmentPage() {
  const t = useText()
  const { locale } = useLocale()
  const { id } = useParams({ from: '/workspace/segments/$id' })
  const { data, error } = useRoute(getSegment, { params: { id } })
  return (
    <Screen title={data ? nameOf(data, locale) : t('segments.title')} actions={data && <Actions segment={data} />}>
      <Page>
        {error && <EmptyState title={t('segments.title')} text={wordsOf(error, t)} />}
        {!data && !error && <SkeletonRows rows={6} />}
        {data && <Content segment={data} />}
      </Page>
    </Screen>
  )
}

function Content({ segment }: { segment: Segment }) {
  const t = useText()
  const format = useFormat()
  const [tab, setTab] = useState<'members' | 'moves' | 'statistics'>('members')
  return (
    <>
      <PageHead
        text={
          segment.condition ? (
            <Sentence record={segment.record} condition={segment.condition} />
          ) : (
            (segment.description ?? t(`segments.kind.${segment.kind}`))
          )
        }
      >
        <Facts
          facts={[
            { label: t('segments.members'), value: format.number(segment.members) },
            {
              label: t('segments.moves'),
              value: `+${format.number(segment.entered30)} / −${format.number(segment.exited30)}`,
            },
            { label: t('segments.refreshed'), value: segment.refreshedAt ? format.relative(segment.refreshedAt) : '–' },
          ]}
        />
      </PageHead>
      {segment.fault && <Note tone="red">{t('segments.fault', { fault: segment.fault })}</Note>}
      <Tabs
        label={t('segments.title')}
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'members', label: t('segments.tab.members'), content: <Members segment={segment} /> },
          { value: 'moves', label: t('segments.tab.moves'), content: <Moves segment={segment} /> },
          { value: 'statistics', label: t('segments.tab.statistics'), content: <Statistics segment={segment} /> },
        ]}
      />
    </>
  )
}

function Actions({ segment }: { segment: Segment }) {
  const t = useText()
  const { locale } = useLocale()
  const navigate = useNavigate()
  const mayManage = useMay('segments.manage')
  const [deleting, setDeleting] = useState(false)
  const params = { id: segment.id }
  const stale = [listSegments.path]
  const refresh = useCommand(refreshSegment, {
    stale,
    onDone: ({ entered, exited }) => toastDone(t('segments.refreshDone', { entered, exited })),
  })
  const update = useCommand(updateSegment, { stale })
  const remove = useCommand(deleteSegment, {
    stale,
    onDone: () => {
      toastDone(t('segments.deleted'))
      void navigate({ to: '/segments' })
    },
  })
  return (
    <>
      {segment.record === 'customer' && (
        <Link
          to="/customers"
          search={{ filter: [{ field: 'segments', op: 'in', value: [segment.id] }] }}
          className="k-button"
          data-size="small"
        >
          {t('segments.openList')}
        </Link>
      )}
      {mayManage && segment.kind === 'dynamic' && (
        <Button size="small" icon="refresh" pending={refresh.pending} onClick={() => void refresh.run({ params })}>
          {t('segments.refresh')}
        </Button>
      )}
      {mayManage && (
        <Menu trigger={<IconButton icon="more" kind="normal" label={t('segments.actions')} />}>
          <MenuItem icon="note" onSelect={() => void navigate({ to: '/segments/$id/edit', params })}>
            {t('segments.edit')}
          </MenuItem>
          {segment.state === 'enabled' ? (
            <MenuItem icon="pause" onSelect={() => void update.run({ params, body: { state: 'paused' } })}>
              {t('segments.pause')}
            </MenuItem>
          ) : (
            <MenuItem icon="play" onSelect={() => void update.run({ params, body: { state: 'enabled' } })}>
              {t('segments.enable')}
            </MenuItem>
          )}
          <MenuItem icon="rows" onSelect={() => void update.run({ params, body: { state: 'archived' } })}>
            {t('segments.archive')}
          </MenuItem>
          <MenuItem icon="trash" tone="danger" onSelect={() => setDeleting(true)}>
            {t('segments.delete')}
          </MenuItem>
        </Menu>
      )}
      {deleting && (
        <ConfirmDialog
          open
          destroys
          onClose={() => setDeleting(false)}
          title={t('segments.deleteTitle', { name: nameOf(segment, locale) })}
          text={t('segments.deleteText')}
          confirm={t('segments.delete')}
          onConfirm={() => remove.run({ params })}
        />
      )}
    </>
  )
}
