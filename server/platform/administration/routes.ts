import { sql } from 'kysely'
import { verifyChain } from '../audit/verify.ts'
import { type Context, permissionScope, record } from '../context/context.ts'
import { forbidden } from '../errors/app-error.ts'
import { implement } from '../http/implement.ts'
import { inTenant } from '../tenancy/transaction.ts'
import { exportAuditEntries, listAuditEntries, verifyAudit } from './contract/audit.ts'
import { live } from './contract/live.ts'
import { openLiveStream } from './live.ts'
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
  implement(live, async ctx => openLiveStream(ctx.tenantId, () => isStillHere(ctx))),
]

/** Whether the member still belongs to the company and is signed in, or the key still works. */
async function isStillHere(ctx: Context): Promise<boolean> {
  const { installation, tenantId, actor, requestId, network, locale } = ctx
  return inTenant(installation, { requestId, network, locale, now: new Date() }, tenantId, actor, async inner => {
    const { rows } =
      actor.kind === 'member'
        ? await sql`
            select 1 from member m join user_session s on s.user_id = m.user_id
            where m.tenant_id = ${tenantId} and m.id = ${actor.id} and s.id = ${actor.sessionId} and s.tenant_id = ${tenantId}`.execute(
            inner.tx,
          )
        : await sql`
            select 1 from api_key where tenant_id = ${tenantId} and id = ${actor.id ?? null}::uuid and revoked_at is null
              and (expires_at is null or expires_at > now())`.execute(inner.tx)
    return rows.length > 0
  })
}
