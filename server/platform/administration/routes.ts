import { verifyChain } from '../audit/verify.ts'
import { type Context, permissionScope, record } from '../context/context.ts'
import { forbidden } from '../errors/app-error.ts'
import { implement } from '../http/implement.ts'
import { exportAuditEntries, listAuditEntries, verifyAudit } from './contract/audit.ts'
import { live } from './contract/live.ts'
import { openLiveStream } from './live.ts'
import { asActorNow } from './present.ts'
import { readAuditEntries, streamAuditEntries } from './queries/audit.ts'

export const administrationRoutes = [
  implement(listAuditEntries, (ctx, { query }) => readAuditEntries(ctx, query)),
  implement(exportAuditEntries, async (ctx, { query }) => {
    record(ctx, { action: 'audit.exported', details: { filters: Object.keys(query) } })
    return streamAuditEntries(ctx, query)
  }),
  implement(verifyAudit, ctx => {
    // The chain says something only of the whole log.
    if (permissionScope(ctx.actor, 'audit.read') !== 'all') throw forbidden('audit.read')
    return verifyChain(ctx)
  }),
  implement(live, async ctx => openLiveStream(ctx, () => mayStay(ctx))),
]

/** Whether the actor may still know what happens in the company. */
function mayStay(ctx: Context): Promise<boolean> {
  return asActorNow(ctx, 'company.read', async () => true)
}
