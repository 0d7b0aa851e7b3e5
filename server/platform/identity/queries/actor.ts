import { sql } from 'kysely'
import type { Actor, Context } from '../../context/context.ts'
import type { Role } from '../../permissions/contract.ts'
import { idleDays } from '../session.ts'

/**
 * The actor as they stand at this moment, for work that outlives its request: with the role of now.
 * @returns undefined when they may not act any more: not a member, signed out or elsewhere; the key revoked or expired
 */
export async function readActor(ctx: Context): Promise<Actor | undefined> {
  const { actor, tenantId } = ctx
  if (actor.kind === 'system') return actor
  if (actor.kind === 'member') {
    const { rows } = await sql<{ role: Role }>`
      select m.role from member m join user_session s on s.user_id = m.user_id
      where m.tenant_id = ${tenantId} and m.id = ${actor.id} and s.id = ${actor.sessionId} and s.tenant_id = ${tenantId}
        and not s.second_factor_pending and s.expires_at > now()
        and s.last_seen_at > now() - make_interval(days => ${idleDays})`.execute(ctx.tx)
    return rows[0] && { ...actor, role: rows[0].role }
  }
  if (actor.kind === 'api_key') {
    const { rows } = await sql<{ role: Role; scopes: string[] }>`
      select role, scopes from api_key where tenant_id = ${tenantId} and id = ${actor.id} and revoked_at is null
        and (expires_at is null or expires_at > now())`.execute(ctx.tx)
    return rows[0] && { ...actor, role: rows[0].role, limit: rows[0].scopes }
  }
  return undefined
}
