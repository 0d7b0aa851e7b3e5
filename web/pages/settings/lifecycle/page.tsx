import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import {
  deleteStage,
  listStages,
  orderStages,
  updateStage,
  useStandardStages,
} from '../../../../server/signals/lifecycle/contract/stages.ts'
import { useCommand, useRoute, wordsOf } from '../../../api/hooks.ts'
import { useMay } from '../../../api/session.tsx'
import { useFilterFields } from '../../../features/conditions/fields.ts'
import { sentenceOf } from '../../../features/conditions/sentence.ts'
import { nameOf } from '../../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../../i18n/provider.tsx'
import { Badge } from '../../../kit/badge.tsx'
import { Button, IconButton } from '../../../kit/button.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { ConfirmDialog } from '../../../kit/dialog.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Icon } from '../../../kit/icon.tsx'
import { Menu, MenuItem, MenuRule } from '../../../kit/menu.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { type Stage, staleLifecycle } from '../../lifecycle/stages.ts'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'

const kindTones = { open: 'line', won: 'green', lost: 'red' } as const

/** The stages of leads in their order: rules and actions. */
export function LifecycleStagesPage() {
  const t = useText()
  const mayManage = useMay('leads.manage')
  return (
    <SettingsScreen
      title={t('lifecycle.settings.title')}
      wide
      actions={
        mayManage && (
          <Link to="/settings/lifecycle/new" className="k-button" data-kind="primary" data-size="small">
            <Icon name="plus" />
            <span>{t('lifecycle.settings.new')}</span>
          </Link>
        )
      }
    >
      <Permitted permission="customers.read">
        <p className="text-t2 mb-4">{t('lifecycle.settings.intro')}</p>
        <StageTable mayManage={mayManage} />
      </Permitted>
    </SettingsScreen>
  )
}

