import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { removeMember } from '../../platform/identity/contract/company.ts'
import { createAttribute } from '../attributes/contract/attributes.ts'
import { getHierarchy } from './contract/around.ts'
import {
  bulkCreateCustomers,
  bulkUpdateCustomers,
  createCustomer,
  exportCustomers,
  getCustomer,
  handOver,
  listCustomers,
  summarizeCustomers,
  undoHandOver,
  updateCustomer,
} from './contract/customers.ts'
import { getTierModel, listHistory, pinTier, previewTierModel, setTierModel, type TierModel } from './contract/tiers.ts'

let application: TestApplication
let company: TestCompany
let admin: Caller

beforeAll(async () => {
  application = await testApplication()
})
afterAll(() => application.end())
beforeEach(async () => {
  company = await newCompany(application)
  admin = company.admin
})

async function made(name: string, more: object = {}): Promise<string> {
  const { status, body, problem } = await admin.call(createCustomer, { body: { name, status: 'ACTIVE', ...more } })
  if (status !== 201) throw new Error(JSON.stringify(problem))
  return body.id
}

async function names(query: Record<string, string>): Promise<string[]> {
  const { body, status, problem } = await admin.call(listCustomers, { query: { limit: '200', ...query } })
  if (status !== 200) throw new Error(JSON.stringify(problem))
  return body.items.map(item => item.name)
}

const filter = (...all: object[]) => ({ filter: JSON.stringify({ all }) })

