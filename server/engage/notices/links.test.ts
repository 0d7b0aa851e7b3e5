import { afterAll, beforeAll, expect, it } from 'vitest'
import { newAlertRule } from '../../../tests/support/alert-rules.ts'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember } from '../../../tests/support/factories.ts'
import { newCustomer } from '../../../tests/support/facts.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { type Receiver, startReceiver } from '../../../tests/support/receiver.ts'
import { getAlert, listAlerts } from '../alerts/contract/alerts.ts'
import { pressLink } from './commands/links.ts'
import { createChannel } from './contract/channels.ts'
import { pressCardLink, readCardLink } from './contract/links.ts'

let application: TestApplication
let teams: Receiver
beforeAll(async () => {
  application = await testApplication({ privateTargets: ['127.0.0.1'] })
  teams = await startReceiver()
})
afterAll(async () => {
  await teams.end()
  await application.end()
})

it('ALR-4: links of a Teams card ask first, act once as who is signed in, and not for others, changed or late', async () => {
  const company = await newCompany(application)
  const csm = await newMember(company, 'csm')
  await company.admin.call(createChannel, {
    body: { name: 'T', key: 'teams', target: { kind: 'teams', url: `${teams.url}/w` } } as never,
  })
  await newCustomer(company, { ownerId: csm.memberId, status: 'AT_RISK' })
  await newAlertRule(company, {
    trigger: { kind: 'condition', condition: { field: 'status', op: 'in', value: ['AT_RISK'] } },
    routing: [{ when: null, assign: [], notify: [], channels: ['teams'] }],
  })
  await finishJobs(application)
  const { actions } = JSON.parse(teams.received[0]!.body).attachments[0].content
  expect(actions).toHaveLength(4)
  const token = new URL(actions[0].url).hash.slice(1)
  const { items } = (await company.admin.call(listAlerts, { query: {} })).body
  const state = async () => (await company.admin.call(getAlert, { params: { id: items[0]!.id } })).body.state
  expect((await csm.call(readCardLink, { body: { token } })).body.action).toBe('acknowledge')
  expect((await csm.call(readCardLink, { body: { token } })).status).toBe(200)
  expect(await state()).toBe('open')
  const other = await newCompany(application)
  const portal = await newMember(company, 'portal_user')
  const changed = `${token.slice(0, -3)}AAA`
  expect((await other.admin.call(pressCardLink, { body: { token } })).status).toBe(410)
  expect((await csm.call(pressCardLink, { body: { token: changed } })).status).toBe(410)
  expect((await portal.call(pressCardLink, { body: { token } })).status).toBe(403)
  const late = { now: new Date(Date.now() + 8 * 86_400_000) }
  await expect(asSystem(company, ctx => pressLink({ ...ctx, ...late }, token))).rejects.toMatchObject({
    code: 'expired',
  })
  expect(await state()).toBe('open')
  expect((await csm.call(pressCardLink, { body: { token } })).status).toBe(200)
  expect(await state()).toBe('acknowledged')
  expect((await csm.call(pressCardLink, { body: { token } })).status).toBe(410)
  expect((await csm.call(readCardLink, { body: { token } })).status).toBe(410)
})
