import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { newAlertRule } from '../../../tests/support/alert-rules.ts'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { shippedBlueprints } from '../../catalog/blueprints/queries.ts'
import { createAttribute, listAttributes } from '../../customers/attributes/contract/attributes.ts'
import { createContact } from '../../customers/contacts/contract.ts'
import { listAlerts } from '../../engage/alerts/contract/alerts.ts'
import { listAlertRules, updateAlertRule } from '../../engage/alerts/contract/rules.ts'
import { listStages } from '../../signals/lifecycle/contract/stages.ts'
import { computeAll } from '../../signals/metrics/commands/follow.ts'
import { listScorecards, updateScorecard } from '../../signals/scorecards/contract/cards.ts'
import { listLeads } from '../../signals/scoring/contract/leads.ts'
import { listScoringRules } from '../../signals/scoring/contract/rules.ts'
import { createSegment, listSegments } from '../../signals/segments/contract.ts'
import * as contract from './contract/blueprints.ts'

let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
})
afterAll(() => application.end())

type Source = contract.BlueprintSource

async function plan(source: Source, replaceOthers = false) {
  const { body, status, problem } = await company.admin.call(contract.planBlueprint, {
    body: { source, replaceOthers },
  })
  expect([status, problem.detail]).toEqual([200, undefined])
  return body
}

async function apply(source: Source, replaceOthers = false) {
  const { fingerprint, changes } = await plan(source, replaceOthers)
  expect(changes.filter(({ problem }) => problem)).toEqual([])
  const { body, status, problem } = await company.admin.call(contract.applyBlueprint, {
    body: { source, replaceOthers, fingerprint },
  })
  expect([status, problem.detail, problem.errors]).toEqual([201, undefined, undefined])
  return body
}

async function exported(blueprint?: string): Promise<string> {
  const { text, status } = await company.admin.call(contract.exportBlueprint, {
    query: { ...(blueprint && { blueprint }) },
  })
  expect(status).toBe(200)
  return text
}

const file = (text: string): Source => ({ files: [{ name: 'own.yaml', text }] })

/** Three customers: one in daily use, one quiet, one that left. */
async function someCustomers(): Promise<void> {
  await newCustomer(company, { externalId: 'a', name: '青葉', licenceCount: 2 })
  await newCustomer(company, { externalId: 'b', name: '若葉', licenceCount: 5 })
  await newCustomer(company, { externalId: 'c', name: '紅葉', status: 'CHURNED' })
  const use = [1, 2, 3, 4, 5].flatMap(day =>
    ['甲', '乙'].map(person => usageEvent(person, 'a', day, 'Dashboard Viewed')),
  )
  await sendUse(company, ...use, usageEvent('丙', 'b', 40, 'Dashboard Viewed'))
  await asSystem(company, computeAll)
}

describe('the blueprints that come along', () => {
  it('can each be applied to a new company, and are then as they are wanted', async () => {
    const keys = shippedBlueprints().map(({ key }) => key)
    expect(keys).toEqual(['ai-workspace', 'early-success', 'lead-growth', 'plugin-marketplace', 'saas-success'])
    for (const key of keys) {
      company = await newCompany(application)
      await apply({ blueprint: key })
      const again = await plan({ blueprint: key })
      expect([key, again.changes, again.faults]).toEqual([key, [], []])
      expect(again.unchanged).toBeGreaterThan(0)
    }
  })

  it('keep to the JSON Schema that is published beside them and served', async () => {
    const { body } = await company.admin.call(contract.blueprintSchema)
    await expect(`${JSON.stringify(body, null, 2)}\n`).toMatchFileSnapshot('../../../blueprints/schema.json')
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(body)
    for (const { key, files } of shippedBlueprints()) {
      for (const { name, text } of files) {
        expect([key, name, validate(parse(text)), validate.errors]).toEqual([key, name, true, null])
      }
    }
    expect(
      validate({ segments: [{ key: 'a', record: 'customer', nameJa: 'あ', nameEn: 'a', condition: { al: [] } }] }),
    ).toBe(false)
  })

  it('exported, they plan without a difference, in the same company and in another one', async () => {
    await apply({ blueprint: 'saas-success' })
    const [all, own] = [await exported(), await exported('saas-success')]
    expect((await plan(file(all))).changes).toEqual([])
    expect((await plan(file(own))).changes).toEqual([])
    company = await newCompany(application)
    await apply(file(own))
    expect(await exported('saas-success')).toBe(own)
    expect((await plan({ blueprint: 'saas-success' })).changes).toEqual([])
  })
})

