import { sql } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import {
  asSystem,
  newCompany,
  newMember,
  stranger,
  type TestCompany,
  testOrigin,
  testPassword,
} from '../../../tests/support/factories.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { listAuditEntries } from '../administration/contract/audit.ts'
import { inAccount } from '../tenancy/transaction.ts'
import { forgetExpired, forgetKeys } from './commands/forget.ts'
import * as account from './contract/account.ts'
import {
  createTeam,
  deleteTeam,
  inviteMember,
  listTeams,
  removeMember,
  resendInvitation,
  updateCompany,
  updateTeam,
} from './contract/company.ts'

let application: TestApplication

beforeAll(async () => {
  application = await testApplication()
})
afterAll(() => application.end())

describe('one’s own account', () => {
  it('lists where one is signed in and ends sessions, of oneself only', async () => {
    const { admin } = await newCompany(application)
    const other = stranger(application)
    await other.call(account.signIn, { body: { email: admin.email, password: testPassword } })
    const third = stranger(application)
    await third.call(account.signIn, { body: { email: admin.email, password: testPassword } })
    const { items } = (await admin.call(account.listMySessions)).body
    expect(items).toHaveLength(3)
    const elsewhere = items.find(session => !session.current)!
    expect((await admin.call(account.revokeMySession, { params: { id: elsewhere.id } })).status).toBe(204)
    expect((await admin.call(account.revokeMyOtherSessions)).status).toBe(204)
    expect((await admin.call(account.listMySessions)).body.items).toHaveLength(1)
    expect((await other.call(account.getSession)).status).toBe(401)
    expect((await third.call(account.getSession)).status).toBe(401)
  })

  it('renews recovery codes and turns the second factor off with password and code, and the log says so', async () => {
    const { admin } = await newCompany(application)
    expect((await admin.call(account.renewRecoveryCodes, { body: { password: testPassword } })).problem.code).toBe(
      'conflict',
    )
    const { secret } = (await admin.call(account.startSecondFactor, { body: { password: testPassword } })).body
    const app = new TOTP({ secret: Secret.fromBase32(secret) })
    expect((await admin.call(account.enableSecondFactor, { body: { code: '000000' } })).status).toBe(422)
    const enabled = (await admin.call(account.enableSecondFactor, { body: { code: app.generate() } })).body
    expect((await admin.call(account.startSecondFactor, { body: { password: testPassword } })).problem.code).toBe(
      'conflict',
    )
    const renewed = (await admin.call(account.renewRecoveryCodes, { body: { password: testPassword } })).body
    expect(renewed.recoveryCodes).not.toEqual(enabled.recoveryCodes)
    const old = { password: testPassword, code: enabled.recoveryCodes[0] }
    expect((await admin.call(account.disableSecondFactor, { body: old })).status).toBe(422)
    const fresh = { password: testPassword, code: renewed.recoveryCodes[0] }
    expect((await admin.call(account.disableSecondFactor, { body: fresh })).status).toBe(204)
    expect((await admin.call(account.getSession)).body.user.secondFactor).toBe(false)
    await finishJobs(application)
    const actions = (await admin.call(listAuditEntries, { query: { action: 'second_factor.' } })).body.items.map(
      entry => entry.action,
    )
    expect(actions).toEqual(
      expect.arrayContaining([
        'second_factor.enabled',
        'second_factor.recovery_codes_renewed',
        'second_factor.disabled',
      ]),
    )
  })

  it('ends with the removal from the company, while the account stays', async () => {
    const company = await newCompany(application)
    const member = await newMember(company, 'csm')
    await company.admin.call(removeMember, { params: { id: member.memberId } })
    const session = await member.call(account.getSession)
    expect(session.body).toMatchObject({ tenant: null, tenants: [], member: null })
  })

  it('is forgotten where it has ended: sessions, links, keys of repeated requests', async () => {
    const company = await newCompany(application)
    await company.admin.call(createTeam, { headers: { 'idempotency-key': 'old' }, body: { name: '旧', memberIds: [] } })
    await application.pool.query(
      `update user_session set expires_at = now() - interval '1 second' where user_id = $1`,
      [company.admin.userId],
    )
    await inAccount(application.installation, testOrigin(), forgetExpired)
    const { rows } = await application.pool.query('select 1 from user_session where user_id = $1', [
      company.admin.userId,
    ])
    expect(rows).toHaveLength(0)

    const other = await newCompany(application)
    const body = { name: '他社', memberIds: [] }
    await other.admin.call(createTeam, { headers: { 'idempotency-key': 'old' }, body })
    const keysOf = ({ tenantId }: TestCompany) =>
      sql<{ key: string }>`select key from idempotency_key where tenant_id = ${tenantId}`
    const forget = (of: TestCompany) =>
      asSystem(of, async ctx => {
        await sql`
          update idempotency_key set created_at = now() - interval '49 hours' where tenant_id = ${ctx.tenantId}`.execute(
          ctx.tx,
        )
        const before = await keysOf(of).execute(ctx.tx)
        await forgetKeys(ctx)
        return [before.rows.length, (await keysOf(of).execute(ctx.tx)).rows.length]
      })
    expect(await forget(company)).toEqual([1, 0])
    expect(await asSystem(other, async ctx => (await keysOf(other).execute(ctx.tx)).rows)).toHaveLength(1)
  })

  it('cannot hold a session longer than two weeks without use', async () => {
    const { admin } = await newCompany(application)
    await application.pool.query(
      `update user_session set last_seen_at = now() - interval '15 days' where user_id = $1`,
      [admin.userId],
    )
    expect((await admin.call(account.getSession)).status).toBe(401)
  })
})

