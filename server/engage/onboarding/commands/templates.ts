import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import { compileCondition } from '../../../catalog/conditions/queries/sql.ts'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, invalidField } from '../../../platform/errors/app-error.ts'
import type { JourneyDefinition, StartRule } from '../contract/definition.ts'
import type { createOnboardingTemplate as create, updateOnboardingTemplate as update } from '../contract/templates.ts'
import { lockTemplate, type StoredTemplate } from '../queries/stored.ts'
import { conditionsOf } from '../queries/uses.ts'

const most = 100

function isEmpty(condition: Condition): boolean {
  if ('not' in condition) return isEmpty(condition.not)
  const parts = 'all' in condition ? condition.all : 'any' in condition ? condition.any : undefined
  return parts?.length === 0
}

/** @throws AppError `invalid_input` where a condition names what is not there, or a rule lacks its segment */
async function admit(ctx: Context, definition: JourneyDefinition, starts: StartRule | null): Promise<void> {
  if (starts?.on === 'segment' && !starts.segments) {
    throw invalidField('body.starts.segments', { ja: 'セグメントを選択してください。', en: 'Choose a segment.' })
  }
  for (const { path, condition } of conditionsOf(definition, starts)) {
    // An empty one holds for everybody: it would fulfil a task at once, or warn of every customer.
    if (isEmpty(condition) && !path.startsWith('starts.')) {
      throw invalidField(`body.${path}`, {
        ja: '条件を1つ以上追加してください。',
        en: 'Add at least one condition.',
      })
    }
    try {
      await compileCondition(ctx, 'customer', condition)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'invalid_input') throw error
      throw invalidField(`body.${path}`, error.words)
    }
  }
}

/** @throws AppError `invalid_input` at the role of who is no member */
async function admitPeople(ctx: Context, people: StoredTemplate['people']): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select m.id from member m where m.tenant_id = ${ctx.tenantId} and m.id = any(${Object.values(people)}::uuid[])`.execute(
    ctx.tx,
  )
  for (const [role, member] of Object.entries(people)) {
    if (rows.some(({ id }) => id === member)) continue
    throw invalidField(`body.people.${role}`, {
      ja: 'そのメンバーは会社にいません。別のメンバーを選択してください。',
      en: 'There is no such member in the company. Choose somebody else.',
    })
  }
}

/** Makes a template. @returns its id */
export async function createTemplate(ctx: Context, input: z.output<typeof create.body>): Promise<string> {
  requirePermission(ctx, 'onboarding.manage')
  const id = uuidv7()
  const key = input.key ?? `journey-${id.slice(-12)}`
  const { rows } = await sql<{ count: number; taken: boolean }>`
    select count(*)::int as count, coalesce(bool_or(key = ${key}), false) as taken from onboarding_template
    where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  if (rows[0]!.taken) {
    throw invalidField('body.key', { ja: `キー「${key}」は使われています。`, en: `The key "${key}" is taken.` })
  }
  if (rows[0]!.count >= most) {
    throw new AppError('conflict', {
      ja: `テンプレートは${most}個までです。使っていないものを削除してください。`,
      en: `A company has at most ${most} templates. Delete those that nobody uses.`,
    })
  }
  await admit(ctx, input.definition, input.starts)
  await admitPeople(ctx, input.people ?? {})
  await sql`
    insert into onboarding_template (tenant_id, id, key, name_ja, name_en, state, version, starts, starts_since, people, created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${key}, ${input.nameJa}, ${input.nameEn}, 'enabled', 1,
      ${input.starts && JSON.stringify(input.starts)}::jsonb, ${input.starts && ctx.now}::timestamptz, ${JSON.stringify(input.people ?? {})}::jsonb,
      ${ctx.now}, ${ctx.now})`.execute(ctx.tx)
  await insertVersion(ctx, id, 1, input.definition)
  record(ctx, {
    action: 'onboarding_template.created',
    subject: { kind: 'onboarding_template', id },
    details: { key },
  })
  changed(ctx, id)
  return id
}

