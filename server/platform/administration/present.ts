import { type Context, permissionScope } from '../context/context.ts'
import { forbidden } from '../errors/app-error.ts'
import { readActor } from '../identity/queries/actor.ts'
import type { Permission } from '../permissions/contract.ts'
import { inTenant } from '../tenancy/transaction.ts'

/**
 * Does a piece of work that outlives its request, in a transaction of its own and as the actor of this moment.
 * @throws AppError `forbidden` when they do not hold the permission any more, in whatever scope
 */
export async function asActorNow<Result>(
  { installation, tenantId, actor, requestId, network, locale }: Context,
  permission: Permission,
  work: (ctx: Context) => Promise<Result>,
): Promise<Result> {
  return inTenant(installation, { requestId, network, locale, now: new Date() }, tenantId, actor, async ctx => {
    const present = await readActor(ctx)
    if (!present || !permissionScope(present, permission)) throw forbidden(permission)
    ctx.actor = present
    return work(ctx)
  })
}
