import type { blueprints, targetBounds } from '../contract.ts'

interface DefaultTarget {
  kpi: string
  bound: (typeof targetBounds)[number]
  /** By year; the last one stays. */
  steps: readonly [number, ...number[]]
}

const atLeast = (kpi: string, ...steps: [number, ...number[]]): DefaultTarget => ({ kpi, bound: 'at_least', steps })
const atMost = (kpi: string, ...steps: [number, ...number[]]): DefaultTarget => ({ kpi, bound: 'at_most', steps })
const over = (kpi: string, ...steps: [number, ...number[]]): DefaultTarget => ({ kpi, bound: 'more_than', steps })
const under = (kpi: string, ...steps: [number, ...number[]]): DefaultTarget => ({ kpi, bound: 'less_than', steps })

/** What the programmes that Kizuna ships with aim at. */
export const defaultTargets: Readonly<Record<(typeof blueprints)[number], readonly DefaultTarget[]>> = {
  // KPI-1, KPI-2, KPI-3
  'saas-success': [
    atLeast('grr', 95),
    atLeast('nrr', 120),
    atMost('yearly_churn_rate', 5),
    atLeast('nps', 50),
    atLeast('onboarding_completion', 90),
    atLeast('green_ratio', 75),
    atMost('time_to_first_value', 14),
    atLeast('review_completion', 95),
    atLeast('core_adoption', 70),
    atLeast('expansion_rate', 20),
  ],
  // KPI-4
  'plugin-marketplace': [
    under('monthly_churn_rate', 3, 2.5, 2),
    over('logo_retention', 85, 88, 90),
    over('nrr', 100, 110, 120),
    over('nps', 55, 60, 65),
    over('csat', 4, 4.3, 4.5),
    over('mean_health', 65, 75, 85),
    atLeast('urgent_alerts_in_24h', 100),
  ],
  // KPI-5
  'early-success': [
    atLeast('core_adoption', 90),
    atLeast('value_within_30_days', 90),
    atLeast('healthy_share', 80),
    over('nps', 50),
    over('csat', 4.5),
    atLeast('expanded_share', 30),
    atLeast('logo_retention', 95),
    atLeast('case_studies', 5),
    atLeast('nrr', 100),
  ],
}
