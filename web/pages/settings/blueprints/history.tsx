import { useMemo, useState } from 'react'
import {
  type BlueprintSource,
  getApplication,
  listApplications,
} from '../../../../server/blueprints/programmes/contract/blueprints.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { useRoute, wordsOf } from '../../../api/hooks.ts'
import { useFormat, useLocale, useText } from '../../../i18n/provider.tsx'
import { Badge } from '../../../kit/badge.tsx'
import { Button } from '../../../kit/button.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { Drawer } from '../../../kit/dialog.tsx'
import { Section } from '../../../kit/layout.tsx'
import { SkeletonRows } from '../../../kit/skeleton.tsx'
import { ChangeList } from './change-list.tsx'
import { Radius } from './radius.tsx'

type Application = RouteReply<typeof listApplications>['items'][number]

/** What was applied and taken back; each opens to its changes, and can be taken back. */
export function History({ onPlan }: { onPlan: (source: BlueprintSource) => void }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const { data, error, refetch } = useRoute(listApplications)
  const [opened, setOpened] = useState<Application>()
  const columns = useMemo<Column<Application>[]>(
    () => [
      {
        id: 'name',
        header: t('blueprints.name'),
        clip: true,
        cell: row => (
          <button type="button" className="k-link" onClick={() => setOpened(row)}>
            {row.name[locale]}
          </button>
        ),
      },
      {
        id: 'kind',
        header: t('blueprints.kind'),
        width: 120,
        cell: row => (
          <Badge tone={row.kind === 'apply' ? 'green' : 'line'}>
            {t(row.rolledBack ? 'blueprints.kind.taken' : `blueprints.kind.${row.kind}`)}
          </Badge>
        ),
      },
      {
        id: 'counts',
        header: t('blueprints.changes'),
        narrow: 'hide',
        clip: true,
        cell: row => t('blueprints.counts', { created: row.created, changed: row.changed, deleted: row.deleted }),
      },
      {
        id: 'by',
        header: t('blueprints.by'),
        narrow: 'hide',
        width: 160,
        clip: true,
        cell: row => row.byName ?? t('blueprints.system'),
      },
      {
        id: 'at',
        header: t('blueprints.at'),
        width: 150,
        align: 'end',
        cell: row => <time title={format.dateTime(row.at)}>{format.relative(row.at)}</time>,
      },
      {
        id: 'actions',
        header: t('blueprints.rollBack'),
        actions: true,
        align: 'end',
        width: 120,
        cell: row =>
          !row.rolledBack &&
          row.kind === 'apply' && (
            <Button
              size="small"
              kind="quiet"
              onClick={() => onPlan({ rollback: row.id })}
              aria-label={t('blueprints.rollBackOf', { name: row.name[locale] })}
            >
              {t('blueprints.rollBack')}
            </Button>
          ),
      },
    ],
    [t, format, locale, onPlan],
  )
  if (data?.items.length === 0) return null
  return (
    <Section title={t('blueprints.history')} flush>
      <DataTable
        id="blueprint-applications"
        label={t('blueprints.history')}
        columns={columns}
        rows={data?.items}
        rowId={row => row.id}
        rowName={row => row.name[locale]}
        empty={null}
        {...(error && { problem: { text: wordsOf(error, t), retry: () => void refetch() } })}
      />
      {opened && <OpenedApplication application={opened} onClose={() => setOpened(undefined)} />}
    </Section>
  )
}

function OpenedApplication({ application, onClose }: { application: Application; onClose: () => void }) {
  const t = useText()
  const { locale } = useLocale()
  const { data } = useRoute(getApplication, { params: { id: application.id } })
  return (
    <Drawer open title={application.name[locale]} size="wide" onClose={onClose}>
      {data ? (
        <>
          {data.radius && <Radius radius={data.radius} />}
          <ChangeList
            title={t('blueprints.changes')}
            note={t('blueprints.counts', { created: data.created, changed: data.changed, deleted: data.deleted })}
            changes={data.changes}
          />
        </>
      ) : (
        <SkeletonRows rows={6} />
      )}
    </Drawer>
  )
}
