import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer, sendUse } from '../../../tests/support/facts.ts'
import {
  attribute,
  behaviour,
  followLeads,
  newLead,
  newScoringRule,
  putSettings,
  scoreOf,
  track,
} from '../../../tests/support/leads.ts'
import { createAttribute } from '../../customers/attributes/contract/attributes.ts'
import { updateContacts } from '../../customers/contacts/commands/save.ts'
import { createContact, updateContact } from '../../customers/contacts/contract.ts'
import { followContacts, scoreLeadsNow } from './commands/score.ts'
import * as leads from './contract/leads.ts'
import * as contract from './contract/rules.ts'

let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
})
afterAll(() => application.end())

const titled = { field: 'title', op: 'contains', value: '部長' }

/** As the undoing of an import takes its fields back; by hand a field in use is not deleted. */
const takeAway = (id: string) =>
  asSystem(company, ctx => sql`delete from attribute where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx))

describe('SCO-1 scores', () => {
  it('SCO-1: parts have caps, negative rules take away, and nobody falls below 0', async () => {
    const [high, low] = [
      await newLead(company, { title: '部長' }),
      await newLead(company, { emailState: 'UNSUBSCRIBED' }),
    ]
    await newScoringRule(company, attribute(titled, 40))
    await newScoringRule(company, attribute({ field: 'title', op: 'is_set' }, 30))
    await newScoringRule(
      company,
      attribute({ field: 'emailState', op: 'in', value: ['UNSUBSCRIBED'] }, -25, { part: 'engagement' }),
    )
    expect(await scoreOf(company, high)).toMatchObject({ score: 50, fit: 50 })
    expect(await scoreOf(company, low)).toMatchObject({ score: 0, fit: 0, engagement: -25 })
    await putSettings(company, { fitCap: 60 })
    expect(await scoreOf(company, high)).toMatchObject({ score: 60, fit: 60 })
  })

  it('SCO-1: behaviour counts with a cap of its own and wears off: half of it after the half-life', async () => {
    const id = await newLead(company)
    await sendUse(
      company,
      track(id, 'Opened', 0),
      track(id, 'Opened', 10),
      track(id, 'Opened', 20),
      track(id, 'Old', 30),
    )
    await newScoringRule(company, behaviour('Opened', 8, { halfLifeDays: 10 }, { key: 'decay' }))
    // 8 + 4 + 2
    expect(await scoreOf(company, id)).toMatchObject({ score: 14, rules: [{ points: 14, times: 3, days: 90 }] })
    await newScoringRule(company, behaviour('Opened', 8, { most: 20 }, { key: 'capped' }))
    expect(await scoreOf(company, id)).toMatchObject({ score: 34 })
    const old = await newScoringRule(company, behaviour('Old', 5, { days: 30 }, { key: 'window' }))
    expect(await scoreOf(company, id)).toMatchObject({ score: 34 })
    await company.admin.call(contract.updateScoringRule, {
      params: { id: old.id },
      body: { when: behaviour('Old', 5, { days: 31 }).when as never },
    })
    expect(await scoreOf(company, id)).toMatchObject({ score: 39 })
  })

  it('SCO-1: days count once, and properties decide', async () => {
    const id = await newLead(company)
    await sendUse(
      company,
      track(id, 'Seen', 1, { page: 'pricing' }),
      track(id, 'Seen', 1, { page: 'pricing' }),
      track(id, 'Seen', 2, { page: 'home' }),
    )
    await newScoringRule(company, behaviour('Seen', 3, { count: 'days' }))
    expect(await scoreOf(company, id)).toMatchObject({ score: 6 })
    await newScoringRule(company, behaviour('Seen', 10, { where: [{ property: 'page', op: 'is', value: 'pricing' }] }))
    expect(await scoreOf(company, id)).toMatchObject({ score: 26 })
  })

  it('SCO-1: follows changes and use of leads soon, and a lead that became a customer’s is none any more', async () => {
    const id = await newLead(company, { title: '主任' })
    await newScoringRule(company, attribute(titled, 20))
    await newScoringRule(company, behaviour('Trial Started', 15))
    expect(await scoreOf(company, id)).toMatchObject({ score: 0 })
    await company.admin.call(updateContact, { params: { id }, body: { title: '部長' } })
    await followLeads(company)
    expect(await scoreOf(company, id)).toMatchObject({ score: 20 })
    await sendUse(company, track(id, 'Trial Started', 0))
    await followLeads(company)
    expect(await scoreOf(company, id)).toMatchObject({ score: 35 })
    const made = await company.admin.call(createContact, {
      body: { name: '新任', title: '部長', email: 'n@example.test' },
    })
    await followLeads(company)
    expect(await scoreOf(company, made.body.id)).toMatchObject({ score: 20 })
    const page = (await company.admin.call(leads.listLeads, { query: { limit: 1 } })).body
    expect(page.items[0]).toMatchObject({ id, score: 35, reasons: [{ points: 20 }, { points: 15 }] })
    const next = await company.admin.call(leads.listLeads, { query: { limit: 1, cursor: page.next! } })
    expect(next.body.items[0]).toMatchObject({ id: made.body.id })
    const statistics = (await company.admin.call(leads.leadStatistics, {})).body
    expect(statistics).toMatchObject({ leads: 2, hot: 0, mean: 27.5, distribution: [0, 0, 1, 1, 0, 0, 0, 0, 0, 0] })
    await company.admin.call(updateContact, { params: { id }, body: { customerId: await newCustomer(company) } })
    await followLeads(company)
    expect(await scoreOf(company, id)).toMatchObject({ isLead: false, score: null })
  })

  it('SCO-1: who is a lead can be said by a condition', async () => {
    const customer = await newCustomer(company)
    const [inside, outside] = [
      await newLead(company, { title: '部長', customerId: customer }),
      await newLead(company, { title: '部長' }),
    ]
    await newScoringRule(company, attribute(titled, 20))
    expect([(await scoreOf(company, inside)).isLead, (await scoreOf(company, outside)).isLead]).toEqual([false, true])
    await putSettings(company, { lead: { customer: { all: [] } } })
    expect([(await scoreOf(company, inside)).isLead, (await scoreOf(company, outside)).isLead]).toEqual([true, false])
  })

  it('SCO-1: a field that is gone stops its rule, and the condition of leads, with the reason; the rest goes on', async () => {
    const made = await company.admin.call(createAttribute, {
      body: { record: 'contact', key: 'size', label: '規模', type: 'number' },
    })
    const id = await newLead(company, { title: '部長', attributes: { size: 500 } })
    await newScoringRule(company, attribute(titled, 20))
    await newScoringRule(company, attribute({ field: 'attributes.size', op: 'at_least', value: 100 }, 15))
    expect(await scoreOf(company, id)).toMatchObject({ score: 35 })
    await takeAway(made.body.id)
    await company.admin.call(leads.scoreLeads, {})
    expect(await scoreOf(company, id)).toMatchObject({ score: 20 })
    const { items } = (await company.admin.call(contract.listScoringRules, {})).body
    expect(items.map(({ fault }) => fault !== null)).toEqual([false, true])
    const again = await company.admin.call(createAttribute, {
      body: { record: 'contact', key: 'kind', label: '種別', type: 'text' },
    })
    await putSettings(company, { lead: { field: 'attributes.kind', op: 'is_empty' } })
    expect(await scoreOf(company, id)).toMatchObject({ score: 20 })
    await takeAway(again.body.id)
    expect((await company.admin.call(leads.scoreLeads, {})).body).toMatchObject({ leads: 0, changed: 0 })
    expect(await scoreOf(company, id)).toMatchObject({ score: 20 })
    expect((await company.admin.call(contract.getScoringSettings, {})).body.fault).toContain('attributes.kind')
  })

  it('SCO-1: wear alone is noted only when it adds up to 5 points', async () => {
    const id = await newLead(company)
    await sendUse(company, track(id, 'Opened', 0))
    await newScoringRule(company, behaviour('Opened', 40, { halfLifeDays: 30 }))
    const later = (days: number) =>
      asSystem(company, ctx => {
        ctx.now = new Date(Date.now() + days * 86_400_000)
        return scoreLeadsNow(ctx)
      })
    for (const days of [1, 2, 3, 4]) await later(days)
    const before = await scoreOf(company, id)
    expect([before.score, before.history.length]).toEqual([36.5, 1])
    await later(6)
    const after = await scoreOf(company, id)
    expect(after.history.map(({ from, to }) => [from, to])).toEqual([
      [40, 34.8],
      [null, 40],
    ])
    expect(after.history[0]!.reasons).toMatchObject([{ from: 40, to: 34.8 }])
  })

  it('SCO-1: a run that is cut off leaves nothing behind', async () => {
    const id = await newLead(company, { title: '部長' })
    await newScoringRule(company, attribute(titled, 20))
    await asSystem(company, ctx => updateContacts(ctx, [{ id, values: { title: '主任' } }]))
    const broken = asSystem(company, async ctx => {
      await followContacts(ctx)
      throw new Error('killed')
    })
    await expect(broken).rejects.toThrow('killed')
    expect(await scoreOf(company, id)).toMatchObject({ score: 20 })
    await followLeads(company)
    expect(await scoreOf(company, id)).toMatchObject({ score: 0 })
  })
})
