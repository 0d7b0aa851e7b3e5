import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { type Model, readModel } from '../../../platform/learning/model.ts'
import type { LiveModel } from './models.ts'

/** Models that were read lately; a version's content never changes. */
const read = new Map<string, Model>()
const mostRead = 8

/** The model of a version, ready to predict. */
export async function servedModel(
  ctx: Context,
  { id, algorithm }: Pick<LiveModel, 'id' | 'algorithm'>,
): Promise<Model> {
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
