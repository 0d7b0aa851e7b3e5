import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { type Receiver, startReceiver } from '../../../tests/support/receiver.ts'
import { updateCustomer } from '../../customers/accounts/contract/customers.ts'
import { createContacts } from '../../customers/contacts/commands/save.ts'
import { createChannel } from '../notices/contract/channels.ts'
import { findOpportunities } from './commands/find.ts'
import { changeUpsell, listUpsell, returnBasis } from './contract/opportunities.ts'
import { getUpsellSettings, putUpsellSettings } from './contract/settings.ts'

let application: TestApplication
let company: TestCompany
let receiver: Receiver

beforeAll(async () => {
  application = await testApplication({ privateTargets: ['127.0.0.1'] })
  receiver = await startReceiver()
})
beforeEach(async () => {
  company = await newCompany(application)
})
afterAll(async () => {
  await receiver.end()
  await application.end()
})

const find = () => asSystem(company, findOpportunities)
const list = async (query: object = {}) => (await company.admin.call(listUpsell, { query })).body

/** A customer with so many people of one e-mail domain, and uses of the last days. */
async function customerOf(externalId: string, plan: string, people: number, uses: number, more: object = {}) {
  const id = await newCustomer(company, { externalId, name: `株式会社${externalId}`, plan, ...more })
  await asSystem(company, ctx =>
    createContacts(
      ctx,
      Array.from({ length: people }, (_, place) => ({
        id: randomUUID(),
        values: {
          name: `利用者${place}`,
          email: `u${place}@${externalId}.example`,
          customerId: id,
          ...(place === 0 && { externalId: `${externalId}-p` }),
        },
      })),
      { origin: 'person' },
    ),
  )
  const events = Array.from({ length: uses }, (_, place) => usageEvent(`${externalId}-p`, externalId, 1 + (place % 5)))
  if (uses > 0) await sendUse(company, ...events)
  return id
}

const times = (count: number, event: string) => Array.from({ length: count }, () => event)

