import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { reactions, vocabulary } from '../../server/modules.ts'
import { verifyChain } from '../../server/platform/audit/verify.ts'
import { tenantIdOf } from '../../server/platform/context/context.ts'
import { applicationUrl, createPool } from '../../server/platform/db/pool.ts'
import { mailPlace } from '../../server/platform/mail/queue.ts'
import { unseal } from '../../server/platform/secrets/box.ts'
import { keyringOf } from '../../server/platform/secrets/keyring.ts'
import { inTenant } from '../../server/platform/tenancy/transaction.ts'
import type { Acknowledged } from './load.ts'

export interface Verdict {
  /** Acknowledged, and not there. */
  lost: number
  /** There more than once: companies, invitations, teams, or mails beyond one for each time something was asked for. */
  doubled: number
  auditIntact: boolean
  /** Jobs that were still unfinished half a minute after the last fault. */
  unfinished: number
}

/** Waits until the jobs are done and compares what is there with what was acknowledged. */
export async function judge(ownerUrl: string, keyFile: string, acknowledged: Acknowledged[]): Promise<Verdict> {
  const [id = '', base64 = ''] = readFileSync(keyFile, 'utf8').trim().split(':')
  const keyring = keyringOf([{ id, bytes: Buffer.from(base64, 'base64') }])
  const pool = createPool(applicationUrl(ownerUrl, keyring.root), 4)
  const installation = { pool, keyring, reactions, vocabulary, address: 'http://localhost', smtp: undefined }
  try {
    const unfinished = await finishedJobs(pool)
    const directory = await pool.query('select tenant_id, slug from tenant_directory')
    const demo = directory.rows.find(row => row.slug === 'demo').tenant_id
    const mails = await recipients(pool)
    const readable = new Map<string, number>()
    for (const [key, row] of mails) {
      const address = unseal(keyring, mailPlace('recipient_box', key), row)
      readable.set(address, (readable.get(address) ?? 0) + 1)
    }
    const actor = { kind: 'system', id: undefined, name: 'verdict' } as const
    const origin = { requestId: 'verdict', network: undefined, locale: 'en', now: new Date() } as const
    const inside = await inTenant(installation, origin, tenantIdOf(demo), actor, async ctx => ({
      chain: await verifyChain(ctx),
      teams: await ctx.tx.selectFrom('team').select('name').where('tenant_id', '=', ctx.tenantId).execute(),
      created: await ctx.tx
        .selectFrom('audit_entry')
        .select('sequence')
        .where('tenant_id', '=', ctx.tenantId)
        .where('action', 'in', ['team.created', 'invitation.sent'])
        .execute(),
      invitations: await ctx.tx.selectFrom('invitation').select('id').where('tenant_id', '=', ctx.tenantId).execute(),
    }))
    const users = await pool.query<{ email: string; tenants: number }>(
      'select u.email, count(t.tenant_id)::int as tenants from app_user u left join user_tenant t on t.user_id = u.id group by u.email',
    )
    const tenants = new Map(users.rows.map(row => [row.email, row.tenants]))
    const teams = new Set(inside.teams.map(team => team.name))
    let lost = 0
    let doubled = 0
    for (const { kind, key, attempts } of acknowledged) {
      const there =
        kind === 'team' ? teams.has(key) : kind === 'sign-up' ? (tenants.get(key) ?? 0) > 0 : readable.has(key)
      if (!there) lost++
      // A sign-up that was sent twice because its first answer was lost may be written to twice; an invitation may not.
      const allowed = kind === 'sign-up' ? attempts : 1
      if (kind !== 'team' && (readable.get(key) ?? 0) > allowed) doubled++
      if (kind === 'sign-up' && (tenants.get(key) ?? 0) > 1) doubled++
    }
    if (inside.teams.length !== teams.size) doubled++
    // One audit line for each team and invitation that is there, the demo's own teams included.
    if (inside.created.length !== inside.teams.length + inside.invitations.length) doubled++
    return { lost, doubled, auditIntact: inside.chain.intact, unfinished }
  } finally {
    await pool.end()
  }
}

/** Sealed receivers of all mails by the mails' ids. */
async function recipients(pool: pg.Pool): Promise<Map<string, string>> {
  const { rows } = await pool.query<{ id: string; recipient_box: string }>('select id, recipient_box from system_mail')
  return new Map(rows.map(row => [row.id, row.recipient_box]))
}

/** @returns jobs that are still due after 30 s */
async function finishedJobs(pool: pg.Pool): Promise<number> {
  let due = 0
  for (let wait = 0; wait < 60; wait++) {
    const { rows } = await pool.query(
      `select count(*)::int as due from job where state in ('waiting', 'leased') and run_at <= now()`,
    )
    due = rows[0].due
    if (due === 0) return 0
    await delay(500)
  }
  return due
}
