import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { SignedLink } from '../signed-link.ts'

/** Where a link of a message leads; undefined where message or link are gone. */
export async function linkTarget(ctx: Context, { messageId, linkId }: SignedLink): Promise<string | undefined> {
  const { rows } = await sql<{ target: string }>`
    select l.target from message m join message_link l on l.tenant_id = ${ctx.tenantId} and l.id = ${linkId ?? null}::uuid
    where m.tenant_id = ${ctx.tenantId} and m.id = ${messageId}`.execute(ctx.tx)
  return rows[0]?.target
}
