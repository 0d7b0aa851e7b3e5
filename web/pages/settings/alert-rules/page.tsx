import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { deleteAlertRule, listAlertRules, updateAlertRule } from '../../../../server/engage/alerts/contract/rules.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../../api/hooks.ts'
import { useMay } from '../../../api/session.tsx'
import { useFilterFields } from '../../../features/conditions/fields.ts'
import { nameOf } from '../../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../../i18n/provider.tsx'
import { Badge } from '../../../kit/badge.tsx'
import { IconButton } from '../../../kit/button.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { ConfirmDialog } from '../../../kit/dialog.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Icon } from '../../../kit/icon.tsx'
import { Menu, MenuItem, MenuRule } from '../../../kit/menu.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { SeverityBadge } from '../../alerts/look.tsx'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'
import './alert-rules.css'
import { triggerWords } from './words.ts'

type Rule = RouteReply<typeof listAlertRules>['items'][number]

const stale = ['/api/v1/alert-rules', '/api/v1/alerts']
const stateTones = { draft: 'line', enabled: 'green', paused: 'yellow', archived: 'plain' } as const

export function AlertRulesPage() {
  const t = useText()
  const mayManage = useMay('alerts.manage')
  return (
    <SettingsScreen
      title={t('rules.title')}
      wide
      actions={
        mayManage && (
          <Link to="/settings/alert-rules/new" className="k-button" data-kind="primary" data-size="small">
            <Icon name="plus" />
            <span>{t('rules.new')}</span>
          </Link>
        )
      }
    >
      <Permitted permission="customers.read">
        <RuleTable mayManage={mayManage} />
      </Permitted>
    </SettingsScreen>
  )
}

