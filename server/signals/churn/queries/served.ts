import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { type Model, readModel } from '../../../platform/learning/model.ts'
import type { Table } from '../../../platform/learning/table.ts'
import { placesOf } from '../../metrics/queries/places.ts'
import { categories } from '../features.ts'
import { ColumnBuilder, type ObservationRow } from '../observations.ts'
import type { LiveModel } from './models.ts'

/** Models that were read lately; a version's content never changes. */
const read = new Map<string, Model>()
const mostRead = 8

/** A model that is ready to judge customers. */
export interface Served {
  model: Model
  /** Names of its columns. */
  features: readonly string[]
  /** Places of its numbers among a customer's figures (0: none), as `customersNow` takes them. */
  places: readonly number[]
  /** Customers as the model sees them. */
  tableOf(rows: readonly ObservationRow[]): Table
}

/** The model of a version, ready to judge. */
export async function servedModel(ctx: Context, live: Pick<LiveModel, 'id' | 'algorithm'>): Promise<Served> {
  const model = await modelOf(ctx, live)
  const places = await placesOf(ctx)
  const columns = model.columns()
  const numbers = columns.filter(({ kind }) => kind === 'number').map(({ name }) => name)
  return {
    model,
    features: columns.map(({ name }) => name),
    places: numbers.map(name => places.get(name) ?? 0),
    tableOf(rows) {
      const builder = new ColumnBuilder(
        numbers,
        categories.map(({ name }) => name),
      )
      for (const row of rows) builder.add(row)
      return builder.table()
    },
  }
}

async function modelOf(ctx: Context, { id, algorithm }: Pick<LiveModel, 'id' | 'algorithm'>): Promise<Model> {
  const key = `${ctx.tenantId} ${id} ${algorithm}`
  const known = read.get(key)
  if (known) return known
  const { rows } = await sql<{ content: Buffer }>`
    select content from churn_model_content where tenant_id = ${ctx.tenantId} and model_id = ${id} and algorithm = ${algorithm}`.execute(
    ctx.tx,
  )
  const model = readModel(rows[0]!.content)
  read.set(key, model)
  if (read.size > mostRead) read.delete(read.keys().next().value!)
  return model
}