describe('lists of customers', () => {
  it('filter by every kind of field, the company’s own included', async () => {
    for (const [key, type, options] of [
      ['channel', 'one_of', ['紹介', 'Web']],
      ['modules', 'many_of', ['A', 'B', 'C']],
      ['seats', 'number', []],
      ['sso', 'boolean', []],
      ['kickoff', 'date', []],
      ['memo', 'text', []],
    ] as const) {
      await admin.call(createAttribute, { body: { record: 'customer', key, label: key, type, options } })
    }
    await made('甲', {
      attributes: {
        channel: '紹介',
        modules: ['A', 'B'],
        seats: 12,
        sso: true,
        kickoff: '2026-03-01',
        memo: 'ＡＢＣ商会',
      },
      industry: '製造',
      mrr: 300_000,
    })
    await made('乙', {
      attributes: { channel: 'Web', modules: ['C'], seats: 3, sso: false, kickoff: '2020-03-01', memo: 'xyz' },
      renewalOn: '2020-01-01',
    })
    await made('丙', { tags: ['重点'] })
    const cases: [object, string[]][] = [
      [{ field: 'attributes.channel', op: 'in', value: ['紹介'] }, ['甲']],
      [{ field: 'attributes.channel', op: 'not_in', value: ['紹介'] }, ['乙', '丙']],
      [{ field: 'attributes.modules', op: 'in', value: ['B', 'C'] }, ['甲', '乙']],
      [{ field: 'attributes.modules', op: 'is_empty' }, ['丙']],
      [{ field: 'attributes.seats', op: 'at_least', value: 5 }, ['甲']],
      [{ field: 'attributes.sso', op: 'is', value: false }, ['乙']],
      [{ field: 'attributes.kickoff', op: 'after', value: '2025-01-01' }, ['甲']],
      [{ field: 'attributes.memo', op: 'contains', value: 'abc' }, ['甲']],
      [{ field: 'industry', op: 'in', value: ['製造'] }, ['甲']],
      [{ field: 'industry', op: 'is_empty' }, ['乙', '丙']],
      [{ field: 'arr', op: 'at_most', value: 0 }, ['乙', '丙']],
      [{ field: 'tags', op: 'in', value: ['重点'] }, ['丙']],
      [{ field: 'tags', op: 'is_empty' }, ['甲', '乙']],
      [{ field: 'renewalOn', op: 'before', value: '2021-01-01' }, ['乙']],
      [{ field: 'createdAt', op: 'within_last_days', value: 1 }, ['甲', '乙', '丙']],
      [{ field: 'lastContactAt', op: 'is_empty' }, ['甲', '乙', '丙']],
    ]
    for (const [condition, expected] of cases) {
      expect((await names(filter(condition))).sort(), JSON.stringify(condition)).toEqual([...expected].sort())
    }
  })

  it('refuse conditions that do not go, and say which', async () => {
    for (const condition of [
      { field: 'arr', op: 'contains', value: 'x' },
      { field: 'arr', op: 'at_least', value: 'many' },
      { field: 'renewalOn', op: 'before', value: 'soon' },
      { field: '__proto__', op: 'is', value: 'x' },
      { field: 'constructor', op: 'is', value: 'x' },
      { field: 'attributes.none', op: 'is', value: 'x' },
      { field: "name' or 1=1 --", op: 'is', value: 'x' },
    ]) {
      const { status, problem } = await admin.call(listCustomers, {
        query: filter({ field: 'name', op: 'is_set' }, condition),
      })
      expect(status, JSON.stringify(condition)).toBe(422)
      expect(problem.errors![0]!.path).toBe('query.filter.all.1')
    }
  })

  it('page through every sort with empty values last, both ways, each customer once', async () => {
    for (let index = 0; index < 11; index++) {
      await made(
        `顧客${String(index).padStart(2, '0')}`,
        index % 3 === 0 ? {} : { renewalOn: `2027-0${(index % 4) + 1}-01`, licenceCount: index },
      )
    }
    for (const sort of ['name', 'renewalOn', 'licenceCount', 'healthScore', 'arr', 'createdAt']) {
      for (const order of ['asc', 'desc']) {
        const all = await names({ sort, order })
        const paged: string[] = []
        let cursor: string | undefined
        do {
          const { body } = await admin.call(listCustomers, {
            query: { sort, order, limit: '4', ...(cursor ? { cursor } : {}) },
          })
          paged.push(...body.items.map(item => item.name))
          cursor = body.next ?? undefined
        } while (cursor)
        expect(paged, `${sort} ${order}`).toEqual(all)
        expect(new Set(paged).size).toBe(11)
      }
    }
  })

  it('find by pieces of names, ids and domains, in full and half width', async () => {
    await made('株式会社みなとみらいデジタル', { externalId: 'MM-21', website: 'https://minato.example' })
    await made('Ｋｅｓｔｒｅｌ Bioinformatics')
    expect(await names({ search: 'みらい' })).toHaveLength(1)
    expect(await names({ search: 'み' })).toHaveLength(1)
    expect(await names({ search: 'mm-21' })).toHaveLength(1)
    expect(await names({ search: 'minato.ex' })).toHaveLength(1)
    expect(await names({ search: 'kestrel' })).toHaveLength(1)
    expect(await names({ search: 'みらいの' })).toHaveLength(0)
    expect(await names({ search: '%' })).toHaveLength(0)
  })

  it('are added up by currency', async () => {
    await made('円', { mrr: 100 })
    await made('ドル', { mrr: 5, currency: 'USD' })
    const { body } = await admin.call(summarizeCustomers, { query: {} })
    expect(body).toEqual({
      count: 2,
      revenue: [
        { currency: 'JPY', arr: 1_200 },
        { currency: 'USD', arr: 60 },
      ],
    })
  })

  it('are exported as CSV that cannot become a formula, and as Excel (C2)', async () => {
    await made('=HYPERLINK("http://evil","x")', { externalId: '+81', tags: ['a', 'b'], mrr: 5 })
    const csv = await admin.call(exportCustomers, { query: { columns: 'name,externalId,tags,mrr' } })
    expect(csv.headers['content-disposition']).toContain('.csv')
    expect(csv.text).toBe('\ufeff顧客名,外部ID,タグ,MRR\r\n"\'=HYPERLINK(""http://evil"",""x"")",\'+81,a; b,5\r\n')
    const xlsx = await admin.call(exportCustomers, { query: { format: 'xlsx' } })
    expect(xlsx.text.slice(0, 2)).toBe('PK')
    const csm = await newMember(company, 'csm')
    const own = await csm.call(exportCustomers, { query: { columns: 'name' } })
    expect(own.text).toBe('\ufeff顧客名\r\n')
    expect((await (await newMember(company, 'read_only')).call(exportCustomers, { query: {} })).status).toBe(403)
    expect((await admin.call(exportCustomers, { query: { columns: 'password' } })).status).toBe(422)
  })
})

