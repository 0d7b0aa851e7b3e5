import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { Block, TemplateContent } from '../contract/blocks.ts'
import type { MessageSettings } from '../contract/settings.ts'

const asTheProductHasIt: MessageSettings = {
  openTracking: true,
  clickTracking: true,
  withoutConsent: false,
  postalAddress: '',
  lateHours: 6,
}

export async function messageSettings(ctx: Context): Promise<MessageSettings> {
  const { rows } = await sql<MessageSettings>`
    select open_tracking as "openTracking", click_tracking as "clickTracking", without_consent as "withoutConsent",
      postal_address as "postalAddress", late_hours as "lateHours"
    from message_settings where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  return rows[0] ?? asTheProductHasIt
}

/** What stands under the keys of reusable blocks, by language. */
export async function sharedBlocks(ctx: Context): Promise<Record<'ja' | 'en', Map<string, readonly Block[]>>> {
  const { rows } = await sql<{ key: string; content: { ja?: Block[]; en?: Block[] } }>`
    select key, content from message_block where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  const of = (language: 'ja' | 'en', other: 'ja' | 'en') =>
    new Map(rows.map(({ key, content }) => [key, content[language] ?? content[other] ?? []]))
  return { ja: of('ja', 'en'), en: of('en', 'ja') }
}

/** Contents of versions. @param wanted `template id` and `version` */
export async function versionContents(
  ctx: Context,
  wanted: readonly { template: string; version: number }[],
): Promise<Map<string, TemplateContent>> {
  const { rows } = await sql<{ template: string; version: number; content: TemplateContent }>`
    select v.template_id as template, v.version, v.content
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as line (template uuid, version integer)
    join message_template_version v on v.tenant_id = ${ctx.tenantId} and v.template_id = line.template and v.version = line.version`.execute(
    ctx.tx,
  )
  return new Map(rows.map(row => [`${row.template} ${row.version}`, row.content]))
}
