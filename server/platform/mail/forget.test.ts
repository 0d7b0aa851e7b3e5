import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, type TestCompany, testOrigin } from '../../../tests/support/factories.ts'
import { jobDefinitions } from '../../modules.ts'
import { addJobs } from '../jobs/enqueue.ts'
import { inAccount } from '../tenancy/transaction.ts'
import { runPendingJobs } from '../work/pending.ts'
import { getMail, listMails } from './contract.ts'
import { queueMail } from './queue.ts'

let application: TestApplication
let company: TestCompany
beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  const client = await application.pool.connect()
  await client.query(`begin; set local app.tenant = '${company.tenantId}'; update tenant set demo = true; commit`)
  client.release()
})
afterAll(() => application.end())

async function queued(to: string): Promise<string> {
  await inAccount(application.installation, testOrigin(), account =>
    queueMail(account, to, 'ja', { kind: 'reset_password', name: '山田', token: 'kzr_token' }),
  )
  const { rows } = await application.pool.query('select id from system_mail order by id desc limit 1')
  return rows[0].id
}

describe('system mails', () => {
  it('are shown while they are kept, not when they went out by a server that was set meanwhile', async () => {
    const [kept, sent] = [await queued('one@example.test'), await queued('two@example.test')]
    await application.pool.query(`update system_mail set state = 'accepted' where id = $1`, [sent])
    const listed = await company.admin.call(listMails)
    expect(listed.body.items.map(mail => mail.id)).toEqual([kept])
    expect((await company.admin.call(getMail, { params: { id: kept } })).status).toBe(200)
    expect((await company.admin.call(getMail, { params: { id: sent } })).status).toBe(404)
  })

  it('are forgotten after 30 days', async () => {
    const [old, young] = [await queued('old@example.test'), await queued('young@example.test')]
    const age = `update system_mail set created_at = now() - make_interval(days => $2) where id = $1`
    await application.pool.query(age, [old, 31])
    await application.pool.query(age, [young, 29])
    await inAccount(application.installation, testOrigin(), account =>
      addJobs(account.tx, null, [{ name: 'mail.forget-contents', payload: {} }]),
    )
    await runPendingJobs(application.installation, jobDefinitions)
    const { rows } = await application.pool.query('select id from system_mail where id = any($1)', [[old, young]])
    expect(rows.map(row => row.id)).toEqual([young])
  })
})
