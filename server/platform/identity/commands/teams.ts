import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { announce, type Context, record, requirePermission } from '../../context/context.ts'
import { forbidden, invalidField, notFound } from '../../errors/app-error.ts'

/** Makes a team. Needs the permission for the whole company: with the scope `team` one manages only the own ones. */
export async function makeTeam(ctx: Context, input: { name: string; memberIds: string[] }): Promise<string> {
  if (requirePermission(ctx, 'teams.manage') !== 'all') throw forbidden('teams.manage')
  const id = uuidv7()
  const { numAffectedRows } = await sql`
    insert into team (tenant_id, id, name) values (${ctx.tenantId}, ${id}, ${input.name}) on conflict (tenant_id, name) do nothing`.execute(
    ctx.tx,
  )
  if (numAffectedRows !== 1n) throw nameTaken()
  await setMembers(ctx, id, input.memberIds)
  record(ctx, { action: 'team.created', subject: { kind: 'team', id }, details: { members: input.memberIds } })
  announce(ctx, { type: 'team.created', subject: { kind: 'team', id }, payload: {} })
  return id
}

/** Renames a team or sets its members. @throws AppError `not_found`, also for a team outside of the actor's scope */
export async function changeTeam(
  ctx: Context,
  id: string,
  input: { name?: string; memberIds?: string[] },
): Promise<void> {
  await lockTeam(ctx, id)
  if (input.name !== undefined) {
    const taken = await sql`
      select 1 from team where tenant_id = ${ctx.tenantId} and name = ${input.name} and id <> ${id}`.execute(ctx.tx)
    if (taken.rows.length > 0) throw nameTaken()
    await sql`update team set name = ${input.name}, updated_at = ${ctx.now} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
      ctx.tx,
    )
  }
  if (input.memberIds) await setMembers(ctx, id, input.memberIds)
  const details = { renamed: input.name !== undefined, ...(input.memberIds ? { members: input.memberIds } : {}) }
  record(ctx, { action: 'team.changed', subject: { kind: 'team', id }, details })
  announce(ctx, { type: 'team.changed', subject: { kind: 'team', id }, payload: {} })
}

/** Dissolves a team. @throws AppError `not_found` */
export async function dissolveTeam(ctx: Context, id: string): Promise<void> {
  await lockTeam(ctx, id)
  await sql`delete from team where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, { action: 'team.deleted', subject: { kind: 'team', id } })
  announce(ctx, { type: 'team.deleted', subject: { kind: 'team', id }, payload: {} })
}

async function lockTeam(ctx: Context, id: string): Promise<void> {
  const scope = requirePermission(ctx, 'teams.manage')
  const { rows } = await sql`
    select 1 from team where tenant_id = ${ctx.tenantId} and id = ${id}
      and (${scope === 'all'} or exists (select 1 from team_member m
        where m.tenant_id = ${ctx.tenantId} and m.team_id = ${id} and m.member_id = ${ctx.actor.id ?? null}::uuid))
    for update`.execute(ctx.tx)
  if (rows.length === 0) throw notFound()
}

/** @throws AppError `invalid_input` when one of the ids is no member of this company */
async function setMembers(ctx: Context, id: string, memberIds: string[]): Promise<void> {
  const wanted = [...new Set(memberIds)]
  await sql`delete from team_member where tenant_id = ${ctx.tenantId} and team_id = ${id}`.execute(ctx.tx)
  const { numAffectedRows } = await sql`
    insert into team_member (tenant_id, team_id, member_id)
    select ${ctx.tenantId}, ${id}, m.id from member m where m.tenant_id = ${ctx.tenantId} and m.id = any(${wanted}::uuid[])
    on conflict do nothing`.execute(ctx.tx)
  if (Number(numAffectedRows) === wanted.length) return
  throw invalidField('body.memberIds', {
    ja: 'メンバーではない人が含まれています。一覧を読み込み直してください。',
    en: 'Somebody in this list is not a member. Load the list again.',
  })
}

function nameTaken() {
  return invalidField('body.name', { ja: '同じ名前のチームがあります。', en: 'There is a team of this name already.' })
}
