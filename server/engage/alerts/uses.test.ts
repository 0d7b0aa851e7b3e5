import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newAlertRule } from '../../../tests/support/alert-rules.ts'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer } from '../../../tests/support/facts.ts'
import { attribute, newScoringRule } from '../../../tests/support/leads.ts'
import { attributeUses, createAttribute, deleteAttribute } from '../../customers/attributes/contract/attributes.ts'
import { createStage, deleteStage } from '../../signals/lifecycle/contract/stages.ts'
import { computeAll } from '../../signals/metrics/commands/follow.ts'
import { createOwnMetric, deleteOwnMetric, listMetrics } from '../../signals/metrics/contract.ts'
import { createScorecard, deleteScorecard, publishScorecard } from '../../signals/scorecards/contract/cards.ts'
import { scorecardDefinition } from '../../signals/scorecards/contract/definition.ts'
import { createScoringRule, deleteScoringRule } from '../../signals/scoring/contract/rules.ts'
import { createSegment, deleteSegment, segmentStatistics, updateSegment } from '../../signals/segments/contract.ts'
import { deleteAlertRule } from './contract/rules.ts'

let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
})
afterAll(() => application.end())

const sites = { field: 'attributes.sites', op: 'at_least', value: 2 } as const

async function newAttribute(record: 'customer' | 'contact', key = 'sites'): Promise<string> {
  const { body, status } = await company.admin.call(createAttribute, {
    body: { record, key, label: '拠点数', type: 'number' },
  })
  expect(status).toBe(201)
  return body.id
}

async function newSegment(condition: object, record: 'customer' | 'contact' = 'customer', wishes: object = {}) {
  const { body, status } = await company.admin.call(createSegment, {
    body: {
      nameJa: 'セグメント',
      nameEn: 'Segment',
      kind: 'dynamic',
      record,
      condition: condition as never,
      ...wishes,
    } as never,
  })
  expect(status).toBe(201)
  return body.id
}

const judged = (input: object, wishes: object = {}) =>
  scorecardDefinition.parse({
    factors: [
      { key: 'a', nameJa: '要素', nameEn: 'Factor', weight: 1, input, shape: { kind: 'linear', from: 0, to: 10 } },
    ],
    bands: [{ key: 'green', nameJa: '緑', nameEn: 'Green', colour: 'green', from: 0 }],
    ...wishes,
  })

async function newCard(definition: ReturnType<typeof judged>): Promise<string> {
  const made = await company.admin.call(createScorecard, { body: { nameJa: '健全度', nameEn: 'Health', definition } })
  expect(made.status).toBe(201)
  return made.body.id
}

