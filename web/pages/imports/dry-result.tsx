import type { Counts, ImportDetail } from '../../../server/collect/imports/contract/shapes.ts'
import { useText } from '../../i18n/provider.tsx'
import { Section } from '../../kit/layout.tsx'
import { CountFacts } from './count-facts.tsx'
import { ReportLinks, RowReport } from './row-report.tsx'
import { totalOf } from './state.ts'

/** What a dry run found. */
export function DryResult({ line, counts }: { line: ImportDetail; counts: Counts }) {
  const t = useText()
  return (
    <Section
      title={t('imports.dryDone', { count: totalOf(counts) })}
      note={t('imports.dryNote')}
      end={line.mode === 'dry' && <ReportLinks line={line} failed={counts.failed} />}
    >
      <div className="grid gap-5">
        <CountFacts counts={counts} dry />
        {line.mode === 'dry' && counts.failed + counts.skipped > 0 && <RowReport line={line} counts={counts} dry />}
      </div>
    </Section>
  )
}