function RuleTable({ mayManage }: { mayManage: boolean }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const { data, error, refetch } = useRoute(listAlertRules)
  const fields = useFilterFields('customer')
  const [asked, setAsked] = useState<{ what: 'archive' | 'delete'; rule: Rule }>()
  const columns = useMemo<Column<Rule>[]>(
    () => [
      {
        id: 'name',
        header: t('rules.name'),
        clip: true,
        sort: row => nameOf(row, locale),
        cell: row => (
          <span title={nameOf(row, locale)}>
            {mayManage && row.state !== 'archived' ? (
              <Link to="/settings/alert-rules/$id" params={{ id: row.id }} className="k-name">
                {nameOf(row, locale)}
              </Link>
            ) : (
              nameOf(row, locale)
            )}
          </span>
        ),
      },
      {
        id: 'severity',
        header: t('rules.severity'),
        width: 92,
        cell: row => <SeverityBadge severity={row.severity} />,
      },
      {
        id: 'when',
        header: t('rules.when'),
        clip: true,
        narrow: 'hide',
        cell: row => {
          const text = row.fault
            ? t('rules.faulty', { fault: row.fault })
            : triggerWords(row.trigger, { t, format, fields })
          return (
            <span className={row.fault ? 'text-red' : undefined} title={text}>
              {text}
            </span>
          )
        },
      },
      {
        id: 'state',
        header: t('rules.state'),
        width: 108,
        narrow: 'hide',
        cell: row => <Badge tone={row.fault ? 'red' : stateTones[row.state]}>{t(`rules.state.${row.state}`)}</Badge>,
      },
      {
        id: 'open',
        header: t('rules.open'),
        align: 'end',
        width: 72,
        sort: row => row.open,
        cell: row =>
          row.open > 0 ? (
            <Link to="/alerts" search={{ rule: row.id, mine: 'all' }} className="k-link">
              {format.number(row.open)}
            </Link>
          ) : (
            <span className="text-t3">0</span>
          ),
      },
      {
        id: 'opened',
        optional: true,
        header: t('rules.opened30'),
        align: 'end',
        width: 116,
        narrow: 'hide',
        sort: row => row.opened30,
        cell: row => format.number(row.opened30),
      },
      {
        id: 'evaluated',
        optional: true,
        header: t('rules.evaluated'),
        align: 'end',
        width: 108,
        narrow: 'hide',
        cell: row =>
          row.evaluatedAt ? (
            <time title={format.dateTime(row.evaluatedAt)}>{format.relative(row.evaluatedAt)}</time>
          ) : (
            <span className="text-t3">{t('rules.never')}</span>
          ),
      },
      ...(mayManage
        ? [
            {
              id: 'actions',
              header: t('rules.actions'),
              actions: true,
              align: 'end' as const,
              width: 40,
              cell: (row: Rule) => <RuleMenu rule={row} onAsk={what => setAsked({ what, rule: row })} />,
            },
          ]
        : []),
    ],
    [t, format, locale, mayManage, fields],
  )
  return (
    <>
      <DataTable
        id="alert-rules"
        label={t('rules.title')}
        columns={columns}
        rows={data?.items}
        rowId={row => row.id}
        rowName={row => nameOf(row, locale)}
        problem={error ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
        empty={
          <EmptyState
            title={t('rules.empty')}
            text={t('rules.emptyText')}
            actions={
              mayManage && (
                <Link to="/settings/alert-rules/new" className="k-button" data-kind="primary">
                  {t('rules.new')}
                </Link>
              )
            }
          />
        }
      />
      {asked && <AskDialog {...asked} onClose={() => setAsked(undefined)} />}
    </>
  )
}

function RuleMenu({ rule, onAsk }: { rule: Rule; onAsk: (what: 'archive' | 'delete') => void }) {
  const t = useText()
  const { locale } = useLocale()
  const navigate = useNavigate()
  const change = useCommand(updateAlertRule, { stale })
  const set = async (state: 'enabled' | 'paused') => {
    await change.run({ params: { id: rule.id }, body: { state } }).then(
      () => toastDone(t(`rules.changedTo.${state}`)),
      () => {},
    )
  }
  if (rule.state === 'archived') return null
  return (
    <Menu trigger={<IconButton icon="more" label={`${t('rules.actions')}: ${nameOf(rule, locale)}`} />}>
      <MenuItem
        icon="note"
        onSelect={() => void navigate({ to: '/settings/alert-rules/$id', params: { id: rule.id } })}
      >
        {t('rules.edit')}
      </MenuItem>
      <MenuItem
        icon={rule.state === 'enabled' ? 'pause' : 'play'}
        onSelect={() => void set(rule.state === 'enabled' ? 'paused' : 'enabled')}
      >
        {t(rule.state === 'enabled' ? 'rules.pause' : 'rules.enable')}
      </MenuItem>
      <MenuRule />
      <MenuItem icon="inbox" onSelect={() => onAsk('archive')}>
        {t('rules.archive')}
      </MenuItem>
      {rule.opened30 === 0 && rule.open === 0 && (
        <MenuItem icon="trash" tone="danger" onSelect={() => onAsk('delete')}>
          {t('rules.delete')}
        </MenuItem>
      )}
    </Menu>
  )
}

function AskDialog({ what, rule, onClose }: { what: 'archive' | 'delete'; rule: Rule; onClose: () => void }) {
  const t = useText()
  const { locale } = useLocale()
  const archive = useCommand(updateAlertRule, { stale, onDone: () => toastDone(t('rules.changedTo.archived')) })
  const remove = useCommand(deleteAlertRule, { stale, onDone: () => toastDone(t('rules.deleted')) })
  const name = nameOf(rule, locale)
  const isDelete = what === 'delete'
  return (
    <ConfirmDialog
      open
      destroys={isDelete}
      onClose={onClose}
      title={t(isDelete ? 'rules.deleteTitle' : 'rules.archiveTitle', { name })}
      text={isDelete ? t('rules.deleteText') : t('rules.archiveText', { count: rule.open })}
      confirm={t(isDelete ? 'rules.delete' : 'rules.archive').replace('…', '')}
      onConfirm={() =>
        isDelete
          ? remove.run({ params: { id: rule.id } })
          : archive.run({ params: { id: rule.id }, body: { state: 'archived' } })
      }
    />
  )
}