describe('company and teams', () => {
  it('takes an address that is free and refuses one that is not', async () => {
    const [one, two] = [await newCompany(application), await newCompany(application)]
    const changed = await one.admin.call(updateCompany, {
      body: { slug: 'atarashii', name: '新社名', fiscalYearStart: 1 },
    })
    expect(changed.body).toMatchObject({ slug: 'atarashii', name: '新社名', fiscalYearStart: 1, currency: 'JPY' })
    const taken = await two.admin.call(updateCompany, { body: { slug: 'atarashii' } })
    expect(taken.problem.errors?.[0]?.path).toBe('body.slug')
  })

  it('renames, fills and dissolves teams; a manager only their own (record scope team)', async () => {
    const company = await newCompany(application)
    const manager = await newMember(company, 'cs_manager')
    const own = (await company.admin.call(createTeam, { body: { name: '東', memberIds: [manager.memberId] } })).body
    const foreign = (await company.admin.call(createTeam, { body: { name: '西', memberIds: [] } })).body
    expect((await manager.call(updateTeam, { params: { id: own.id }, body: { name: '東日本' } })).body.name).toBe(
      '東日本',
    )
    expect((await manager.call(updateTeam, { params: { id: foreign.id }, body: { name: 'x' } })).status).toBe(404)
    expect((await manager.call(createTeam, { body: { name: '北', memberIds: [] } })).status).toBe(403)
    const clash = await company.admin.call(updateTeam, { params: { id: foreign.id }, body: { name: '東日本' } })
    expect(clash.problem.errors?.[0]?.path).toBe('body.name')
    const nobody = await company.admin.call(updateTeam, {
      params: { id: foreign.id },
      body: { memberIds: [foreign.id] },
    })
    expect(nobody.problem.errors?.[0]?.path).toBe('body.memberIds')
    expect((await company.admin.call(deleteTeam, { params: { id: foreign.id } })).status).toBe(204)
    expect((await company.admin.call(listTeams)).body.items.map(team => team.name)).toEqual(['東日本'])
  })

  it('sends an invitation again with a new link', async () => {
    const company = await newCompany(application)
    const { id } = (await company.admin.call(inviteMember, { body: { email: 'again@example.test', role: 'csm' } })).body
    await application.pool.query('select 1')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 8 * 86_400_000 })
    const resent = await company.admin.call(resendInvitation, { params: { id } })
    vi.useRealTimers()
    expect(resent.body).toMatchObject({ id, state: 'open' })
  })
})
