import { sql } from 'kysely'
import type { Reader } from '../../../platform/context/vocabulary.ts'

/** At which place of a customer's figures each metric stands, counted from 1. */
export async function placesOf(reader: Reader): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ key: string; place: number }>`
    select key, place from metric_place where tenant_id = ${reader.tenantId} order by place`.execute(reader.tx)
  return new Map(rows.map(({ key, place }) => [key, place]))
}
