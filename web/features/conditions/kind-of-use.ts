/** What can name a metric, a field or a segment, and has a word (`segments.use.*`). */
const kinds = [
  'segment',
  'view',
  'metric',
  'scorecard',
  'alert_rule',
  'flow',
  'scoring_rule',
  'scoring_settings',
  'lifecycle_stage',
  'risk_signal',
] as const

/** The kind of a use as its word is called; what a newer server names is a segment here. */
export function kindOfUse(kind: string): (typeof kinds)[number] {
  return kinds.find(known => known === kind) ?? 'segment'
}