async function insertVersion(ctx: Context, id: string, version: number, definition: JourneyDefinition): Promise<void> {
  await sql`
    insert into onboarding_template_version (tenant_id, template_id, version, definition, created_by, created_at)
    values (${ctx.tenantId}, ${id}, ${version}, ${JSON.stringify(definition)}::jsonb,
      ${ctx.actor.kind === 'member' ? ctx.actor.id : null}::uuid, ${ctx.now})`.execute(ctx.tx)
}

/**
 * Changes a template. Another definition is a new version; journeys that run stay on theirs.
 * @throws AppError `not_found`; `conflict` where a newer version than the one that was changed is there
 */
export async function updateTemplate(ctx: Context, id: string, input: z.output<typeof update.body>): Promise<void> {
  requirePermission(ctx, 'onboarding.manage')
  const known = await lockTemplate(ctx, id)
  if (input.version !== undefined && input.version !== known.version) {
    throw new AppError('conflict', {
      ja: `編集中に、ほかの人がこのテンプレートを変更しました（現在は第${known.version}版）。必要な内容を控えて「やめる」で閉じ、もう一度開いてください。`,
      en: `Somebody else changed this template meanwhile (it is at version ${known.version} now). Note what you need, cancel, and open it again.`,
    })
  }
  const starts = input.starts === undefined ? known.starts : input.starts
  const definition = input.definition ?? known.definition
  const people = input.people ?? known.people
  await admit(ctx, definition, starts)
  if (input.people) await admitPeople(ctx, people)
  const isNew = await differs(ctx, id, known.version, definition)
  const version = isNew ? known.version + 1 : known.version
  if (isNew) await insertVersion(ctx, id, version, definition)
  const anew = starts !== null && (known.starts === null || known.starts.on !== starts.on || known.state === 'archived')
  const since = starts === null ? null : anew ? ctx.now : known.starts_since
  await sql`
    update onboarding_template set name_ja = ${input.nameJa ?? known.name_ja}, name_en = ${input.nameEn ?? known.name_en},
      state = ${input.state ?? known.state}, version = ${version}, starts = ${starts && JSON.stringify(starts)}::jsonb,
      starts_since = ${since}::timestamptz, people = ${JSON.stringify(people)}::jsonb, fault = null, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, {
    action: 'onboarding_template.changed',
    subject: { kind: 'onboarding_template', id },
    details: { fields: Object.keys(input).filter(field => field !== 'version'), version },
  })
  changed(ctx, id)
}

async function differs(ctx: Context, id: string, version: number, definition: JourneyDefinition): Promise<boolean> {
  const { rows } = await sql`
    select 1 from onboarding_template_version where tenant_id = ${ctx.tenantId} and template_id = ${id} and version = ${version}
      and definition = ${JSON.stringify(definition)}::jsonb`.execute(ctx.tx)
  return rows.length === 0
}

/** Deletes a template. @throws AppError `not_found`; `conflict` for one that customers went through */
export async function deleteTemplate(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'onboarding.manage')
  const { key } = await lockTemplate(ctx, id)
  const { rows } = await sql`
    select 1 from onboarding_journey where tenant_id = ${ctx.tenantId} and template_id = ${id} limit 1`.execute(ctx.tx)
  if (rows.length > 0) {
    throw new AppError('conflict', {
      ja: 'このテンプレートを使ったオンボーディングがあるため、削除できません。アーカイブしてください。',
      en: 'Customers went through this template, so it cannot be deleted. Archive it.',
    })
  }
  await sql`delete from onboarding_template where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, { action: 'onboarding_template.deleted', subject: { kind: 'onboarding_template', id }, details: { key } })
  changed(ctx, id)
}

function changed(ctx: Context, id: string): void {
  announce(ctx, { type: 'onboarding_template.changed', subject: { kind: 'onboarding_template', id }, payload: {} })
}
