import { saasSuccessAlerts } from './engage/alerts/catalog/saas-success.ts'
import { createAlertRule } from './engage/alerts/commands/rules.ts'
import { createAlertRule as contract } from './engage/alerts/contract/rules.ts'
import type { Context } from './platform/context/context.ts'

/** The alert rules of `saas-success` for a demo company whose customers were judged; their alerts open at once. */
export async function warnDemo(ctx: Context): Promise<void> {
  for (const rule of saasSuccessAlerts) await createAlertRule(ctx, contract.body.parse(rule))
}
