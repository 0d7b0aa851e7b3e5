import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer } from '../../../tests/support/facts.ts'
import { enrolmentsOf, flowDocumentOf, logOf, newFlow, runAt } from '../../../tests/support/flows.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { updateCustomers } from '../../customers/accounts/commands/save.ts'
import { createAttribute } from '../../customers/attributes/contract/attributes.ts'
import { createContacts } from '../../customers/contacts/commands/save.ts'
import { followFacts } from '../../signals/metrics/commands/follow.ts'
import { enrol } from '../flows/contract/enrolments.ts'
import { createFlow } from '../flows/contract/flows.ts'
import * as contract from './contract/messages.ts'
import { messagesFor } from './queries/shown.ts'

let application: TestApplication
let company: TestCompany
let message: string

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  const content = { ja: { title: '{{ customer.name }} の利用上限が近づいています' } }
  const made = await company.admin.call(contract.createInAppMessage, {
    body: { key: 'quota', name: '利用上限', document: { kind: 'banner', tone: 'orange', content } },
  })
  message = made.body.id
})
afterAll(() => application.end())

async function person(customerId: string, stakeholderRole: string | null, externalId: string | null = randomUUID()) {
  const id = randomUUID()
  const values = { name: '利用者', customerId, stakeholderRole, externalId }
  await asSystem(company, ctx => createContacts(ctx, [{ id, values }], { origin: 'api' }))
  return id
}
const titles = (contactId: string) =>
  asSystem(company, async ctx =>
    (await messagesFor(ctx, contactId, { path: '/', language: undefined })).map(({ title }) => title),
  )
const step = (to: 'main' | 'all') => ({ key: 'show', kind: 'in_app', message: 'quota', to, next: null }) as const

describe('FLW-2 in-app message', () => {
  it('FLW-2: a draft, or one that there is not, is a fault of the flow', async () => {
    const faultsOf = async (key: string) =>
      (
        await company.admin.call(createFlow, {
          body: { nameJa: 'f', nameEn: 'f', document: flowDocumentOf({ steps: [{ ...step('main'), message: key }] }) },
        })
      ).body.faults.map(({ path }) => path)
    expect([await faultsOf('quota'), await faultsOf('none')]).toEqual([['steps.0.message'], ['steps.0.message']])
    const body = { state: 'enabled' as const }
    expect((await company.admin.call(contract.updateInAppMessage, { params: { id: message }, body })).status).toBe(200)
    expect(await faultsOf('quota')).toEqual([])
  })

  it('FLW-2: is shown to the main person of a customer or to all, once, and says who could not be reached', async () => {
    const [customer, empty] = [await newCustomer(company, { name: '北辰精密' }), await newCustomer(company)]
    const [user, champion] = [await person(customer, 'USER'), await person(customer, 'CHAMPION')]
    const unknown = await person(customer, 'CHAMPION', null)
    const run = async (to: 'main' | 'all') => {
      const { id } = await newFlow(company, { steps: [step(to)] })
      await company.admin.call(enrol, { params: { id }, body: { subjectIds: [customer, empty] } })
      await runAt(company)
      await runAt(company)
      return new Map((await enrolmentsOf(company, id)).map(each => [each.subjectId, logOf(each)]))
    }
    const main = await run('main')
    expect([main.get(customer), main.get(empty)]).toEqual([['show next'], ['show nobody_there']])
    const title = '北辰精密 の利用上限が近づいています'
    expect([await titles(champion), await titles(user), await titles(unknown)]).toEqual([[title], [], []])
    await run('all')
    expect([await titles(champion), await titles(user)]).toEqual([[title, title], [title]])
  })

  it('UPS-3: a notice at 80 % of a quota, when the product reports it', async () => {
    const attribute = { record: 'customer', key: 'quota_used', label: '上限に対する利用率', type: 'number' } as const
    expect((await company.admin.call(createAttribute, { body: attribute })).status).toBe(201)
    const customer = await newCustomer(company, { name: '港商事' })
    const user = await person(customer, 'DAY_TO_DAY')
    const condition = { field: 'attributes.quota_used', op: 'at_least', value: 80 } as const
    await newFlow(company, { triggers: [{ kind: 'condition', condition }], steps: [step('main')] })
    const report = async (share: number) => {
      await asSystem(company, ctx =>
        updateCustomers(ctx, [{ id: customer, values: { attributes: { quota_used: share } } }], { origin: 'api' }),
      )
      await asSystem(company, followFacts)
      await finishJobs(application)
      await runAt(company)
    }
    await report(79)
    expect(await titles(user)).toEqual([])
    await report(80)
    await report(95)
    expect(await titles(user)).toEqual(['港商事 の利用上限が近づいています'])
  })
})
