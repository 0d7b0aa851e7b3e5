import { useCallback } from 'react'
import type { Kpi } from '../../../server/insights/kpis/contract.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { headline, kpiValue } from './value.ts'

const tones = { met: 'green', near: 'yellow', missed: 'red' } as const

/** What is to be reached and whether it is, in words; nothing where there is no target. */
export function TargetState({ kpi }: { kpi: Kpi }) {
  const t = useText()
  if (kpi.state === 'none') return null
  return <Badge tone={tones[kpi.state]}>{t(`kpis.state.${kpi.state}`)}</Badge>
}

/** The target of the headline's period: "at least 95.0%". */
export function useTargetWords(): (kpi: Kpi) => string | null {
  const t = useText()
  const format = useFormat()
  return useCallback(
    kpi => {
      const { target } = headline(kpi)
      if (!kpi.target || target === null) return null
      return t(`kpis.bound.${kpi.target.bound}`, { value: kpiValue(kpi, target, format, t) })
    },
    [t, format],
  )
}
