import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { ColleagueChoice } from '../../../platform/identity/contract/colleague.ts'

/** The members whom receivers mean, each once; those who left are nobody. */
export async function membersOf(ctx: Context, receivers: readonly ColleagueChoice[]): Promise<string[]> {
  const ids = (kind: 'member' | 'team') => receivers.flatMap(each => (each.kind === kind ? each.id : []))
  const roles = receivers.flatMap(each => (each.kind === 'role' ? each.role : []))
  const { rows } = await sql<{ id: string }>`
    select m.id from member m where m.tenant_id = ${ctx.tenantId} and (
      m.id = any(${ids('member')}::uuid[]) or m.role = any(${roles}::text[])
      or exists (select 1 from team_member t where t.tenant_id = ${ctx.tenantId} and t.member_id = m.id and t.team_id = any(${ids('team')}::uuid[])))
    order by m.id`.execute(ctx.tx)
  return rows.map(({ id }) => id)
}
