import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { pino } from 'pino'
import { jobDefinitions } from './modules.ts'
import { operate, operator, origin } from './operate.ts'
import { tenantOrOnly } from './operator-companies.ts'
import type { TenantId } from './platform/context/context.ts'
import type { Installation } from './platform/context/installation.ts'
import { AppError } from './platform/errors/app-error.ts'
import type { Inside } from './platform/tenancy/inside.ts'
import { inTenant } from './platform/tenancy/transaction.ts'
import { startRunner } from './platform/work/runner.ts'
import { promoteModel, startPrediction, startTraining } from './signals/churn/commands/models.ts'
import { predictJob, trainJob } from './signals/churn/events.ts'
import { customerChurn } from './signals/churn/queries/customer.ts'
import { getModel, modelLineOf } from './signals/churn/queries/models.ts'
import { overviewOf } from './signals/churn/queries/overview.ts'

interface Where {
  tenant?: string | undefined
}

function inCompany<Result>(
  { tenant }: Where,
  work: (inside: Inside, installation: Installation) => Promise<Result>,
): Promise<Result> {
  return operate(async installation => {
    const tenantId: TenantId = await tenantOrOnly(installation, tenant)
    return work(each => inTenant(installation, origin(), tenantId, operator, each), installation)
  }, 6)
}

/** Does the jobs of the module here, or lets a worker that runs do them, until `isDone`. */
async function working<Result>(installation: Installation, isDone: () => Promise<Result | undefined>): Promise<Result> {
  const definitions = jobDefinitions.filter(({ name }) => name === trainJob || name === predictJob)
  const runner = startRunner({ installation, definitions, workers: 1, log: pino({ level: 'silent' }) })
  try {
    for (;;) {
      const result = await isDone()
      if (result !== undefined) return result
      await delay(250)
    }
  } finally {
    await runner.close()
  }
}

/**
 * Trains a version and waits for its end.
 * @param promote lets it serve at once, by the proposed trees
 * @throws AppError `conflict` where there is too little to learn from, or a training is under way
 */
export async function trainOf(
  { promote, seed, ...where }: Where & { promote: boolean; seed: number },
  onProgress: (stage: string, share: number) => void,
) {
  return inCompany(where, async (inside, installation) => {
    const id = await inside(ctx => startTraining(ctx, { seed }))
    await working(installation, async () => {
      const line = await inside(ctx => modelLineOf(ctx, id))
      if (line.state === 'training') {
        onProgress(line.stage ?? 'gathering', line.progress)
        return undefined
      }
      return line
    })
    const model = await inside(ctx => getModel(ctx, id))
    if (promote && model.state === 'ready') await inside(ctx => promoteModel(ctx, id, undefined))
    return promote ? inside(ctx => getModel(ctx, id)) : model
  })
}

/** Judges everybody anew and waits for it. @returns what the overview shows then */
export async function predictOf(where: Where) {
  return inCompany(where, async (inside, installation) => {
    const before = (await inside(overviewOf)).predictedAt
    await inside(async ctx => startPrediction(ctx))
    return working(installation, async () => {
      const overview = await inside(overviewOf)
      return overview.predictedAt !== before ? overview : undefined
    })
  })
}

/** What is expected of a customer, with reasons. @param customer its id, its external id, or its name */
export async function explainOf(customer: string, where: Where) {
  return inCompany(where, async inside =>
    inside(async ctx => {
      const { rows } = await sql<{ id: string; name: string }>`
        select c.id, c.name from customer c where c.tenant_id = ${ctx.tenantId} and c.merged_into is null
          and (c.id::text = ${customer} or c.external_id = ${customer} or c.name = ${customer}) limit 2`.execute(ctx.tx)
      if (rows.length === 1) return customerChurn(ctx, rows[0]!.id)
      throw rows.length === 0
        ? new AppError('not_found', {
            ja: `「${customer}」という顧客はいません。ID、外部ID、または名前を指定してください。`,
            en: `There is no customer "${customer}". Give its id, its external id or its name.`,
          })
        : new AppError('conflict', {
            ja: `「${customer}」という名前の顧客が複数います。IDを指定してください。`,
            en: `Several customers are called "${customer}". Give the id.`,
          })
    }),
  )
}
