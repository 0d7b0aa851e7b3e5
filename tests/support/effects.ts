import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { z } from 'zod'
import { type Context, enqueue } from '../../server/platform/context/context.ts'
import { type JobDefinition, tenantJob } from '../../server/platform/work/definition.ts'
import { asSystem, type TestCompany } from './factories.ts'

/** A table in which the jobs of a test leave their effects; without row-level security, so that a test sees all. */
export async function addEffects(ownerUrl: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  await owner.query('create table effect (tenant_id uuid not null, number int not null)')
  await owner.query('grant select, insert on effect to kizuna_app')
  await owner.end()
}

/** A job that leaves its number. @param before what happens first, by number */
export function effectJob(before: (number: number, ctx: Context) => Promise<void> = () => sleep(1)): JobDefinition {
  return tenantJob({
    name: 'test.effect',
    payload: z.object({ number: z.number() }),
    async handle(ctx, { number }) {
      await sql`insert into effect (tenant_id, number) values (${ctx.tenantId}, ${number})`.execute(ctx.tx)
      await before(number, ctx)
    },
  })
}

export function enqueueEffects(company: TestCompany, from: number, count: number): Promise<void> {
  return asSystem(company, async ctx => {
    for (let number = from; number < from + count; number++) enqueue(ctx, { name: 'test.effect', payload: { number } })
  })
}

/** The numbers that were left, in order. */
export async function effectsOf(company: TestCompany): Promise<number[]> {
  const { rows } = await company.application.pool.query(
    'select number from effect where tenant_id = $1 order by number',
    [company.tenantId],
  )
  return rows.map(row => row.number)
}

export function numbers(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index)
}