describe('plan', () => {
  it('counts what applying does, by doing it and taking it back: nothing stays', async () => {
    await someCustomers()
    const before = await exported()
    const planned = await plan({ blueprint: 'saas-success' })
    expect(planned.radius!.health.moves.reduce((sum, { customers }) => sum + customers, 0)).toBeGreaterThan(0)
    expect(planned.radius!.alerts.length).toBeGreaterThan(0)
    expect(await exported()).toBe(before)
    expect((await company.admin.call(listAlerts, { query: { view: 'active' } })).body.items).toEqual([])
    const { id } = await apply({ blueprint: 'saas-success' })
    const { body } = await company.admin.call(contract.getApplication, { params: { id } })
    expect(body.radius).toEqual(planned.radius)
    expect(body.changes).toEqual(planned.changes)
    const opened = planned.radius!.alerts.reduce((sum, each) => sum + each.opened, 0)
    expect((await company.admin.call(listAlerts, { query: { view: 'active', limit: 200 } })).body.items).toHaveLength(
      opened,
    )
  })

  it('shows changes field by field, what was made by hand, and what somebody changed since', async () => {
    await newAlertRule(company, { key: 'health-red', trigger: { kind: 'score_below', below: 30 } })
    const first = await plan({ blueprint: 'saas-success' })
    const red = first.changes.find(({ key }) => key === 'health-red')!
    expect(red).toMatchObject({ action: 'change', byHand: true, drifted: false })
    expect(red.fields).toContainEqual({ path: 'trigger.below', before: 30, after: 40 })
    await apply({ blueprint: 'saas-success' })
    const { items } = (await company.admin.call(listAlertRules)).body
    const rule = items.find(({ key }) => key === 'health-red')!
    await company.admin.call(updateAlertRule, { params: { id: rule.id }, body: { dueHours: 12 } })
    const drift = (await company.admin.call(contract.blueprintDrift)).body
    expect(drift.items).toMatchObject([
      { key: 'health-red', blueprint: 'saas-success', fields: [{ path: 'dueHours', before: 24, after: 12 }] },
    ])
    const { changes } = await plan({ blueprint: 'saas-success' })
    expect(changes).toMatchObject([
      {
        key: 'health-red',
        action: 'change',
        drifted: true,
        byHand: false,
        fields: [{ path: 'dueHours', before: 12, after: 24 }],
      },
    ])
  })

  it('names the line of every fault, and plans nothing', async () => {
    const { faults, changes, radius } = await plan(
      file(`segments:
  - key: vip
    record: customer
    nameJa: 重要
    nameEn: VIP
    condition: { field: arr, op: at_least, value: 1 }
  - key: BAD KEY
    record: customer
    nameJa: 誤り
    nameEn: Wrong
scorecard: []
`),
    )
    expect([changes, radius]).toEqual([[], null])
    expect(faults.map(({ file: name, line, column, path }) => [name, line, column, path])).toEqual([
      ['own.yaml', 7, 10, 'segments.1.key'],
      ['own.yaml', 11, 12, 'scorecard'],
    ])
    const broken = await plan(file('segments:\n  - key: [a\n'))
    expect(broken.faults).toHaveLength(1)
    expect(broken.faults[0]).toMatchObject({ line: 3 })
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]\n`
    expect((await plan(file(bomb))).faults.length).toBeGreaterThan(0)
    const twice = await plan(
      file('segments:\n  - &s { key: a, record: customer, nameJa: あ, nameEn: a, kind: static }\n  - *s\n'),
    )
    expect(twice.faults.map(({ message }) => message.en)).toEqual(['"a" stands there twice.'])
  })

  it('says what cannot be done, all of it at once; applying it changes nothing', async () => {
    await company.admin.call(createAttribute, {
      body: { record: 'customer', key: 'area', label: '地域', type: 'text' },
    })
    const source = file(`attributes:
  - { record: customer, key: area, label: { ja: 地域, en: Area }, type: number }
segments:
  - key: gone
    record: customer
    nameJa: 所属
    nameEn: Member
    condition: { field: segments, op: in, value: [ nowhere ] }
  - { key: fine, record: customer, nameJa: 正常, nameEn: Fine, kind: static }
`)
    const { changes, radius, fingerprint } = await plan(source)
    expect(radius).toBeNull()
    expect(changes.map(({ key, problem }) => [key, problem?.en.slice(0, 40) ?? null])).toEqual([
      ['customer.area', 'The type of an attribute stays (text, no'],
      ['gone', 'There is no such thing as the segment "n'],
      ['fine', null],
    ])
    const refused = await company.admin.call(contract.applyBlueprint, { body: { source, fingerprint } })
    expect(refused.status).toBe(409)
    expect((await company.admin.call(listSegments, { query: {} })).body.items).toEqual([])
    const { items } = (await company.admin.call(listAttributes, { query: {} })).body
    expect(items).toMatchObject([{ key: 'area', type: 'text' }])
  })
})

describe('apply', () => {
  it('keeps to the plan that was seen', async () => {
    const source: Source = { blueprint: 'early-success' }
    const { fingerprint } = await plan(source)
    await newAlertRule(company, { key: 'red-zone', trigger: { kind: 'score_below', below: 10 } })
    const { status, problem } = await company.admin.call(contract.applyBlueprint, { body: { source, fingerprint } })
    expect([status, problem.code]).toEqual([409, 'conflict'])
  })

  it('names segments, scorecards, people and teams by what they are called', async () => {
    const anna = await newMember(company, 'csm')
    const { body: segment } = await company.admin.call(createSegment, {
      body: { key: 'vip', record: 'customer', nameJa: '重要', nameEn: 'VIP', kind: 'static' },
    })
    await newAlertRule(company, {
      key: 'vip-red',
      trigger: { kind: 'condition', condition: { field: 'segments', op: 'in', value: [segment.id] } },
      routing: [
        {
          when: { field: 'ownerId', op: 'in', value: [anna.memberId] },
          assign: [{ kind: 'member', id: anna.memberId }],
        },
      ],
    })
    const text = await exported()
    expect(text).toContain('vip')
    expect(text).toContain(anna.email)
    expect(text).not.toContain(segment.id)
    expect(text).not.toContain(anna.memberId)
    expect((await plan(file(text))).changes).toEqual([])
  })

  it('deletes what a blueprint made and no longer names; leaves what people made', async () => {
    const two = (...keys: string[]) =>
      file(
        `blueprint: { key: mine, nameJa: 自社, nameEn: Mine }\nsegments:\n${keys
          .map(key => `  - { key: ${key}, record: customer, nameJa: ${key}, nameEn: ${key}, kind: static }\n`)
          .join('')}`,
      )
    await company.admin.call(createSegment, {
      body: { key: 'by-hand', record: 'customer', nameJa: '手', nameEn: 'Hand', kind: 'static' },
    })
    await apply(two('one', 'two'))
    await apply(two('two', 'three'))
    const keys = async () =>
      (await company.admin.call(listSegments, { query: {} })).body.items.map(({ key }) => key).sort()
    expect(await keys()).toEqual(['by-hand', 'three', 'two'])
    const { id } = (await company.admin.call(contract.listApplications)).body.items[0]!
    await apply({ rollback: id })
    expect(await keys()).toEqual(['by-hand', 'one', 'two'])
    const again = await company.admin.call(contract.planBlueprint, { body: { source: { rollback: id } } })
    expect([again.status, again.problem.code]).toEqual([409, 'conflict'])
  })

  it('taken back, the company is as it was, alerts with a history archived; applied again they are revived', async () => {
    await someCustomers()
    const before = await exported()
    const { id } = await apply({ blueprint: 'saas-success' })
    const after = await exported()
    await apply({ rollback: id })
    expect(await exported()).toBe(before)
    expect((await company.admin.call(contract.blueprintDrift)).body).toEqual({ items: [], managed: 0 })
    const { items } = (await company.admin.call(listAlertRules)).body
    expect(new Set(items.map(({ state }) => state))).toEqual(new Set(['archived']))
    expect((await company.admin.call(listAlerts, { query: { view: 'active' } })).body.items).toEqual([])
    await apply({ blueprint: 'saas-success' })
    expect(await exported()).toBe(after)
  })

  it('leads are scored and staged by it, and nobody is mailed or made a customer by that', async () => {
    const people = ['取締役', '部長', '課長', '担当']
    for (const [place, title] of people.entries()) {
      const body = {
        name: `担当${place}`,
        email: `p${place}@lead.test`,
        title,
        stakeholderRole: 'DECISION_MAKER' as const,
      }
      expect((await company.admin.call(createContact, { body })).status).toBe(201)
    }
    const planned = await plan({ blueprint: 'lead-growth' })
    expect(planned.radius!.leads).toEqual({ moved: 4, hot: 0 })
    expect(planned.radius!.stages).toEqual([{ name: { ja: '新規', en: 'New' }, entered: 4 }])
    const { id } = await apply({ blueprint: 'lead-growth' })
    const { body } = await company.admin.call(contract.getApplication, { params: { id } })
    expect(body.radius).toEqual(planned.radius)
    const leads = (await company.admin.call(listLeads, { query: {} })).body.items
    expect(leads.map(({ title, score, stage }) => [title, score, stage])).toEqual([
      ['取締役', 30, 'new'],
      ['部長', 30, 'new'],
      ['課長', 20, 'new'],
      ['担当', 10, 'new'],
    ])
    await apply({ rollback: id })
    expect((await company.admin.call(listScoringRules)).body.items).toEqual([])
    // Leads are in it: it is paused, and they stay.
    const stages = (await company.admin.call(listStages)).body.items
    expect(stages.map(({ key, state, leads: count }) => [key, state, count])).toEqual([['new', 'paused', 4]])
  })

  it('another programme in place of one: what the first made goes', async () => {
    await apply({ blueprint: 'saas-success' })
    await apply({ blueprint: 'plugin-marketplace' }, true)
    const { items } = (await company.admin.call(listScorecards)).body
    expect(items.map(({ key, state }) => [key, state])).toEqual([['plugin-marketplace', 'enabled']])
    const application = (await company.admin.call(contract.listApplications)).body.items[0]!
    expect(application).toMatchObject({ blueprint: 'plugin-marketplace', kind: 'apply', rolledBack: false })
    expect(application.deleted).toBeGreaterThan(0)
  })

  it('keeps the draft that somebody works on', async () => {
    await apply({ blueprint: 'saas-success' })
    const [card] = (await company.admin.call(listScorecards)).body.items
    const draft = { ...card!.definition!, missing: 'worst' as const }
    await company.admin.call(updateScorecard, { params: { id: card!.id }, body: { draft, nameJa: '変更' } })
    await apply({ blueprint: 'saas-success' })
    const [now] = (await company.admin.call(listScorecards)).body.items
    expect([now!.nameJa, now!.draft?.missing, now!.definition?.missing]).toEqual(['SaaS標準', 'worst', 'reweight'])
  })

  it('is for those who may, and within one company', async () => {
    const csm = await newMember(company, 'csm')
    for (const route of [contract.listBlueprints, contract.listApplications, contract.blueprintDrift]) {
      expect((await csm.call(route)).status).toBe(403)
    }
    const { id } = await apply({ blueprint: 'early-success' })
    const other = await newCompany(application)
    expect((await other.admin.call(contract.getApplication, { params: { id } })).status).toBe(404)
    expect((await other.admin.call(contract.planBlueprint, { body: { source: { rollback: id } } })).status).toBe(404)
    expect((await other.admin.call(contract.blueprintDrift)).body.managed).toBe(0)
  })
})