describe('UPS-1 to UPS-3 customers to whom a larger plan can be offered', () => {
  it('UPS-3: 12 users of Free with 150 uses: estimated ARR 12 x 9,800 x 12 = 1,411,200, told by a Slack card', async () => {
    await company.admin.call(createChannel, {
      body: {
        name: 'CSM',
        key: 'csm',
        topics: ['opportunity'],
        target: { kind: 'slack', url: `${receiver.url}/slack` },
      } as never,
    })
    await customerOf('towa', 'free', 12, 150)
    await find()
    const { items, total, estimatedArr } = await list()
    expect([total, estimatedArr]).toEqual([1, 1_411_200])
    expect(items[0]).toMatchObject({
      customerName: '株式会社towa',
      kind: 'free_to_paid',
      plan: 'Free',
      nextPlan: 'Pro',
      users: 12,
      uses: 150,
      estimatedArr: 1_411_200,
      currency: 'JPY',
      status: 'open',
    })
    expect(items[0]!.signals).toEqual([
      { key: 'over_limit', value: 150 },
      { key: 'team', value: 12 },
    ])
    expect(items[0]!.timing).toContain('limit')
    await finishJobs(application)
    const card = JSON.parse(receiver.received.at(-1)!.body)
    expect(card.blocks[1].text.text).toBe(
      '*中*\n会社: 株式会社towa\n利用者: 12名（Free）\n利用: 150回（30日間）\n見込みARR: ¥1,411,200（Proへの移行時）',
    )
    const before = receiver.received.length
    await find()
    await finishJobs(application)
    expect(receiver.received).toHaveLength(before)
  })

  it('UPS-1: Free is outgrown by the 11th use; 8 of 10 are near the limit; 7 say nothing', async () => {
    await customerOf('eleven', 'Free', 1, 11)
    await customerOf('eight', 'Free', 1, 8)
    await customerOf('seven', 'Free', 1, 7)
    await find()
    const { items } = await list()
    const found = Object.fromEntries(items.map(each => [each.customerName, each.signals.map(({ key }) => key)]))
    expect(found).toEqual({ 株式会社eleven: ['over_limit'], 株式会社eight: ['near_limit'] })
  })

  it('UPS-2: 10 people of one domain lead from Pro to Enterprise, with 3 days to get in touch; 30 days before the renewal', async () => {
    await customerOf('ten', 'Pro', 10, 0, { renewalOn: dayAgo(-20) })
    await customerOf('nine', 'Pro', 9, 0)
    await find()
    const { items } = await list({ timing: 'renewal' })
    expect(items).toMatchObject([
      {
        customerName: '株式会社ten',
        kind: 'plan_up',
        nextPlan: 'Enterprise',
        signals: [{ key: 'team', value: 10 }],
        contactBy: dayAgo(-3),
        estimatedArr: 1_800_000,
      },
    ])
    expect((await list()).total).toBe(1)
  })

  it('UPS-1: a parallel run, the agent screen opened three times, a webinar: each says that Free is outgrown, fewer do not', async () => {
    const deeds = { run: ['Parallel Run'], screen: times(3, 'Agent Screen Viewed'), webinar: ['Webinar Attended'] }
    for (const [key, events] of Object.entries({ ...deeds, twice: times(2, 'Agent Screen Viewed') })) {
      await customerOf(key, 'Free', 1, 0)
      await sendUse(company, ...events.map(event => usageEvent(`${key}-p`, key, 1, event)))
    }
    await customerOf('paid', 'Pro', 1, 0)
    await sendUse(company, usageEvent('paid-p', 'paid', 1, 'Parallel Run'))
    await find()
    const { items } = await list()
    const found = Object.fromEntries(items.map(each => [each.customerName, each.signals]))
    expect(found).toEqual({
      株式会社run: [{ key: 'event', event: 'Parallel Run', value: 1 }],
      株式会社screen: [{ key: 'event', event: 'Agent Screen Viewed', value: 3 }],
      株式会社webinar: [{ key: 'event', event: 'Webinar Attended', value: 1 }],
    })
    expect((await list({ timing: 'event' })).items.map(each => each.customerName)).toEqual(['株式会社webinar'])
  })

  it('UPS-2: more than 1,000 uses by one person, more than 5,000 of all, six agents, the limit of the API; not one less', async () => {
    await customerOf('one', 'Pro', 1, 1_001)
    await customerOf('thousand', 'Pro', 1, 1_000)
    await customerOf('all', 'Pro', 0, 0)
    for (let person = 0; person < 6; person++) {
      const uses = person === 0 ? 1 : 1_000
      await sendUse(company, ...Array.from({ length: uses }, () => usageEvent(`all-${person}`, 'all', 2)))
    }
    await customerOf('agents', 'Pro', 1, 0)
    await sendUse(
      company,
      ...times(6, 'Custom Agent Created').map(event => usageEvent('agents-p', 'agents', 40, event)),
    )
    await customerOf('five', 'Pro', 1, 0)
    await sendUse(company, ...times(5, 'Custom Agent Created').map(event => usageEvent('five-p', 'five', 40, event)))
    await customerOf('api', 'Pro', 1, 0)
    await sendUse(company, usageEvent('api-p', 'api', 3, 'API Limit Reached'))
    await find()
    const { items } = await list()
    const found = Object.fromEntries(items.map(each => [each.customerName, each.signals]))
    expect(found).toEqual({
      株式会社one: [{ key: 'heavy_user', value: 1_001 }],
      株式会社all: [{ key: 'many_runs', value: 5_001 }],
      株式会社agents: [{ key: 'event', event: 'Custom Agent Created', value: 6 }],
      株式会社api: [{ key: 'event', event: 'API Limit Reached', value: 1 }],
    })
  })

  it('UPS-3: the company names the events that count; a milestone says that now is a good time, and is no opportunity by itself', async () => {
    const { body: before } = await company.admin.call(getUpsellSettings)
    const events = [
      { event: 'Big Deed', meaning: 'signal' as const, plan: 'any' as const, times: 2, days: 7 },
      { event: 'First Result', meaning: 'milestone' as const, plan: 'any' as const, times: 1, days: 14 },
    ]
    const none = { ...before, events: [{ ...events[0]!, event: ' ' }] }
    expect((await company.admin.call(putUpsellSettings, { body: none })).status).toBe(422)
    await company.admin.call(putUpsellSettings, { body: { ...before, events } })
    for (const key of ['both', 'milestone', 'late']) {
      await customerOf(key, 'Pro', 1, 0)
      await sendUse(company, usageEvent(`${key}-p`, key, 2, 'First Result'))
    }
    await sendUse(company, ...times(2, 'Big Deed').map(event => usageEvent('both-p', 'both', 6, event)))
    await sendUse(company, ...times(2, 'Big Deed').map(event => usageEvent('late-p', 'late', 7, event)))
    await find()
    const { items } = await list()
    expect(
      items.map(({ customerName, signals, timing }) => [customerName, signals, timing.includes('milestone')]),
    ).toEqual([['株式会社both', [{ key: 'event', event: 'Big Deed', value: 2 }], true]])
  })

  it('won with the plan, lost by hand and left alone, expired when nothing speaks for it any more', async () => {
    const won = await customerOf('won', 'Free', 10, 0)
    const gone = await customerOf('gone', 'Free', 10, 0)
    await customerOf('lost', 'Free', 10, 0)
    await find()
    const { items } = await list()
    const lostId = items.find(({ customerName }) => customerName === '株式会社lost')!.id
    const readOnly = await newMember(company, 'read_only')
    expect((await readOnly.call(changeUpsell, { body: { ids: [lostId], status: 'lost' } })).status).toBe(403)
    const { body } = await company.admin.call(changeUpsell, { body: { ids: [lostId], status: 'lost' } })
    expect(body.changed).toBe(1)
    await company.admin.call(updateCustomer, { params: { id: won }, body: { plan: 'Pro' } })
    await company.admin.call(updateCustomer, { params: { id: gone }, body: { plan: 'Other' } })
    await find()
    const states = async (status: string) => (await list({ status })).items.map(({ customerName }) => customerName)
    expect(await states('won')).toEqual(['株式会社won'])
    expect(await states('lost')).toEqual(['株式会社lost'])
    expect(await states('expired')).toEqual(['株式会社gone'])
    expect((await list({ kind: 'free_to_paid' })).total).toBe(0)
  })

  it('prices are a setting of the company; another company sees nothing of it', async () => {
    await customerOf('priced', 'Free', 10, 0)
    const { body: before } = await company.admin.call(getUpsellSettings)
    const plans = before.plans.map(plan => (plan.name === 'Pro' ? { ...plan, pricePerUser: 1_000 } : plan))
    const { status } = await company.admin.call(putUpsellSettings, { body: { ...before, plans } })
    expect(status).toBe(200)
    await finishJobs(application)
    expect((await list()).items.map(each => each.estimatedArr)).toEqual([120_000])
    const csm = await newMember(company, 'csm')
    expect((await csm.call(putUpsellSettings, { body: before })).status).toBe(403)
    const twice = { ...before, plans: [before.plans[0]!, before.plans[0]!] }
    expect((await company.admin.call(putUpsellSettings, { body: twice })).status).toBe(422)
    const other = await newCompany(application)
    expect((await other.admin.call(listUpsell)).body.total).toBe(0)
  })

  it('UPS-4: the return of a customer is prefilled by its people, its use and the price', async () => {
    const id = await customerOf('roi', 'Free', 12, 40)
    await find()
    const { body } = await company.admin.call(returnBasis, { params: { id } })
    expect(body).toEqual({
      customerName: '株式会社roi',
      people: 12,
      hourlyRate: 5_000,
      workPerMonth: 40,
      hoursPerWork: 2.5,
      months: 11,
      price: 1_411_200,
      currency: 'JPY',
    })
  })
})
