import type pg from 'pg'
import { appendRecords } from '../audit/append.ts'
import { tenantIdOf } from '../context/context.ts'
import { kyselyOn } from '../db/kysely.ts'
import { tenantIds } from './catalogue.ts'
import type { BackupHeader } from './manifest.ts'

/**
 * What must not go on as if no time had passed: mails may have left since the backup was made, workers are gone,
 * sessions and links to reset a password may have been ended. Every company's log tells of the gap.
 */
export async function settleRestored(
  owner: pg.Client,
  { takenAt, version }: Pick<BackupHeader, 'takenAt' | 'version'>,
  requestId: string,
): Promise<{ heldMails: number; tenants: number }> {
  const mails = await owner.query(
    `update system_mail set state = 'uncertain', lease_until = null, updated_at = now(), last_error = $1
    where state in ('pending', 'sending')`,
    [`Restored from a backup of ${takenAt}.`],
  )
  await owner.query(
    "update job set state = 'waiting', lease = null, lease_until = null, updated_at = now() where state = 'leased' /* all tenants */",
  )
  await owner.query('delete from user_session')
  await owner.query("delete from user_token where purpose = 'reset_password'")
  const tenants = await tenantIds(owner)
  const tx = kyselyOn(owner)
  const now = new Date()
  for (const id of tenants) {
    const tenantId = tenantIdOf(id)
    await owner.query(`set local app.tenant = '${tenantId}'`)
    await holdMessages(owner, tenantId, takenAt)
    const actor = { kind: 'system', id: undefined, name: 'operator' } as const
    await appendRecords({ tx, tenantId, actor, now, requestId, network: undefined }, [
      { action: 'backup.restored', details: { takenAt, version } },
    ])
  }
  return { heldMails: mails.rowCount ?? 0, tenants: tenants.length }
}

/**
 * Campaigns rest until somebody says that they go on: what they sent after the backup was made is not in it. Single messages
 * are not sent again by themselves, for the same reason. A backup may be older than both.
 */
async function holdMessages(owner: pg.Client, tenantId: string, takenAt: string): Promise<void> {
  const { rows } = await owner.query("select to_regclass('public.campaign') is not null as present")
  if (!rows[0].present) return
  await owner.query(
    `update message set state = 'uncertain', lease_until = null, variables = '{}', updated_at = now(), last_error = $2
    where tenant_id = $1 and (state = 'sending' or state = 'pending' and source_kind <> 'campaign')`,
    [tenantId, `Restored from a backup of ${takenAt}.`],
  )
  await owner.query(
    `update campaign set state = case state when 'sending' then 'paused' else 'late' end, hold = 'restored', updated_at = now()
    where tenant_id = $1 and state in ('sending', 'scheduled')`,
    [tenantId],
  )
}
