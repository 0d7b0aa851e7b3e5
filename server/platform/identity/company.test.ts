import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, newKey, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { listAuditEntries } from '../administration/contract/audit.ts'
import * as contract from './contract/company.ts'

let application: TestApplication
let company: TestCompany
let other: TestCompany

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  other = await newCompany(application, 'Northwind Kitchens Inc.')
})
afterAll(() => application.end())

describe('members', () => {
  it('lists colleagues in the order they joined, page by page, and nobody of another company (SEC-5)', async () => {
    for (const role of ['csm', 'analyst', 'read_only'] as const) await newMember(company, role)
    const first = await company.admin.call(contract.listMembers, { query: { limit: '2' } })
    expect(first.status).toBe(200)
    expect(first.body.items).toHaveLength(2)
    const second = await company.admin.call(contract.listMembers, { query: { limit: '2', cursor: first.body.next } })
    expect(second.body.items.map(member => member.role)).toEqual(['analyst', 'read_only'])
    expect(second.body.next).toBeNull()
    const elsewhere = await other.admin.call(contract.listMembers)
    expect(elsewhere.body.items).toHaveLength(1)
    expect(contract.listMembers.reply.parse(first.body)).toEqual(first.body)
  })

  it('gives another role from the next request on (A5) and keeps the last administrator', async () => {
    const colleague = await newMember(company, 'administrator')
    const down = await company.admin.call(contract.updateMember, {
      params: { id: colleague.memberId },
      body: { role: 'csm' },
    })
    expect(down.body.role).toBe('csm')
    expect((await colleague.call(contract.listInvitations)).status).toBe(403)
    const last = await company.admin.call(contract.updateMember, {
      params: { id: company.admin.memberId },
      body: { role: 'csm' },
    })
    expect(last.status).toBe(409)
  })

  it('answers another company’s id as one that does not exist (A1)', async () => {
    const foreign = await company.admin.call(contract.getMember, { params: { id: other.admin.memberId } })
    const missing = await company.admin.call(contract.getMember, {
      params: { id: '01890000-0000-7000-8000-000000000000' },
    })
    expect(foreign.status).toBe(404)
    expect({ ...foreign.problem, requestId: '' }).toEqual({ ...missing.problem, requestId: '' })
  })
})

describe('API keys (B7)', () => {
  it('works for its company and role, shows itself once, stops at once', async () => {
    const made = await company.admin.call(contract.createApiKey, { body: { name: 'BI', role: 'analyst' } })
    expect(made.status).toBe(201)
    const key = Object.assign(await newKey(company, 'analyst'), { bearer: made.body.key })
    expect((await key.call(contract.listMembers)).status).toBe(200)
    expect((await key.call(contract.listApiKeys)).status).toBe(403)
    const listed = await company.admin.call(contract.listApiKeys)
    expect(listed.text).not.toContain(made.body.key)
    await company.admin.call(contract.revokeApiKey, { params: { id: made.body.id } })
    expect((await key.call(contract.listMembers)).status).toBe(401)
  })

  it('is narrowed by its scopes', async () => {
    const key = await newKey(company, 'administrator', ['members.read'])
    expect((await key.call(contract.listMembers)).status).toBe(200)
    expect((await key.call(contract.listTeams)).status).toBe(403)
  })
})

describe('idempotency', () => {
  it('answers a repeated write with the first reply and does it once; another body is refused', async () => {
    const headers = { 'idempotency-key': 'team-1' }
    const first = await company.admin.call(contract.createTeam, { headers, body: { name: '関西', memberIds: [] } })
    const again = await company.admin.call(contract.createTeam, { headers, body: { name: '関西', memberIds: [] } })
    expect(first.status).toBe(201)
    expect(again.status).toBe(201)
    expect(again.body).toEqual(first.body)
    const different = await company.admin.call(contract.createTeam, { headers, body: { name: '関東', memberIds: [] } })
    expect(different.problem.code).toBe('idempotency_mismatch')
  })

  it('lets one of several at the same moment do the work', async () => {
    const headers = { 'idempotency-key': 'team-2' }
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        company.admin.call(contract.createTeam, { headers, body: { name: '九州', memberIds: [] } }),
      ),
    )
    expect(new Set(answers.map(answer => answer.body.id)).size).toBe(1)
  })
})

describe('audit log (SEC-3)', () => {
  it('holds what was done and what was refused', async () => {
    const colleague = await newMember(company, 'csm')
    await colleague.call(contract.createTeam, { body: { name: 'x', memberIds: [] } })
    const log = await company.admin.call(listAuditEntries, { query: { limit: '200' } })
    expect(listAuditEntries.reply.parse(log.body)).toEqual(log.body)
    expect(log.body.items.find(entry => entry.outcome === 'refused')).toMatchObject({
      action: 'request.refused',
      actor: { id: colleague.memberId },
      details: { operation: 'createTeam' },
    })
    expect(log.body.items.map(entry => entry.action)).toContain('api_key.revoked')
    const own = await colleague.call(listAuditEntries)
    expect(own.body.items.every(entry => [colleague.memberId, colleague.userId].includes(entry.actor.id ?? ''))).toBe(
      true,
    )
  })
})
