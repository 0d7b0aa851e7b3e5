import { type RawBuilder, sql } from 'kysely'
import type { AsOf, Reader } from '../../../platform/context/vocabulary.ts'

export interface Calendar {
  /** The company's time zone. */
  zone: string
  /** Today there, YYYY-MM-DD. */
  today: string
}

/** The company's time zone and what day it is there. */
export async function calendarOf(reader: Reader): Promise<Calendar> {
  const { rows } = await sql<Calendar>`
    select time_zone as zone, (${reader.now}::timestamptz at time zone time_zone)::date::text as today
    from tenant where id = ${reader.tenantId}`.execute(reader.tx)
  return rows[0]!
}

/** Keeps a statement to some customers: their ids, or a statement that gives their ids. */
export type Customers = readonly string[] | RawBuilder<unknown>

/**
 * What the sources need to know of the day for which figures are worked out.
 * @param customers left out: every customer of the company
 */
export function asOf(reader: Reader, { zone }: Calendar, day: string, customers?: Customers): AsOf {
  const date = sql<string>`${day}::date`
  return {
    tenantId: reader.tenantId,
    day: date,
    end: sql`((${day}::date + 1)::timestamp at time zone ${zone})`,
    zone,
    only: customer => within(customer, customers),
  }
}

/** A condition on the expression of a customer's id. */
export function within(customer: RawBuilder<unknown>, customers: Customers | undefined): RawBuilder<boolean> {
  if (customers === undefined) return sql`true`
  return isList(customers) ? sql`${customer} = any(${customers}::uuid[])` : sql`${customer} in (${customers})`
}

function isList(customers: Customers): customers is readonly string[] {
  return Array.isArray(customers)
}
