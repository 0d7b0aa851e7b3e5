import { z } from 'zod'
import { shippedPart } from './catalog/blueprints/queries.ts'
import { createAlertRule } from './engage/alerts/commands/rules.ts'
import { createAlertRule as contract } from './engage/alerts/contract/rules.ts'
import type { Context } from './platform/context/context.ts'

/** The alert rules of `saas-success` for a demo company whose customers were judged; their alerts open at once. */
export async function warnDemo(ctx: Context): Promise<void> {
  for (const rule of shippedPart('saas-success', 'alertRules', z.array(contract.body))) await createAlertRule(ctx, rule)
}
