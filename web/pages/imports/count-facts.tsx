import type { Counts } from '../../../server/collect/imports/contract/shapes.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Facts } from '../../kit/layout.tsx'

const outcomes = ['created', 'updated', 'unchanged', 'skipped', 'failed'] as const

/** What became of the rows, or would. */
export function CountFacts({ counts, dry }: { counts: Counts; dry: boolean }) {
  const t = useText()
  const format = useFormat()
  return (
    <Facts
      facts={outcomes.map(outcome => ({
        label: t(dry ? `imports.would.${outcome}` : `imports.outcome.${outcome}`),
        value: (
          <span className={outcome === 'failed' && counts.failed > 0 ? 'im-bad' : undefined}>
            {format.number(counts[outcome])}
          </span>
        ),
      }))}
    />
  )
}
