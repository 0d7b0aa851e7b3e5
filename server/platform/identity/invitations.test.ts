import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testAddress, testApplication } from '../../../tests/support/application.ts'
import { newCompany, newMember, stranger, testPassword } from '../../../tests/support/factories.ts'
import { mailsTo } from '../../../tests/support/mails.ts'
import * as account from './contract/account.ts'
import { inviteMember, listInvitations, listMembers, revokeInvitation, updateMember } from './contract/company.ts'

let application: TestApplication

beforeAll(async () => {
  application = await testApplication()
})
afterAll(() => application.end())

const nobody = () => stranger(application)

describe('invitations (B5)', () => {
  it('lets somebody new in once, of twenty at the same moment', async () => {
    const company = await newCompany(application)
    const email = 'tanaka@example.test'
    const sent = await company.admin.call(inviteMember, { body: { email, role: 'cs_manager' } })
    expect(sent.status).toBe(201)
    const [mail] = await mailsTo(application, email)
    expect((await nobody().call(account.readInvitation, { body: { token: mail!.token } })).body).toMatchObject({
      email,
      account: 'new',
    })
    const body = { token: mail!.token, name: '田中 一郎', password: testPassword }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => nobody().call(account.acceptInvitation, { body })),
    )
    expect(answers.filter(answer => answer.status === 200)).toHaveLength(1)
    const members = await company.admin.call(listMembers)
    expect(members.body.items.filter(member => member.email === email)).toHaveLength(1)
    const invitations = await company.admin.call(listInvitations)
    expect(invitations.body.items[0]).toMatchObject({ email, state: 'accepted' })
    const { rows } = await application.pool.query('select count(*) from system_mail where recipient_box like $1', [
      `%${email}%`,
    ])
    expect(Number(rows[0].count)).toBe(0)
  })

  it('asks somebody known for their password, keeps the invitation after a wrong one, and makes them switchable', async () => {
    const [first, second] = [await newCompany(application, '一社目'), await newCompany(application, '二社目')]
    const member = await newMember(first, 'csm')
    await second.admin.call(inviteMember, { body: { email: member.email, role: 'analyst' } })
    const mail = (await mailsTo(application, member.email)).at(-1)!
    const caller = nobody()
    expect(
      (await caller.call(account.acceptInvitation, { body: { token: mail.token, password: 'wrong' } })).status,
    ).toBe(422)
    expect(
      (await caller.call(account.acceptInvitation, { body: { token: mail.token, password: testPassword } })).status,
    ).toBe(200)
    const session = await caller.call(account.getSession)
    expect(session.body.tenant?.name).toBe('二社目')
    expect(session.body.tenants.map(tenant => tenant.name).sort()).toEqual(['一社目', '二社目'])
    expect((await caller.call(account.switchTenant, { body: { tenantId: first.tenantId } })).status).toBe(204)
    expect((await caller.call(account.getSession)).body.tenant?.name).toBe('一社目')
    const stale = await caller.call(listMembers, { headers: { 'kizuna-tenant': second.tenantId } })
    expect(stale.problem.code).toBe('tenant_switched')
    const stranger = await newCompany(application)
    expect((await caller.call(account.switchTenant, { body: { tenantId: stranger.tenantId } })).status).toBe(404)
  })

  it('stops working when revoked, replaced, or when its sender may no longer invite', async () => {
    const company = await newCompany(application)
    const colleague = await newMember(company, 'administrator')
    const token = async (email: string) => (await mailsTo(application, email)).at(-1)!.token
    const look = (text: string) => nobody().call(account.readInvitation, { body: { token: text } })
    const revoked = await company.admin.call(inviteMember, { body: { email: 'r@example.test', role: 'csm' } })
    const revokedToken = await token('r@example.test')
    await company.admin.call(revokeInvitation, { params: { id: revoked.body.id } })
    expect((await look(revokedToken)).problem.code).toBe('expired')
    await company.admin.call(inviteMember, { body: { email: 's@example.test', role: 'csm' } })
    const old = await token('s@example.test')
    await company.admin.call(inviteMember, { body: { email: 's@example.test', role: 'analyst' } })
    expect((await look(old)).problem.code).toBe('expired')
    await colleague.call(inviteMember, { body: { email: 't@example.test', role: 'administrator' } })
    const orphan = await token('t@example.test')
    await company.admin.call(updateMember, { params: { id: colleague.memberId }, body: { role: 'csm' } })
    expect((await look(orphan)).problem.code).toBe('expired')
  })
})

describe('requests from elsewhere (B8)', () => {
  it('refuses a write with a cookie from another site and accepts our own page', async () => {
    const { admin } = await newCompany(application)
    const body = { name: '改名' }
    const foreign = await admin.call(account.updateMe, { body, headers: { origin: 'https://evil.example' } })
    expect(foreign.status).toBe(403)
    const crossSite = await admin.call(account.updateMe, { body, headers: { 'sec-fetch-site': 'cross-site' } })
    expect(crossSite.status).toBe(403)
    const form = await admin.send({
      method: 'PATCH',
      url: '/api/v1/me',
      headers: { 'content-type': 'text/plain' },
      payload: '{"name":"x"}',
    })
    expect(form.status).toBe(415)
    const own = await admin.call(account.updateMe, {
      body,
      headers: { origin: testAddress, 'sec-fetch-site': 'same-origin' },
    })
    expect(own.status).toBe(204)
  })
})
