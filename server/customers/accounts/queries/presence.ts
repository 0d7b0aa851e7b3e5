import { type RawBuilder, sql } from 'kysely'

/** The customer `c` was one at the end of a day: its contract had begun (else its record was made), and it had not left. */
export function thereOn(zone: string | RawBuilder<unknown>, day: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`(coalesce(c.contract_start, (c.created_at at time zone ${zone})::date) <= ${day}
    and case when c.status = 'CHURNED' then c.churned_on > ${day} else true end)`
}

/** The customer `c` left after the end of one day and until the end of another. */
export function leftWithin(after: RawBuilder<unknown>, until: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`(c.status = 'CHURNED' and c.churned_on > ${after} and c.churned_on <= ${until})`
}
