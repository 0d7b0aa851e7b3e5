import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { exportAuditEntries, verifyAudit } from '../administration/contract/audit.ts'
import { createTeam } from '../identity/contract/company.ts'
import { verifyChain } from './verify.ts'

let application: TestApplication
let company: TestCompany
let superuser: pg.Client

beforeAll(async () => {
  application = await testApplication()
  superuser = new pg.Client({ connectionString: application.database.superuserUrl })
  await superuser.connect()
})
afterAll(async () => {
  await superuser.end()
  await application.end()
})

const verify = () => asSystem(company, verifyChain)

describe('the hash chain (SEC-3, E5, I6)', () => {
  it('holds one line per acknowledged write, also when many write at the same moment', async () => {
    company = await newCompany(application)
    const before = await verify()
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        company.admin.call(createTeam, { body: { name: `チーム${index}`, memberIds: [] } }),
      ),
    )
    expect(answers.every(answer => answer.status === 201)).toBe(true)
    expect(await verify()).toEqual({ lines: before.lines + 30, intact: true, firstFault: null, fault: null })
  })

  it('finds a line that a superuser changed, removed or cut off', async () => {
    company = await newCompany(application)
    for (const name of ['a', 'b', 'c', 'd']) await company.admin.call(createTeam, { body: { name, memberIds: [] } })
    const change = async (statement: string) => {
      await superuser.query('begin')
      await superuser.query(statement, [company.tenantId])
      await superuser.query('commit')
      return verify()
    }
    expect(
      await change(`update audit_entry set action = 'team.deleted' where tenant_id = $1 and sequence = 4`),
    ).toMatchObject({
      intact: false,
      firstFault: 4,
      fault: 'changed',
    })
    await change(`update audit_entry set action = 'team.created' where tenant_id = $1 and sequence = 4`)
    expect((await verify()).intact).toBe(true)
    expect(
      await change(
        `delete from audit_entry where tenant_id = $1 and sequence = (select max(sequence) from audit_entry where tenant_id = $1)`,
      ),
    ).toMatchObject({ fault: 'cut' })
    expect(await change(`delete from audit_entry where tenant_id = $1 and sequence = 3`)).toMatchObject({
      firstFault: 3,
      fault: 'missing',
    })
  })

  it('is exported as JSON lines with each hash, and verified on the screen by those who see all', async () => {
    company = await newCompany(application)
    const csm = await newMember(company, 'csm')
    const exported = await company.admin.call(exportAuditEntries)
    const lines = exported.text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines.map(line => line.sequence)).toEqual(lines.map((_, index) => index + 1))
    expect(lines[0]).toMatchObject({ action: 'company.created', hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect((await company.admin.call(verifyAudit)).body).toMatchObject({ intact: true })
    expect((await csm.call(verifyAudit)).status).toBe(403)
    const again = await company.admin.call(exportAuditEntries, { query: { action: 'audit.' } })
    expect(JSON.parse(again.text.split('\n')[0]!)).toMatchObject({ action: 'audit.exported' })
  })
})
