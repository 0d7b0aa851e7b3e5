import { listScorecardVersions } from '../../../server/signals/scorecards/contract/cards.ts'
import type { ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { useDifferences } from './differences.ts'
import type { Scorecard } from './scorecard.ts'

interface VersionsTabProps {
  card: Scorecard
  /** Takes a version up as the draft. */
  onTake?: ((definition: ScorecardDefinition) => void) | undefined
}

interface Version {
  version: number
  definition: ScorecardDefinition
  note: string | null
  publishedByName: string | null
  publishedAt: string
  before: ScorecardDefinition | undefined
}

/** The versions of a scorecard: who published each and why, what changed, and the way back. */
export function VersionsTab({ card, onTake }: VersionsTabProps) {
  const t = useText()
  const format = useFormat()
  const differences = useDifferences()
  const { data, error, refetch } = useRoute(listScorecardVersions, { params: { id: card.id } })
  const rows = data?.items.map((item, at): Version => ({ ...item, before: data.items[at + 1]?.definition }))
  const columns: Column<Version>[] = [
    {
      id: 'version',
      header: t('scorecards.card.version'),
      width: 144,
      cell: row => (
        <span className="s-badges">
          {t('scorecards.version', { version: row.version })}
          {row.version === card.version && <Badge tone="green">{t('scorecards.versions.current')}</Badge>}
        </span>
      ),
    },
    { id: 'at', header: t('scorecards.versions.at'), width: 144, cell: row => format.dateTime(row.publishedAt) },
    {
      id: 'by',
      header: t('scorecards.versions.by'),
      width: 128,
      narrow: 'hide',
      cell: row => row.publishedByName ?? t('scorecards.versions.system'),
    },
    {
      id: 'changes',
      header: t('scorecards.versions.changes'),
      cell: row => (
        <div className="s-causes">
          {row.note && <p>{row.note}</p>}
          <p className="text-t3">
            {row.before
              ? differences(row.before, row.definition).join(t('scorecards.comma'))
              : t('scorecards.versions.first')}
          </p>
        </div>
      ),
    },
    ...(onTake
      ? [
          {
            id: 'take',
            header: t('scorecards.versions.take'),
            actions: true,
            align: 'end' as const,
            cell: (row: Version) =>
              row.version !== card.version && (
                <Button
                  size="small"
                  onClick={() => {
                    onTake(row.definition)
                    toastDone(t('scorecards.versions.taken', { version: row.version }))
                  }}
                >
                  {t('scorecards.versions.take')}
                </Button>
              ),
          },
        ]
      : []),
  ]
  return (
    <DataTable
      id="scorecard-versions"
      fixed
      label={t('scorecards.tab.versions')}
      columns={columns}
      rows={rows}
      rowId={row => String(row.version)}
      rowName={row => t('scorecards.version', { version: row.version })}
      problem={error && !data ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
      empty={<EmptyState title={t('scorecards.versions.none')} text={t('scorecards.versions.noneText')} />}
    />
  )
}
