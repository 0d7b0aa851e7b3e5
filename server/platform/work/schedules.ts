import { sql } from 'kysely'
import { z } from 'zod'
import type { Context, Origin } from '../context/context.ts'
import { tenantIdOf } from '../context/context.ts'
import type { Installation } from '../context/installation.ts'
import { forgetCancelled } from '../jobs/forget.ts'
import { type Plan, planSchedules } from '../jobs/schedules.ts'
import { boxes, tables } from '../jobs/tables.ts'
import { inAccount, inTenant } from '../tenancy/transaction.ts'
import { accountJob, type JobDefinition, tenantJob } from './definition.ts'
import type { Module } from './manifest.ts'

/**
 * The module of the queue: gives a new company its schedules, and moves them when its time zone changes.
 * @param definitions every job of the installation; asked for when a job runs, as the modules are listed by then
 */
export function jobsModule(definitions: () => readonly JobDefinition[]): Module {
  const name = 'jobs.plan-schedules'
  return {
    name: 'jobs',
    tables,
    boxes,
    jobs: [
      tenantJob({ name, payload: z.object({}), handle: ctx => planTenant(ctx, tenantPlans(definitions())) }),
      accountJob({
        name: 'jobs.forget-cancelled',
        payload: z.object({}),
        schedule: '41 3 * * *',
        handle: account => forgetCancelled(account.tx),
      }),
    ],
    reactions: { 'company.created': [name], 'company.changed': [name] },
  }
}

/** Brings the schedules of the installation and of all its tenants in line with the definitions. */
export async function planAll(installation: Installation, definitions: readonly JobDefinition[]): Promise<void> {
  const origin: Origin = { requestId: 'schedules', network: undefined, locale: 'ja', now: new Date() }
  const tenants = await inAccount(installation, origin, async account => {
    await planSchedules(account.tx, null, installationPlans(definitions), 'UTC')
    const { rows } = await sql<{ tenant_id: string }>`select tenant_id from tenant_directory`.execute(account.tx)
    return rows.map(row => tenantIdOf(row.tenant_id))
  })
  const plans = tenantPlans(definitions)
  if (plans.length === 0) return
  const actor = { kind: 'system', id: undefined, name: 'jobs.plan-schedules' } as const
  for (const tenantId of tenants) await inTenant(installation, origin, tenantId, actor, ctx => planTenant(ctx, plans))
}

async function planTenant(ctx: Context, plans: readonly Plan[]): Promise<void> {
  const { rows } = await sql<{ time_zone: string }>`
    select time_zone from tenant where id = ${ctx.tenantId}`.execute(ctx.tx)
  const company = rows[0]
  if (company) await planSchedules(ctx.tx, ctx.tenantId, plans, company.time_zone)
}

function tenantPlans(definitions: readonly JobDefinition[]): Plan[] {
  return plansOf(definitions.filter(definition => definition.kind === 'tenant'))
}

function installationPlans(definitions: readonly JobDefinition[]): Plan[] {
  return plansOf(definitions.filter(definition => definition.kind !== 'tenant'))
}

function plansOf(definitions: readonly JobDefinition[]): Plan[] {
  return definitions.flatMap(({ name, schedule }) => (schedule ? [{ name, cron: schedule }] : []))
}
