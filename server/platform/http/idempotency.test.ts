import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, newKey, newMember, testPassword } from '../../../tests/support/factories.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { listAuditEntries } from '../administration/contract/audit.ts'
import { changePassword, startSecondFactor } from '../identity/contract/account.ts'
import { createApiKey, inviteMember, listMembers, updateMember } from '../identity/contract/company.ts'

let application: TestApplication

beforeAll(async () => {
  application = await testApplication()
})
afterAll(() => application.end())

describe('a failure that keeps its trace', () => {
  it('leaves its Idempotency-Key free: the same request gets the same answer, a corrected one goes through', async () => {
    const { admin } = await newCompany(application)
    const headers = { 'idempotency-key': 'set-up' }
    const wrong = () => admin.call(startSecondFactor, { headers, body: { password: 'wrong' } })
    expect((await wrong()).status).toBe(422)
    expect((await wrong()).status).toBe(422)
    expect((await admin.call(startSecondFactor, { headers, body: { password: testPassword } })).status).toBe(200)
    await finishJobs(application)
    const log = await admin.call(listAuditEntries, { query: { outcome: 'failed' } })
    expect(log.body.items.map(entry => entry.action)).toEqual(['password.refused', 'password.refused'])
  })

  it('keeps no hash that a password could be guessed from', async () => {
    const { admin } = await newCompany(application)
    const body = { current: testPassword, password: 'ein anderes Wort 1' }
    await admin.call(changePassword, { headers: { 'idempotency-key': 'pw' }, body })
    const { rows } = await application.pool.query(
      `select encode(request_hash, 'hex') as hash from account_idempotency_key where user_id = $1`,
      [admin.userId],
    )
    const { createHash } = await import('node:crypto')
    const bare = createHash('sha256')
      .update(`PUT /api/v1/me/password\n${JSON.stringify(body)}`)
      .digest('hex')
    expect(rows[0].hash).not.toBe(bare)
  })
})

describe('a connection', () => {
  it('comes back to the pool when the look-up of who is there fails midway', async () => {
    const { admin } = await newCompany(application)
    await application.pool.query(
      `update user_session set last_seen_at = now() - interval '2 minutes' where user_id = $1`,
      [admin.userId],
    )
    // The session row is locked elsewhere: the update of last_seen_at waits, and its connection is ended.
    const blocker = await application.pool.connect()
    await blocker.query('begin')
    await blocker.query('select 1 from user_session where user_id = $1 for update', [admin.userId])
    const asking = admin.call(listMembers)
    await expect
      .poll(async () => {
        const { rows } = await application.pool.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
        return rows.length
      })
      .toBe(1)
    expect((await asking).status).toBe(503)
    await blocker.query('rollback')
    blocker.release()
    expect(application.pool.totalCount - application.pool.idleCount).toBe(0)
    expect((await admin.call(listMembers)).status).toBe(200)
  })
})

describe('what callers make by hand', () => {
  it('is their fault, not ours: a key with nonsense for a tenant, a cursor with nonsense for a moment', async () => {
    const body = `kzk_${Buffer.concat([Buffer.alloc(16, 0xff), Buffer.alloc(32, 1)]).toString('base64url')}`
    const bearer = body + crc32(body).toString(36).padStart(7, '0').slice(-6)
    expect((await new Caller(application, { bearer }).call(listMembers)).status).toBe(401)
    const { admin } = await newCompany(application)
    const cursor = Buffer.from(JSON.stringify(['never', admin.memberId])).toString('base64url')
    expect((await admin.call(listMembers, { query: { cursor } })).status).toBe(422)
  })

  it('does not widen a narrowed key: neither by a key, nor by an invitation, nor by a role', async () => {
    const company = await newCompany(application)
    const colleague = await newMember(company, 'csm')
    const key = await newKey(company, 'administrator', ['members.manage', 'members.read', 'api_keys.manage'])
    const role = 'administrator'
    expect((await key.call(createApiKey, { body: { name: 'wide', role } })).status).toBe(422)
    expect((await key.call(inviteMember, { body: { email: 'me@example.test', role } })).status).toBe(422)
    expect((await key.call(updateMember, { params: { id: colleague.memberId }, body: { role } })).status).toBe(422)
    expect((await key.call(inviteMember, { body: { email: 'me@example.test', role: 'portal_user' } })).status).toBe(201)
  })
})

describe('two administrators', () => {
  it('who take each other’s role at the same moment: one succeeds, one remains', async () => {
    const company = await newCompany(application)
    const second = await newMember(company, 'administrator')
    const body = { role: 'csm' }
    const answers = await Promise.all([
      company.admin.call(updateMember, { params: { id: second.memberId }, body }),
      second.call(updateMember, { params: { id: company.admin.memberId }, body }),
    ])
    const statuses = answers.map(answer => answer.status).sort()
    expect(statuses[0]).toBe(200)
    expect([403, 409]).toContain(statuses[1])
  })
})
