import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import {
  deleteChannel,
  listChannels,
  testChannel,
  updateChannel,
} from '../../../../server/engage/notices/contract/channels.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../../api/hooks.ts'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Badge } from '../../../kit/badge.tsx'
import { Button, IconButton } from '../../../kit/button.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { ConfirmDialog } from '../../../kit/dialog.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Menu, MenuItem, MenuRule } from '../../../kit/menu.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'
import { ChannelDialog } from './channel-dialog.tsx'
import './channels.css'

type Channel = RouteReply<typeof listChannels>['items'][number]

export function ChannelsPage() {
  const t = useText()
  const [edited, setEdited] = useState<Channel | 'new' | null>(null)
  return (
    <SettingsScreen
      title={t('notices.channels')}
      wide
      actions={
        <Button kind="primary" size="small" icon="plus" onClick={() => setEdited('new')}>
          {t('notices.newChannel')}
        </Button>
      }
    >
      <Permitted permission="channels.manage">
        <ChannelTable onEdit={setEdited} />
      </Permitted>
      {edited && <ChannelDialog channel={edited === 'new' ? undefined : edited} onClose={() => setEdited(null)} />}
    </SettingsScreen>
  )
}

function ChannelTable({ onEdit }: { onEdit: (channel: Channel | 'new') => void }) {
  const t = useText()
  const format = useFormat()
  const { data, error, refetch } = useRoute(listChannels)
  const [deleting, setDeleting] = useState<Channel | null>(null)
  const test = useCommand(testChannel, { onDone: () => toastDone(t('notices.tested')) })
  const change = useCommand(updateChannel, { onDone: () => toastDone(t('notices.saved')) })
  const { run: runTest } = test
  const { run: runChange } = change
  const columns = useMemo<Column<Channel>[]>(
    () => [
      {
        id: 'name',
        header: t('notices.name'),
        clip: true,
        sort: row => row.name,
        cell: row => (
          <span title={row.name}>
            <strong>{row.name}</strong> <code className="k-mono text-t3">{row.key}</code>
          </span>
        ),
      },
      {
        id: 'kind',
        header: t('notices.kind'),
        width: 200,
        narrow: 'hide',
        cell: row => t(`notices.kind.${row.kind}`),
      },
      { id: 'to', header: t('notices.to'), clip: true, narrow: 'hide', cell: row => row.shown },
      {
        id: 'takes',
        header: t('notices.takes'),
        clip: true,
        narrow: 'hide',
        cell: row => {
          const text =
            row.topics.length === 0
              ? t('notices.takesNothing')
              : t('notices.takesSome', {
                  topics: format.list(row.topics.map(topic => t(`notices.topic.${topic}`))),
                  severity: t(`notices.severity.${row.severity}`),
                })
          return <span title={text}>{text}</span>
        },
      },
      {
        id: 'state',
        header: t('notices.state'),
        width: 84,
        cell: row => (
          <Badge
            tone={!row.enabled ? 'plain' : row.lastError ? 'red' : 'green'}
            icon={!row.enabled ? 'pause' : row.lastError ? 'alert' : 'check'}
          >
            {t(row.enabled ? 'notices.on' : 'notices.off')}
          </Badge>
        ),
      },
      {
        id: 'sent',
        header: t('notices.lastSent'),
        width: 160,
        align: 'end',
        narrow: 'hide',
        cell: row =>
          row.lastError ? (
            <span className="text-red" title={row.lastErrorAt ? format.dateTime(row.lastErrorAt) : undefined}>
              {t('notices.lastError', { error: row.lastError })}
            </span>
          ) : row.lastSentAt ? (
            <time title={format.dateTime(row.lastSentAt)}>{format.relative(row.lastSentAt)}</time>
          ) : (
            <span className="text-t3">{t('notices.never')}</span>
          ),
      },
      {
        id: 'actions',
        header: t('notices.actions'),
        actions: true,
        align: 'end',
        width: 40,
        cell: row => (
          <Menu trigger={<IconButton icon="more" label={t('notices.actionsFor', { name: row.name })} />}>
            <MenuItem icon="play" onSelect={() => void runTest({ params: { id: row.id } }).catch(() => {})}>
              {t('notices.test')}
            </MenuItem>
            <MenuItem icon="note" onSelect={() => onEdit(row)}>
              {t('notices.edit')}
            </MenuItem>
            <MenuItem
              icon={row.enabled ? 'pause' : 'play'}
              onSelect={() =>
                void runChange({ params: { id: row.id }, body: { enabled: !row.enabled } }).catch(() => {})
              }
            >
              {t(row.enabled ? 'notices.turnOff' : 'notices.turnOn')}
            </MenuItem>
            <MenuRule />
            <MenuItem icon="trash" tone="danger" onSelect={() => setDeleting(row)}>
              {t('notices.delete')}
            </MenuItem>
          </Menu>
        ),
      },
    ],
    [t, format, onEdit, runTest, runChange],
  )
  return (
    <>
      <p className="text-t2 mb-5">
        {t('notices.channelsText')}{' '}
        <Link to="/settings/deliveries" className="k-link">
          {t('notices.log')}
        </Link>
      </p>
      <DataTable
        id="notice-channels"
        fixed
        label={t('notices.channels')}
        columns={columns}
        rows={data?.items}
        rowId={row => row.id}
        rowName={row => row.name}
        problem={error ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
        empty={
          <EmptyState
            title={t('notices.channelsEmpty')}
            text={t('notices.channelsEmptyText')}
            actions={
              <Button kind="primary" onClick={() => onEdit('new')}>
                {t('notices.newChannel')}
              </Button>
            }
          />
        }
      />
      {deleting && <DeleteDialog channel={deleting} onClose={() => setDeleting(null)} />}
    </>
  )
}

function DeleteDialog({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const t = useText()
  const remove = useCommand(deleteChannel, { onDone: () => toastDone(t('notices.deleted')) })
  return (
    <ConfirmDialog
      open
      destroys
      onClose={onClose}
      title={t('notices.deleteTitle', { name: channel.name })}
      text={t('notices.deleteText')}
      confirm={t('notices.deleteConfirm')}
      onConfirm={() => remove.run({ params: { id: channel.id } })}
    />
  )
}
