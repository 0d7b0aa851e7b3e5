import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { exportAuditEntries, listAuditEntries } from '../../../../server/platform/administration/contract/audit.ts'
import { addressOf } from '../../../api/client.ts'
import { useRoutePages, wordsOf } from '../../../api/hooks.ts'
import { useMay, useSession } from '../../../api/session.tsx'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Button } from '../../../kit/button.tsx'
import { DataTable } from '../../../kit/data-table.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Icon } from '../../../kit/icon.tsx'
import { Note } from '../../../kit/note.tsx'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'
import { useAuditColumns } from './columns.tsx'
import { EntryDetail } from './entry-detail.tsx'
import { FilterLine } from './filter-line.tsx'
import { type AuditFilters, auditQuery } from './filters.ts'
import { Verification } from './verification.tsx'

export function AuditPage() {
  const t = useText()
  const format = useFormat()
  const { tenant } = useSession()
  const mayRead = useMay('audit.read')
  const filters = useSearch({ from: '/workspace/settings/audit' })
  const query = auditQuery(filters, tenant.timeZone)
  return (
    <SettingsScreen
      title={t('audit.title')}
      wide
      actions={
        mayRead && (
          <a
            className="k-button"
            data-size="small"
            href={addressOf(exportAuditEntries, { query })}
            download={`audit-${tenant.slug}-${format.today()}.jsonl`}
            title={t('audit.exportHint')}
          >
            <Icon name="download" />
            <span>{t('audit.export')}</span>
          </a>
        )
      }
    >
      <Permitted permission="audit.read">
        <AuditBody filters={filters} />
      </Permitted>
    </SettingsScreen>
  )
}

function AuditBody({ filters }: { filters: AuditFilters }) {
  const t = useText()
  const { tenant, member } = useSession()
  const scope = member.grants['audit.read']
  const navigate = useNavigate({ from: '/settings/audit' })
  const query = useMemo(() => auditQuery(filters, tenant.timeZone), [filters, tenant.timeZone])
  const entries = useRoutePages(listAuditEntries, { query })
  const columns = useAuditColumns()
  const filter = (next: AuditFilters) => void navigate({ search: next, replace: true, resetScroll: false })
  const isFiltered = Object.keys(filters).length > 0
  return (
    <>
      {scope === 'all' ? (
        <Verification />
      ) : (
        <div className="mb-5">
          <Note>{t(scope === 'team' ? 'audit.scope.team' : 'audit.scope.own')}</Note>
        </div>
      )}
      <DataTable
        id="audit"
        label={t('audit.title')}
        columns={columns}
        rows={entries.rows}
        rowId={row => String(row.sequence)}
        rowName={row => t('audit.entry', { sequence: row.sequence })}
        more={entries.more}
        problem={entries.problem ? { text: wordsOf(entries.problem, t), retry: entries.retry } : undefined}
        detail={row => <EntryDetail entry={row} filters={filters} onFilter={filter} />}
        tools={<FilterLine filters={filters} onFilter={filter} />}
        empty={
          isFiltered ? (
            <EmptyState
              title={t('audit.none')}
              text={t('audit.noneText')}
              actions={<Button onClick={() => filter({})}>{t('audit.clear')}</Button>}
            />
          ) : (
            <EmptyState title={t('audit.empty')} text={t('audit.emptyText')} />
          )
        }
      />
    </>
  )
}
