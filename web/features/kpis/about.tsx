import { lazy, Suspense } from 'react'
import { withTexts } from '../../i18n/load.ts'
import { useText } from '../../i18n/provider.tsx'
import { IconButton } from '../../kit/button.tsx'
import { Popover } from '../../kit/popover.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'

const Definition = lazy(withTexts(async () => ({ default: (await import('./definition.tsx')).Definition }), 'kpis'))

/** What a number is: its definition and formula, and the way to the rows behind it. Fetched when it is opened. */
export function AboutKpi({ kpi, name }: { kpi: string; name: string }) {
  const t = useText()
  const label = `${name}: ${t('kit.chart.definition')}`
  return (
    <Popover label={label} trigger={<IconButton icon="info" label={label} />}>
      <Suspense fallback={<SkeletonRows rows={3} />}>
        <Definition kpi={kpi} />
      </Suspense>
    </Popover>
  )
}
