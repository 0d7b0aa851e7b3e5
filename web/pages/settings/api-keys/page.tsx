import { useMemo, useState } from 'react'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { listApiKeys, revokeApiKey } from '../../../../server/platform/identity/contract/company.ts'
import { useCommand, useRoutePages, wordsOf } from '../../../api/hooks.ts'
import { useMay } from '../../../api/session.tsx'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Badge } from '../../../kit/badge.tsx'
import { Button } from '../../../kit/button.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { ConfirmDialog } from '../../../kit/dialog.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'
import { CreateKeyDialog } from './create-dialog.tsx'

type ApiKey = RouteReply<typeof listApiKeys>['items'][number]

const look = {
  active: { tone: 'green', icon: 'check' },
  revoked: { tone: 'plain', icon: 'close' },
  expired: { tone: 'yellow', icon: 'clock' },
} as const

export function ApiKeysPage() {
  const t = useText()
  const mayManage = useMay('api_keys.manage')
  const [making, setMaking] = useState(false)
  return (
    <SettingsScreen
      title={t('keys.title')}
      wide
      actions={
        mayManage && (
          <Button kind="primary" size="small" icon="plus" onClick={() => setMaking(true)}>
            {t('keys.create')}
          </Button>
        )
      }
    >
      <Permitted permission="api_keys.manage">
        <KeyTable onCreate={() => setMaking(true)} />
      </Permitted>
      {making && <CreateKeyDialog onClose={() => setMaking(false)} />}
    </SettingsScreen>
  )
}

function KeyTable({ onCreate }: { onCreate: () => void }) {
  const t = useText()
  const format = useFormat()
  const keys = useRoutePages(listApiKeys, { query: { limit: 100 } })
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  const columns = useMemo<Column<ApiKey>[]>(
    () => [
      {
        id: 'name',
        header: t('keys.name'),
        clip: true,
        cell: row => <span title={row.name}>{row.name}</span>,
      },
      {
        id: 'hint',
        header: t('keys.hint'),
        width: 72,
        narrow: 'hide',
        cell: row => <code className="k-mono text-t3">…{row.hint}</code>,
      },
      {
        id: 'state',
        header: t('keys.state'),
        width: 84,
        cell: row => (
          <Badge tone={look[row.state].tone} icon={look[row.state].icon}>
            {t(`keys.state.${row.state}`)}
          </Badge>
        ),
      },
      { id: 'role', header: t('keys.role'), width: 120, narrow: 'hide', cell: row => t(`roles.${row.role}`) },
      {
        id: 'scopes',
        header: t('keys.scopes'),
        width: 112,
        narrow: 'hide',
        cell: row =>
          row.scopes.length === 0 ? t('keys.allScopes') : t('keys.scopeCount', { count: row.scopes.length }),
      },
      {
        id: 'used',
        header: t('keys.lastUsed'),
        align: 'end',
        width: 104,
        narrow: 'hide',
        cell: row =>
          row.lastUsedAt ? (
            <span title={format.dateTime(row.lastUsedAt)}>{format.relative(row.lastUsedAt)}</span>
          ) : (
            <span className="text-t3">{t('keys.never')}</span>
          ),
      },
      {
        id: 'expires',
        header: t('keys.expires'),
        align: 'end',
        width: 104,
        narrow: 'hide',
        cell: row => (row.expiresAt ? format.day(row.expiresAt) : t('keys.noExpiry')),
      },
      {
        id: 'by',
        header: t('keys.createdBy'),
        clip: true,
        narrow: 'hide',
        cell: row => (
          <span title={format.dateTime(row.createdAt)}>
            {row.createdBy ?? <span className="text-t3">{t('keys.bySystem')}</span>}
          </span>
        ),
      },
      {
        id: 'actions',
        header: t('kit.table.actions'),
        actions: true,
        align: 'end',
        width: 72,
        cell: row =>
          row.state === 'active' && (
            <Button
              size="small"
              kind="danger"
              aria-label={t('keys.revoke', { name: row.name })}
              onClick={() => setRevoking(row)}
            >
              {t('keys.revokeShort')}
            </Button>
          ),
      },
    ],
    [t, format],
  )
  return (
    <>
      <p className="text-t2 mb-5">
        {t('keys.intro')}{' '}
        <a href="/docs" className="k-link" target="_blank" rel="noreferrer">
          {t('keys.reference')}
        </a>
      </p>
      <DataTable
        id="api-keys"
        label={t('keys.title')}
        columns={columns}
        rows={keys.rows}
        rowId={row => row.id}
        rowName={row => row.name}
        more={keys.more}
        problem={keys.problem ? { text: wordsOf(keys.problem, t), retry: keys.retry } : undefined}
        detail={row => <KeyScopes apiKey={row} />}
        empty={
          <EmptyState
            title={t('keys.empty')}
            text={t('keys.emptyText')}
            actions={
              <Button kind="primary" onClick={onCreate}>
                {t('keys.create')}
              </Button>
            }
          />
        }
      />
      {revoking && <RevokeDialog apiKey={revoking} onClose={() => setRevoking(null)} />}
    </>
  )
}

function KeyScopes({ apiKey }: { apiKey: ApiKey }) {
  const t = useText()
  if (apiKey.scopes.length === 0) return t('keys.allScopesText', { role: t(`roles.${apiKey.role}`) })
  return (
    <ul className="s-names" aria-label={t('keys.scopes')}>
      {apiKey.scopes.map(scope => (
        <li key={scope}>{t(`permissions.${scope}`)}</li>
      ))}
    </ul>
  )
}

function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const t = useText()
  const format = useFormat()
  const revoke = useCommand(revokeApiKey, { onDone: () => toastDone(t('keys.revoked', { name: apiKey.name })) })
  const used = apiKey.lastUsedAt ? t('keys.lastUsedText', { when: format.relative(apiKey.lastUsedAt) }) : ''
  return (
    <ConfirmDialog
      open
      destroys
      onClose={onClose}
      title={t('keys.revokeTitle', { name: apiKey.name })}
      text={`${t('keys.revokeText')} ${used}`.trim()}
      confirm={t('keys.revokeConfirm')}
      onConfirm={() => revoke.run({ params: { id: apiKey.id } })}
    />
  )
}