function StageTable({ mayManage }: { mayManage: boolean }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const { data, error, refetch } = useRoute(listStages)
  const contacts = useFilterFields('contact')
  const customers = useFilterFields('customer')
  const [asked, setAsked] = useState<Stage>()
  const standard = useCommand(useStandardStages, {
    stale: staleLifecycle,
    onDone: () => toastDone(t('lifecycle.usedStandard')),
  })
  const stages = data?.items
  const columns = useMemo<Column<Stage>[]>(
    () => [
      {
        id: 'name',
        header: t('lifecycle.settings.name'),
        width: 192,
        clip: true,
        cell: row => (
          <span title={nameOf(row, locale)}>
            {mayManage ? (
              <Link to="/settings/lifecycle/$id" params={{ id: row.id }} className="k-name">
                {nameOf(row, locale)}
              </Link>
            ) : (
              nameOf(row, locale)
            )}{' '}
            {row.kind !== 'open' && t(`lifecycle.kind.${row.kind}`) !== nameOf(row, locale) && (
              <Badge tone={kindTones[row.kind]}>{t(`lifecycle.kind.${row.kind}`)}</Badge>
            )}
          </span>
        ),
      },
      {
        id: 'rule',
        header: t('lifecycle.settings.rule'),
        clip: true,
        narrow: 'hide',
        cell: row => {
          if (row.fault) return <span className="text-red">{t('lifecycle.fault', { fault: row.fault })}</span>
          if (!row.condition) return <span className="text-t3">{t('lifecycle.settings.byHand')}</span>
          const sentence = sentenceOf(row.condition, { t, format, fields: [...contacts, ...customers] })
          return <span title={sentence}>{sentence}</span>
        },
      },
      {
        id: 'actions-of',
        header: t('lifecycle.settings.actions'),
        clip: true,
        narrow: 'hide',
        cell: row => {
          const words = format.list(row.actions.map(({ kind }) => t(`lifecycle.action.${kind}`)))
          return words ? (
            <span title={words}>{words}</span>
          ) : (
            <span className="text-t3">{t('lifecycle.settings.noActions')}</span>
          )
        },
      },
      {
        id: 'leads',
        header: t('lifecycle.settings.leads'),
        align: 'end',
        width: 80,
        cell: row => (
          <Link to="/lifecycle" search={{ stage: row.id }} className="k-link">
            {format.number(row.leads)}
          </Link>
        ),
      },
      {
        id: 'state',
        header: t('lifecycle.settings.state'),
        width: 92,
        cell: row => (
          <Badge tone={row.fault ? 'red' : row.state === 'enabled' ? 'green' : 'yellow'}>
            {t(`lifecycle.state.${row.state}`)}
          </Badge>
        ),
      },
      ...(mayManage
        ? [
            {
              id: 'actions',
              header: t('lifecycle.settings.rowActions'),
              actions: true,
              align: 'end' as const,
              width: 104,
              cell: (row: Stage) => <StageButtons stage={row} stages={stages ?? []} onDelete={() => setAsked(row)} />,
            },
          ]
        : []),
    ],
    [t, format, locale, mayManage, contacts, customers, stages],
  )
  return (
    <>
      <DataTable
        id="lifecycle-stages"
        fixed
        label={t('lifecycle.settings.title')}
        columns={columns}
        rows={stages}
        rowId={row => row.id}
        rowName={row => nameOf(row, locale)}
        problem={error ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
        empty={
          <EmptyState
            title={t('lifecycle.empty')}
            text={t(mayManage ? 'lifecycle.emptyText' : 'lifecycle.emptyReader')}
            actions={
              mayManage && (
                <Button
                  kind="primary"
                  pending={standard.pending}
                  onClick={() => void standard.run({ body: { actNow: false } }).catch(() => {})}
                >
                  {t('lifecycle.useStandard')}
                </Button>
              )
            }
          />
        }
      />
      {asked && <DeleteDialog stage={asked} onClose={() => setAsked(undefined)} />}
    </>
  )
}

function StageButtons({ stage, stages, onDelete }: { stage: Stage; stages: readonly Stage[]; onDelete: () => void }) {
  const t = useText()
  const { locale } = useLocale()
  const navigate = useNavigate()
  const order = useCommand(orderStages, {
    stale: staleLifecycle,
    onDone: () => toastDone(t('lifecycle.settings.ordered')),
  })
  const change = useCommand(updateStage, {
    stale: staleLifecycle,
    onDone: () => toastDone(t('lifecycle.settings.saved')),
  })
  const place = stages.indexOf(stage)
  const name = nameOf(stage, locale)
  const swap = (other: number) => {
    const ids = stages.map(({ id }) => id)
    ids.splice(place, 1)
    ids.splice(other, 0, stage.id)
    void order.run({ body: { ids } }).catch(() => {})
  }
  const isEnabled = stage.state === 'enabled'
  return (
    <>
      {place > 0 && (
        <IconButton icon="chevron-up" label={t('lifecycle.settings.up', { name })} onClick={() => swap(place - 1)} />
      )}
      {place < stages.length - 1 && (
        <IconButton
          icon="chevron-down"
          label={t('lifecycle.settings.down', { name })}
          onClick={() => swap(place + 1)}
        />
      )}
      <Menu trigger={<IconButton icon="more" label={`${t('lifecycle.settings.rowActions')}: ${name}`} />}>
        <MenuItem
          icon="note"
          onSelect={() => void navigate({ to: '/settings/lifecycle/$id', params: { id: stage.id } })}
        >
          {t('lifecycle.settings.change')}
        </MenuItem>
        <MenuItem
          icon={isEnabled ? 'pause' : 'play'}
          onSelect={() =>
            void change
              .run({ params: { id: stage.id }, body: { state: isEnabled ? 'paused' : 'enabled' } })
              .catch(() => {})
          }
        >
          {t(isEnabled ? 'lifecycle.settings.pause' : 'lifecycle.settings.enable')}
        </MenuItem>
        {stage.leads === 0 && (
          <>
            <MenuRule />
            <MenuItem icon="trash" tone="danger" onSelect={onDelete}>
              {t('lifecycle.settings.delete')}
            </MenuItem>
          </>
        )}
      </Menu>
    </>
  )
}

function DeleteDialog({ stage, onClose }: { stage: Stage; onClose: () => void }) {
  const t = useText()
  const { locale } = useLocale()
  const remove = useCommand(deleteStage, {
    stale: staleLifecycle,
    onDone: () => toastDone(t('lifecycle.settings.deleted')),
  })
  return (
    <ConfirmDialog
      open
      destroys
      onClose={onClose}
      title={t('lifecycle.settings.deleteTitle', { name: nameOf(stage, locale) })}
      text={t('lifecycle.settings.deleteText')}
      confirm={t('lifecycle.settings.deleteConfirm')}
      onConfirm={() => remove.run({ params: { id: stage.id } })}
    />
  )
}