describe('where things are used', () => {
  it('SEG-1: a field that segments, scorecards, rules and stages look at is not deleted; each is named', async () => {
    const [ofCustomer, ofContact] = [await newAttribute('customer'), await newAttribute('contact')]
    const uses = async (id: string) => {
      const { body } = await company.admin.call(attributeUses, { params: { id } })
      return body.uses.map(({ kind }) => kind).sort()
    }
    expect([await uses(ofCustomer), await uses(ofContact)]).toEqual([[], []])
    const segment = await newSegment({ contacts: 'any', where: sites })
    const card = await newCard(judged({ field: 'attributes.sites' }))
    const rule = await newAlertRule(company, {
      trigger: { kind: 'score_below', below: 40 },
      routing: [
        { when: { not: sites }, assign: [{ kind: 'owner' }] },
        { when: null, assign: [] },
      ],
    })
    const scoring = await newScoringRule(company, attribute(sites, 5))
    const stage = await company.admin.call(createStage, {
      body: { nameJa: '商談', nameEn: 'Deal', condition: { customer: sites }, key: 'deal', actNow: false },
    })
    expect(stage.status).toBe(201)
    expect(await uses(ofCustomer)).toEqual(['alert_rule', 'lifecycle_stage', 'scorecard'])
    expect(await uses(ofContact)).toEqual(['scoring_rule', 'segment'])
    const remove = async (id: string) => {
      const { status, problem } = await company.admin.call(deleteAttribute, { params: { id } })
      return [status, problem?.detail]
    }
    expect(await remove(ofCustomer)).toEqual([409, expect.stringContaining('健全度')])
    expect(await remove(ofContact)).toEqual([409, expect.stringContaining('セグメント')])
    await company.admin.call(deleteSegment, { params: { id: segment } })
    await company.admin.call(deleteScoringRule, { params: { id: scoring.id } })
    expect(await remove(ofContact)).toEqual([204, undefined])
    await company.admin.call(deleteScorecard, { params: { id: card } })
    await company.admin.call(deleteAlertRule, { params: { id: rule.id } })
    await company.admin.call(deleteStage, { params: { id: stage.body.id } })
    expect(await remove(ofCustomer)).toEqual([204, undefined])
  })

  it('the catalogue names scorecards, rules and ratios beside segments; a metric in use stays', async () => {
    await newCustomer(company)
    const own = await company.admin.call(createOwnMetric, {
      body: {
        key: 'own.exports',
        labelJa: '書き出し',
        labelEn: 'Exports',
        unit: 'count',
        direction: 'up',
        definition: { kind: 'events', measure: 'count', events: ['Exported'], where: [], days: 30 },
      },
    })
    expect(own.status).toBe(201)
    await asSystem(company, computeAll)
    const card = await newCard(judged({ metric: 'own.exports' }))
    await company.admin.call(publishScorecard, { params: { id: card }, body: {} })
    await newSegment({ metric: 'own.exports', change: 'down', by: 20, in: 'percent', days: 28 })
    await newAlertRule(company, {
      trigger: { kind: 'condition', condition: { field: 'metrics.own.exports', op: 'at_most', value: 0 } },
    })
    const { items } = (await company.admin.call(listMetrics)).body
    const used = items.find(({ key }) => key === 'own.exports')!.usedBy.map(({ kind }) => kind)
    expect(used.sort()).toEqual(['alert_rule', 'scorecard', 'segment'])
    expect((await company.admin.call(deleteOwnMetric, { params: { id: own.body.id } })).status).toBe(409)
  })

  it('SEG-2: a segment that an alert rule, a scorecard or a stage looks at is named and stays', async () => {
    const segment = await newSegment({ field: 'status', op: 'in', value: ['AT_RISK'] })
    const inside = { field: 'segments', op: 'in', value: [segment] }
    const rule = await newAlertRule(company, {
      trigger: { kind: 'score_below', below: 40 },
      routing: [
        { when: inside as never, assign: [{ kind: 'owner' }] },
        { when: null, assign: [] },
      ],
    })
    await newCard(
      judged(
        { field: 'employeeCount' },
        { exceptions: [{ nameJa: '例外', nameEn: 'Exception', condition: inside, effect: 'cap', value: 50 }] },
      ),
    )
    const { body } = await company.admin.call(segmentStatistics, { params: { id: segment } })
    expect(body.usedBy.map(({ kind }) => kind).sort()).toEqual(['alert_rule', 'scorecard'])
    expect((await company.admin.call(deleteSegment, { params: { id: segment } })).status).toBe(409)
    await company.admin.call(deleteAlertRule, { params: { id: rule.id } })
    expect((await company.admin.call(deleteSegment, { params: { id: segment } })).status).toBe(409)
  })

  it('SCO-1: a segment that looks at the lead score cannot score leads, directly, through another one, or later', async () => {
    const hot = { field: 'leadScore', op: 'at_least', value: 50 }
    const inside = (id: string) => ({ field: 'segments', op: 'in', value: [id] })
    const scored = await newSegment(hot, 'contact', { nameJa: '高得点' })
    const outer = await newSegment({ not: inside(scored) }, 'contact')
    const harmless = await newSegment({ field: 'title', op: 'contains', value: '部長' }, 'contact')
    for (const id of [scored, outer]) {
      const refused = await company.admin.call(createScoringRule, { body: attribute(inside(id), 5) as never })
      expect(refused.status).toBe(422)
      expect(JSON.stringify(refused.problem)).toContain('条件にリードスコアを使っているため')
    }
    await newScoringRule(company, attribute(inside(harmless), 5, { nameJa: '部長' }))
    const change = (condition: object) =>
      company.admin.call(updateSegment, { params: { id: harmless }, body: { condition: condition as never } })
    for (const condition of [hot, inside(outer)]) {
      const refused = await change(condition)
      expect(refused.status).toBe(422)
      expect(JSON.stringify(refused.problem)).toContain('「部長」')
    }
    expect((await change({ field: 'title', op: 'contains', value: randomUUID() })).status).toBe(200)
  })
})