describe('hand-over of customers', () => {
  it('gives one or many to another CSM, keeps who, from and to, and can be taken back', async () => {
    const [one, other] = [await newMember(company, 'csm'), await newMember(company, 'csm')]
    const ids = [
      await made('A', { ownerId: one.memberId }),
      await made('B', { ownerId: one.memberId }),
      await made('C'),
    ]
    const preview = await admin.call(handOver, { body: { ids, toId: other.memberId, dryRun: true } })
    expect(preview.body).toMatchObject({ matched: 3, changed: 3, batchId: null })
    const done = await admin.call(handOver, { body: { ids, toId: other.memberId, note: '産休のため' } })
    expect(done.body).toMatchObject({ matched: 3, changed: 3 })
    const history = await admin.call(listHistory, { params: { id: ids[0]! }, query: { field: 'owner' } })
    expect(history.body.items[0]).toMatchObject({ field: 'owner', cause: 'person', note: '産休のため' })
    expect(history.body.items).toHaveLength(2)
    await admin.call(handOver, { body: { ids: [ids[2]], toId: null } })
    const undone = await admin.call(undoHandOver, { params: { id: done.body.batchId! } })
    expect(undone.body.changed).toBe(2)
    expect((await admin.call(getCustomer, { params: { id: ids[0]! } })).body.ownerId).toBe(one.memberId)
    expect((await admin.call(getCustomer, { params: { id: ids[2]! } })).body.ownerId).toBeNull()
  })

  it('moves every customer that matches, and refuses strangers', async () => {
    const csm = await newMember(company, 'csm')
    for (let index = 0; index < 5; index++) await made(`M${index}`, { segment: index < 3 ? '中堅' : '小規模' })
    const matching = filter({ field: 'segment', op: 'in', value: ['中堅'] })
    expect((await admin.call(handOver, { body: { matching, toId: csm.memberId } })).body.changed).toBe(3)
    expect((await admin.call(handOver, { body: { matching, toId: company.tenantId } })).status).toBe(422)
    expect((await admin.call(handOver, { body: { toId: null } })).status).toBe(422)
    expect((await csm.call(handOver, { body: { matching, toId: null } })).status).toBe(403)
  })

  it('leaves nobody’s customers behind when a member goes', async () => {
    const csm = await newMember(company, 'csm')
    const id = await made('残る会社', { ownerId: csm.memberId })
    await admin.call(removeMember, { params: { id: csm.memberId } })
    await finishJobs(application)
    expect((await admin.call(getCustomer, { params: { id } })).body.ownerId).toBeNull()
    const history = await admin.call(listHistory, { params: { id }, query: { field: 'owner' } })
    expect(history.body.items[0]).toMatchObject({ cause: 'member_left', to: null })
  })
})

describe('tiers by rule (CUS-20 to CUS-23)', () => {
  const tierAt = async (mrr: number, more: object = {}) => {
    const id = await made(`${mrr}`, { mrr, ...more })
    return (await admin.call(getCustomer, { params: { id } })).body.tierKey
  }

  it('saas-success: 500k and 100k yen a month', async () => {
    expect(await tierAt(500_000)).toBe('enterprise')
    expect(await tierAt(499_999)).toBe('mid_market')
    expect(await tierAt(100_000)).toBe('mid_market')
    expect(await tierAt(99_999)).toBe('smb')
    expect(await tierAt(0)).toBe('smb')
  })

  it('early-success: 100,000, 25,000 and 5,000 dollars a year; other currencies by the rate', async () => {
    const preset = await presetOf('early-success')
    expect((await admin.call(setTierModel, { body: preset })).status).toBe(200)
    const usd = { currency: 'USD' }
    expect(await tierAt(8_334, usd)).toBe('enterprise')
    expect(await tierAt(8_333, usd)).toBe('mid_market')
    expect(await tierAt(2_084, usd)).toBe('mid_market')
    expect(await tierAt(417, usd)).toBe('small_business')
    expect(await tierAt(416, usd)).toBe('trial')
    expect(await tierAt(1_300_000)).toBe('enterprise')
    expect(await tierAt(1_300_000, { currency: 'CHF' })).toBeNull()
  })

  it('plugin-marketplace: by plan; ai-workspace: 198,000, 98,000 and 49,800 yen', async () => {
    await admin.call(setTierModel, { body: await presetOf('plugin-marketplace') })
    expect(await tierAt(0, { plan: 'PRO' })).toBe('pro')
    expect(await tierAt(0, { plan: 'Free' })).toBe('free')
    expect(await tierAt(0, { plan: '特別' })).toBeNull()
    await admin.call(setTierModel, { body: await presetOf('ai-workspace') })
    expect(await tierAt(198_000)).toBe('enterprise')
    expect(await tierAt(98_000)).toBe('professional')
    expect(await tierAt(49_800)).toBe('standard')
    expect(await tierAt(29_800)).toBe('starter')
  })

  it('re-evaluates with a history of the way up and down, shows moves before, and leaves pinned ones', async () => {
    const id = await made('動く', { mrr: 600_000 })
    const pinned = await made('固定', { mrr: 600_000 })
    expect(
      (await admin.call(pinTier, { params: { id: pinned }, body: { tierKey: 'smb', note: '無償支援のため' } })).status,
    ).toBe(204)
    await admin.call(updateCustomer, { params: { id }, body: { mrr: 50_000 } })
    const history = await admin.call(listHistory, { params: { id }, query: { field: 'tier' } })
    expect(history.body.items.map(({ from, to }) => [from, to])).toEqual([
      ['enterprise', 'smb'],
      [null, 'enterprise'],
    ])
    const model = await presetOf('saas-success')
    model.tiers[1]!.minimum = 40_000
    const preview = await admin.call(previewTierModel, { body: model })
    expect(preview.body.moves).toEqual([{ from: 'smb', to: 'mid_market', customers: 1 }])
    expect((await admin.call(getCustomer, { params: { id } })).body.tierKey).toBe('smb')
    expect((await admin.call(setTierModel, { body: model })).body.moves).toEqual(preview.body.moves)
    expect((await admin.call(getCustomer, { params: { id: pinned } })).body).toMatchObject({
      tierKey: 'smb',
      tierPinned: true,
    })
    model.tiers[1]!.minimum = 900_000
    expect((await admin.call(setTierModel, { body: model })).status).toBe(422)
  })

  async function presetOf(name: string): Promise<TierModel> {
    const { body } = await admin.call(getTierModel)
    return structuredClone(body.presets.find(({ preset }) => preset === name)!)
  }
})

