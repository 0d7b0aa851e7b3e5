import { randomUUID } from 'node:crypto'
import { createCustomers } from '../../server/customers/accounts/commands/save.ts'
import { createContracts, updateContracts } from '../../server/customers/contracts/commands/save.ts'
import { oneKpi } from '../../server/insights/kpis/queries/kpis.ts'
import type { Whose } from '../../server/insights/kpis/queries/statement.ts'
import type { Context } from '../../server/platform/context/context.ts'
import { inTenant } from '../../server/platform/tenancy/transaction.ts'
import { type TestCompany, testOrigin } from './factories.ts'

/** Noon of 15 May 2026 in Japan: in the second month of the fiscal year 2026. */
export const noon = '2026-05-15T03:00:00Z'
const by = { origin: 'person' } as const

/** Works as the system at a moment. */
export function atMoment<Result>(
  company: TestCompany,
  work: (ctx: Context) => Promise<Result>,
  now = noon,
): Promise<Result> {
  const origin = { ...testOrigin(), now: new Date(now) }
  const actor = { kind: 'system', id: undefined, name: 'test' } as const
  return inTenant(company.application.installation, origin, company.tenantId, actor, async ctx => {
    const result = await work(ctx)
    // Events are kept by month; there is no place for those of a month gone by.
    ctx.pending.events.length = 0
    return result
  })
}

/** A customer since a day. @returns its id */
export async function customerSince(
  company: TestCompany,
  contractStart: string,
  values: Record<string, string | number | null> = {},
): Promise<string> {
  const id = randomUUID()
  await atMoment(company, ctx => createCustomers(ctx, [{ id, values: { name: '東和', contractStart, ...values } }], by))
  return id
}

/** A contract, and what becomes of its monthly amount: `[day, amount]`. */
export async function contractOf(
  company: TestCompany,
  customerId: string,
  values: { startsOn: string; amount: number; endsOn?: string; interval?: string },
  changes: readonly [string, number][] = [],
): Promise<void> {
  const id = randomUUID()
  await atMoment(company, async ctx => {
    const status = values.endsOn && values.endsOn < noon.slice(0, 10) ? 'ENDED' : 'ACTIVE'
    await createContracts(
      ctx,
      [{ id, values: { customerId, currency: 'JPY', interval: 'MONTH', status, ...values } } as never],
      by,
    )
    for (const [effectiveOn, amount] of changes) {
      await updateContracts(ctx, [{ id, values: { amount, effectiveOn } } as never], by)
    }
  })
}

/** The value of a KPI in a month with numerator and denominator. */
export async function figureOf(
  company: TestCompany,
  key: string,
  month: string,
  whose: Whose = {},
): Promise<[value: number | null, numerator: number, denominator: number | null]> {
  const kpi = await atMoment(company, ctx => oneKpi(ctx, key, whose))
  const { value, numerator, denominator } = kpi.series.find(figure => figure.month === month)!
  return [value === null ? null : Math.round(value * 1e6) / 1e6, numerator, denominator]
}
