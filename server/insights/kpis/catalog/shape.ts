import { type RawBuilder, sql } from 'kysely'
import type { Words } from '../../../platform/errors/words.ts'
import type { Role } from '../../../platform/permissions/contract.ts'
import type { kpiThemes, kpiUnits, kpiWindows } from '../contract.ts'

/** What the rows of a KPI may read beside the relations `asked c` and `span s`. */
export interface KpiReader {
  tenantId: string
  /** The company's time zone, currency and what day it is there. */
  zone: string
  currency: string
  today: string
  now: Date
  /** `asked` is less than the whole company. */
  narrowed: boolean
  /** The place of a metric among the figures, as a literal. */
  place(metric: string): RawBuilder<number>
  /** The tiers with a promise of a first answer: key and hours, as JSON. */
  promises: string
}

export interface KpiDefinition {
  key: string
  theme: (typeof kpiThemes)[number]
  words: Words
  /** What it says and of whom, in a sentence or two. */
  definition: Words
  /** Arithmetic that reads the same in both languages. */
  formula: string
  unit: (typeof kpiUnits)[number]
  direction: 'up' | 'down' | 'neither'
  window: (typeof kpiWindows)[number]
  ownerRole: Role
  /** What its two columns of rows are called; without a denominator the numerator is added up. */
  parts: { numerator: Words; denominator?: Words }
  /** By what numerator over denominator is multiplied; 1 where left out. */
  scale?: number
  /**
   * A SELECT of `month`, `customer_id`, `numerator`, `denominator`, any number of rows a customer, from:
   * - `asked c`: the customers asked for, with what their record says now;
   * - `span s`: the periods: `month`, `opens` (first day), `ends` (the day after the last), `as_of` (the last day, today
   *   at most), `opens_at`, `ends_at` (moments; now at most).
   */
  rows(at: KpiReader): RawBuilder<unknown>
}

/** The customer `c` had not left by a day. */
export const notLeft = (day: RawBuilder<unknown>) => sql`(c.status <> 'CHURNED' or c.churned_on > ${day})`

/**
 * The figures of customers as of the end of each period, as `figures_at`: those of now for the running one, else the last
 * kept ones within a month before its end.
 */
export function figuresAt(at: KpiReader): RawBuilder<unknown> {
  return sql`(
    select s.month, s.as_of, f.customer_id, f.figures from span s
    join customer_figures f on f.tenant_id = ${at.tenantId} where s.as_of >= ${at.today}::date
    union all
    select s.month, s.as_of, f.customer_id, f.figures from span s
    join lateral (select max(d.day) as day from figures_day d
      where d.tenant_id = ${at.tenantId} and d.day <= s.as_of and d.day > s.as_of - 31) kept on true
    join figures_daily f on f.tenant_id = ${at.tenantId} and f.day = kept.day where s.as_of < ${at.today}::date) as figures_at`
}
