import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import {
  attribute,
  behaviour,
  newLead,
  newScoringRule,
  presetSettings,
  putSettings,
  scoreOf,
} from '../../../tests/support/leads.ts'
import { createContacts } from '../../customers/contacts/commands/save.ts'
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

describe('SCO-2 scoring rules', () => {
  it('SCO-2: are made, read, changed and deleted over the API, with audit and reasons', async () => {
    const id = await newLead(company, { title: '営業部長' })
    const rule = await newScoringRule(company, attribute(titled, 20, { key: 'senior', nameJa: '部門長' }))
    expect(rule).toMatchObject({ key: 'senior', state: 'enabled', points: 20, leads: 1, fault: null })
    expect(await scoreOf(company, id)).toMatchObject({ score: 20, fit: 20, engagement: 0, isLead: true })
    const changed = await company.admin.call(contract.updateScoringRule, {
      params: { id: rule.id },
      body: { points: 30 },
    })
    expect(changed.body).toMatchObject({ points: 30 })
    expect(await scoreOf(company, id)).toMatchObject({ score: 30 })
    await company.admin.call(contract.updateScoringRule, { params: { id: rule.id }, body: { state: 'paused' } })
    await company.admin.call(contract.updateScoringRule, { params: { id: rule.id }, body: { state: 'enabled' } })
    expect((await company.admin.call(contract.listScoringRules, {})).body.items).toHaveLength(1)
    const gone = await company.admin.call(contract.deleteScoringRule, { params: { id: rule.id } })
    expect(gone.status).toBe(204)
    expect((await company.admin.call(contract.getScoringRule, { params: { id: rule.id } })).status).toBe(404)
    const { isLead, history } = await scoreOf(company, id)
    expect(isLead).toBe(false)
    expect(history.map(({ from, to }) => [from, to])).toEqual([
      [30, null],
      [null, 30],
      [30, null],
      [20, 30],
      [null, 20],
    ])
    expect(history.at(-1)!.reasons).toMatchObject([{ nameJa: '部門長', from: 0, to: 20 }])
  })

  it('SCO-2: refuses what cannot be worked out, says where, and keeps others out', async () => {
    const refuse = async (body: object, path: string, status = 422) => {
      const answer = await company.admin.call(contract.createScoringRule, { body: body as never })
      expect([answer.status, JSON.stringify(answer.body)]).toEqual([status, expect.stringContaining(path)])
    }
    await refuse(attribute({ field: 'nothing', op: 'is', value: 'x' }, 5), 'body.when.condition')
    await refuse(attribute({ field: 'leadScore', op: 'at_least', value: 1 }, 5), 'body.when.condition')
    await refuse(attribute(titled, 0), 'body.points')
    await refuse(attribute(titled, 101), 'body.points')
    await refuse(behaviour('bad\u0000name', 5), 'body.when.where')
    await refuse(behaviour('x', 5, { days: 731 }), 'body.when.days')
    await refuse(behaviour('x', 5, { halfLifeDays: 0 }), 'body.when.halfLifeDays')
    await refuse(behaviour('x', 5, { where: [{ property: 'a', op: 'at_least', value: '1' }] }), 'body.when.where')
    await newScoringRule(company, attribute(titled, 5, { key: 'mine' }))
    await refuse(attribute(titled, 5, { key: 'mine' }), 'body.key')
    // A name that would end a statement is a name.
    const hostile = "'); drop table contact; --"
    const rule = await newScoringRule(
      company,
      behaviour(hostile, 5, { where: [{ property: hostile, op: 'is', value: hostile }] }),
    )
    expect(rule.fault).toBeNull()
    const csm = await newMember(company, 'csm')
    expect((await csm.call(contract.createScoringRule, { body: attribute(titled, 5) })).status).toBe(403)
    expect((await csm.call(contract.listScoringRules, {})).status).toBe(200)
    const other = await newCompany(application)
    expect((await other.admin.call(contract.getScoringRule, { params: { id: rule.id } })).status).toBe(404)
    expect((await other.admin.call(leads.getLeadScore, { params: { id: await newLead(company) } })).status).toBe(404)
    expect((await other.admin.call(contract.listScoringRules, {})).body.items).toEqual([])
  })
})

describe('SCO-1 simulation', () => {
  it('SCO-1: says before saving how many leads it touches, and saving then gives just that', async () => {
    const people = [
      { title: '部長', employees: 1 },
      { title: '課長' },
      { title: '部長', emailState: 'BOUNCED' },
      { title: null },
    ].map((values, number) => ({
      id: randomUUID(),
      values: { name: `人${number}`, title: values.title, emailState: values.emailState ?? null },
    }))
    await asSystem(company, ctx => createContacts(ctx, people, { origin: 'person' }))
    const known = await newScoringRule(company, attribute(titled, 50))
    await putSettings(company, { fitCap: 100 })
    const bounced = attribute({ field: 'emailState', op: 'in', value: ['BOUNCED'] }, -40, { part: 'engagement' })
    const more = attribute({ field: 'title', op: 'is_set' }, 35, { nameJa: '肩書あり' })
    const { id, key, nameJa, nameEn, part, points, when, state } = known
    const wish = [{ id, key, nameJa, nameEn, part, points, when, state }, bounced, more]
    const simulation = (await company.admin.call(contract.simulateScoring, { body: { rules: wish as never } })).body
    expect(simulation).toMatchObject({
      leads: { before: 4, after: 4 },
      affected: 3,
      becomeHot: 1,
      becomeCool: 0,
      hot: { before: 0, after: 1 },
      mean: { before: 25, after: 41.3 },
    })
    expect(simulation.moves[0]).toMatchObject({
      from: expect.any(Number),
      reasons: [{ nameJa: '肩書あり', from: 0, to: 35 }],
    })
    expect((await company.admin.call(contract.listScoringRules, {})).body.items).toHaveLength(1)
    await newScoringRule(company, bounced)
    await newScoringRule(company, more)
    const { distribution, hot, mean } = (await company.admin.call(leads.leadStatistics, {})).body
    expect({ distribution, hot, mean }).toEqual({
      distribution: simulation.distribution.after,
      hot: 1,
      mean: simulation.mean.after,
    })
    const none = (
      await company.admin.call(contract.simulateScoring, {
        body: { settings: { ...presetSettings, hotAt: 90, fitCap: 100 } },
      })
    ).body
    expect(none).toMatchObject({ affected: 0, becomeCool: 1, becomeHot: 0 })
    const wrong = await company.admin.call(contract.simulateScoring, {
      body: { rules: [attribute({ field: 'x', op: 'is', value: '' }, 5)] as never },
    })
    expect([wrong.status, JSON.stringify(wrong.body)]).toEqual([
      422,
      expect.stringContaining('body.rules.0.when.condition'),
    ])
  })

  it('SCO-1: ready-made rules are added once; those of unknown fields are passed over', async () => {
    const first = (await company.admin.call(contract.addReadyScoringRules, {})).body
    expect(first.skipped).toEqual(['large-company', 'small-company'])
    expect(first.added.length).toBeGreaterThanOrEqual(12)
    expect((await company.admin.call(contract.addReadyScoringRules, {})).body.added).toEqual([])
    const scored = await company.admin.call(leads.scoreLeads, {})
    expect(scored.body).toMatchObject({ leads: 0, changed: 0, hot: 0 })
  })
})