describe('families of customers', () => {
  it('roll up from the topmost parent, and cannot run in a circle', async () => {
    const top = await made('親', { mrr: 100, licenceCount: 5 })
    const child = await made('子', { parentId: top, mrr: 50, licenceCount: 2 })
    const grandchild = await made('孫', { parentId: child, mrr: 25 })
    const { body } = await admin.call(getHierarchy, { params: { id: child } })
    expect(body.members.map(({ name, depth }) => [name, depth])).toEqual([
      ['親', 0],
      ['子', 1],
      ['孫', 2],
    ])
    expect(body.rollUp).toMatchObject({ customers: 3, licences: 7, revenue: [{ currency: 'JPY', arr: 2_100 }] })
    const circle = await admin.call(updateCustomer, { params: { id: top }, body: { parentId: grandchild } })
    expect(circle.status).toBe(422)
    expect((await admin.call(updateCustomer, { params: { id: top }, body: { parentId: top } })).status).toBe(422)
    expect(
      (await admin.call(updateCustomer, { params: { id: top }, body: { parentId: company.tenantId } })).status,
    ).toBe(422)
  })
})

describe('many at once', () => {
  it('change tags, segment and attributes of a selection', async () => {
    const ids = [await made('一', { tags: ['旧'] }), await made('二')]
    const dry = await admin.call(bulkUpdateCustomers, { body: { ids, dryRun: true, segment: '中堅' } })
    expect(dry.body).toMatchObject({ matched: 2, changed: 2, samples: ['一', '二'] })
    await admin.call(bulkUpdateCustomers, { body: { ids, segment: '中堅', addTags: ['新'], removeTags: ['旧'] } })
    const { body } = await admin.call(getCustomer, { params: { id: ids[0]! } })
    expect(body).toMatchObject({ segment: '中堅', tags: ['新'] })
  })

  it('are created and updated by external id, each row on its own', async () => {
    const { body } = await admin.call(bulkCreateCustomers, {
      body: {
        rows: [
          { externalId: 'x1', name: '一号', mrr: 1_000 },
          { externalId: 'x2', attributes: { nope: 1 } },
          { externalId: 'x1', name: '二重' },
        ],
      },
    })
    expect(body.rows.map(row => row.outcome)).toEqual(['created', 'refused', 'refused'])
    const again = await admin.call(bulkCreateCustomers, { body: { rows: [{ externalId: 'x1', plan: 'Pro' }] } })
    expect(again.body.rows[0]!.outcome).toBe('updated')
    expect((await admin.call(getCustomer, { params: { id: again.body.rows[0]!.id! } })).body).toMatchObject({
      name: '一号',
      plan: 'Pro',
      arr: 12_000,
    })
  })
})
