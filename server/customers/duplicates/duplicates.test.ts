import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { createHealthScore } from '../../signals/health/contract.ts'
import { createCustomer, getCustomer, listCustomers, updateCustomer } from '../accounts/contract/customers.ts'
import { createAttribute } from '../attributes/contract/attributes.ts'
import { createContact, getContact, listContacts } from '../contacts/contract.ts'
import { createContract } from '../contracts/contract.ts'
import { getProfile, putProfile } from '../record/contract.ts'
import { createTicket, listTickets } from '../support/contract.ts'
import { createCommunication } from '../timeline/contract.ts'
import { keepApart, listMerges, merge, previewMerge, suggestDuplicates, undoMerge } from './contract.ts'

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

const customer = async (name: string, more: object = {}) =>
  (await admin.call(createCustomer, { body: { name, status: 'ACTIVE', ...more } })).body.id
const contact = async (body: object) => (await admin.call(createContact, { body })).body.id

describe('suggestions of duplicates', () => {
  it('find customers by domain, by name without its legal form, and by likeness; never those kept apart', async () => {
    const [a, b] = [await customer('株式会社 北辰精密'), await customer('北辰精密（株）')]
    const [c, d] = [
      await customer('Kestrel GmbH', { domains: ['kestrel.example'] }),
      await customer('ケストレル', { domains: ['www.kestrel.example'] }),
    ]
    const [e, f] = [
      await customer('みなとみらいデジタルトランスフォーメーション'),
      await customer('みなとみらいデジタルトランスフォメーション'),
    ]
    await customer('まったく別の会社')
    const pairs = async () =>
      (await admin.call(suggestDuplicates, { query: { record: 'customer' } })).body.items.map(item => [
        [item.first.id, item.second.id].sort().join(),
        item.reasons,
      ])
    const found = Object.fromEntries(await pairs())
    expect(found[[a, b].sort().join()]).toContain('same_name')
    expect(found[[c, d].sort().join()]).toContain('same_domain')
    expect(found[[e, f].sort().join()]).toContain('similar_name')
    expect(Object.keys(found)).toHaveLength(3)
    expect((await admin.call(keepApart, { body: { record: 'customer', firstId: b, secondId: a } })).status).toBe(204)
    expect(Object.fromEntries(await pairs())[[a, b].sort().join()]).toBeUndefined()
  })

  it('score the same name 0.85 and the same domain 0.9', async () => {
    await customer('北辰精密工業 株式会社')
    await customer('北辰精密工業')
    await customer('Kestrel', { domains: ['kestrel.example'] })
    await customer('ケストレル', { domains: ['kestrel.example'] })
    const { items } = (await admin.call(suggestDuplicates, { query: { record: 'customer' } })).body
    expect(items.map(({ reasons, likeness }) => [reasons, likeness])).toEqual([
      [['same_domain'], 0.9],
      [['same_name'], 0.85],
    ])
  })

  it('answer within 2 s at 15,000 customers without statistics', async () => {
    const { default: pg } = await import('pg')
    const superuser = new pg.Client({ connectionString: application.database.superuserUrl })
    await superuser.connect()
    await superuser.query(
      `insert into customer (tenant_id, id, name, currency, status, origin)
       select $1, gen_random_uuid(), case when n % 2 = 0 then '株式会社' || substr('東西南北山川海田森林石金銀鉄光', 1 + n % 15, 1)
           || substr('和洋建設工業商事電機食品運輸情報通信製薬化学', 1 + (n / 15) % 20, 3) || n % 997
         else lpad((n * 7919 % 10000)::text, 4, '0') || '-' || upper(translate(substr(md5(n::text), 1, 5), '0123456789', 'ghijklmnop')) end,
         'JPY', 'ACTIVE', 'import'
       from generate_series(1, 15000) n`,
      [company.tenantId],
    )
    await superuser.end()
    const began = performance.now()
    const answer = await admin.call(suggestDuplicates, { query: { record: 'customer' } })
    expect(answer.status).toBe(200)
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  it('find contacts by address, telephone and name', async () => {
    const at = await customer('会社')
    await contact({ email: 'taro.yamada+crm@example.com', name: '山田' })
    await contact({ email: 'taroyamada@example.com', name: '山田 太郎' })
    await contact({ name: '鈴木 一', customerId: at, phone: '03-1234-5678', email: 'a@x.example' })
    await contact({ name: '鈴木一', customerId: at, email: 'b@x.example' })
    await contact({ name: '別人', phone: '０３（１２３４）５６７８', email: 'c@x.example' })
    const { body } = await admin.call(suggestDuplicates, { query: { record: 'contact' } })
    expect(body.items.map(item => item.reasons).sort()).toEqual([['same_name'], ['same_phone'], ['similar_address']])
  })
})

describe('merging customers', () => {
  it('moves what hangs on one, fills what the other lacks, adds revenue up, and can be undone', async () => {
    await admin.call(createAttribute, { body: { record: 'customer', key: 'channel', label: '経路', type: 'text' } })
    const kept = await customer('残る', { externalId: 'K', industry: '製造', tags: ['A'], mrr: 100 })
    const gone = await customer('消える', {
      externalId: 'G',
      industry: '小売',
      region: '関西',
      tags: ['B'],
      domains: ['gone.example'],
      attributes: { channel: '紹介' },
    })
    const person = await contact({ name: '大西', customerId: gone, email: 'o@gone.example' })
    await admin.call(createContract, { params: { id: gone }, body: { amount: 50, startsOn: '2026-01-01' } })
    await admin.call(createTicket, { body: { customerId: gone, subject: '遅い', openedAt: '2026-01-01T00:00:00Z' } })
    await admin.call(createCommunication, {
      params: { id: gone },
      body: { kind: 'CALL', body: '電話した', contactIds: [person] },
    })
    const preview = await admin.call(previewMerge, { body: { record: 'customer', keptId: kept, mergedId: gone } })
    expect(Object.fromEntries(preview.body.moves.map(({ kind, count }) => [kind, count]))).toMatchObject({
      contacts: 1,
      contracts: 1,
      tickets: 1,
      communications: 1,
    })
    expect(preview.body.filled.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['region', 'attributes.channel']),
    )
    expect(preview.body.conflicts.map(({ field }) => field)).toEqual(expect.arrayContaining(['name', 'industry']))

    const done = await admin.call(merge, {
      body: { record: 'customer', keptId: kept, mergedId: gone, take: ['industry'] },
    })
    expect(done.status).toBe(201)
    const after = await admin.call(getCustomer, { params: { id: kept } })
    expect(after.body).toMatchObject({
      name: '残る',
      industry: '小売',
      region: '関西',
      mrr: 150,
      tags: ['A', 'B'],
      domains: ['gone.example'],
      attributes: { channel: '紹介' },
    })
    expect((await admin.call(getCustomer, { params: { id: gone } })).body.id).toBe(kept)
    expect((await admin.call(listCustomers, { query: {} })).body.items).toHaveLength(1)
    expect((await admin.call(listCustomers, { query: { search: '消える' } })).body.items).toHaveLength(0)
    expect((await admin.call(getContact, { params: { id: person } })).body.customerId).toBe(kept)

    await admin.call(updateCustomer, { params: { id: kept }, body: { region: '九州' } })
    expect((await admin.call(undoMerge, { params: { id: done.body.id } })).status).toBe(204)
    const restored = await admin.call(getCustomer, { params: { id: gone } })
    expect(restored.body).toMatchObject({ id: gone, name: '消える', mrr: 50, tags: ['B'] })
    // What somebody changed since the merge stays.
    expect((await admin.call(getCustomer, { params: { id: kept } })).body).toMatchObject({
      industry: '製造',
      region: '九州',
      mrr: 100,
      tags: ['A'],
      domains: [],
    })
    expect((await admin.call(getContact, { params: { id: person } })).body.customerId).toBe(gone)
    expect((await admin.call(listTickets, { query: { customerId: gone } })).body.items).toHaveLength(1)
    const merges = await admin.call(listMerges, { query: {} })
    expect(merges.body.items[0]!.undoneAt).not.toBeNull()
    expect((await admin.call(undoMerge, { params: { id: done.body.id } })).status).toBe(409)
  })

  it('takes scores, history and profile along, and gives each one back its domains and contract dates', async () => {
    const kept = await customer('残る', { domains: ['same.example'] })
    const gone = await customer('消える', { domains: ['same.example', 'gone.example'] })
    await admin.call(createContract, {
      params: { id: gone },
      body: { amount: 50, startsOn: '2026-01-01', endsOn: '2099-12-31' },
    })
    await admin.call(putProfile, { params: { id: gone }, body: { notes: '要点', onboardingStatus: 'IN_PROGRESS' } })
    await admin.call(createHealthScore, { params: { id: gone }, body: { overallScore: 72 } })
    const read = async (id: string) => (await admin.call(getCustomer, { params: { id } })).body
    const before = { kept: await read(kept), gone: await read(gone) }
    const preview = await admin.call(previewMerge, { body: { record: 'customer', keptId: kept, mergedId: gone } })
    expect(preview.body.moves).toEqual(
      expect.arrayContaining([
        { kind: 'health_scores', count: 1 },
        { kind: 'profile', count: 1 },
        { kind: 'history', count: expect.any(Number) },
      ]),
    )
    const { id } = (await admin.call(merge, { body: { record: 'customer', keptId: kept, mergedId: gone } })).body
    expect(await read(kept)).toMatchObject({ healthScore: 72, contractStart: '2026-01-01', contractEnd: '2099-12-31' })
    expect((await admin.call(getProfile, { params: { id: kept } })).body).toMatchObject({
      notes: '要点',
      onboardingStatus: 'IN_PROGRESS',
    })
    expect((await admin.call(undoMerge, { params: { id } })).status).toBe(204)
    const dates = ({ contractStart, contractEnd, renewalOn, healthScore, domains }: typeof before.kept) => ({
      contractStart,
      contractEnd,
      renewalOn,
      healthScore,
      domains,
    })
    expect(dates(await read(kept))).toEqual(dates(before.kept))
    expect(dates(await read(gone))).toEqual(dates(before.gone))
    expect((await admin.call(getProfile, { params: { id: kept } })).body.notes ?? null).toBeNull()
    expect((await admin.call(getProfile, { params: { id: gone } })).body.notes).toBe('要点')
  })

  it('undoes in order, within 30 days, and only for who may', async () => {
    const [a, b, c] = [await customer('A'), await customer('B'), await customer('C')]
    const first = (await admin.call(merge, { body: { record: 'customer', keptId: b, mergedId: c } })).body.id
    const second = (await admin.call(merge, { body: { record: 'customer', keptId: a, mergedId: b } })).body.id
    expect((await admin.call(getCustomer, { params: { id: c } })).body.id).toBe(a)
    expect((await admin.call(undoMerge, { params: { id: first } })).status).toBe(409)
    expect((await (await newMember(company, 'csm')).call(undoMerge, { params: { id: second } })).status).toBe(403)
    expect((await admin.call(undoMerge, { params: { id: second } })).status).toBe(204)
    expect((await admin.call(undoMerge, { params: { id: first } })).status).toBe(204)
    expect((await admin.call(listCustomers, { query: {} })).body.items).toHaveLength(3)
    const old = (await admin.call(merge, { body: { record: 'customer', keptId: a, mergedId: b } })).body.id
    const { default: pg } = await import('pg')
    const superuser = new pg.Client({ connectionString: application.database.superuserUrl })
    await superuser.connect()
    await superuser.query("update record_merge set merged_at = merged_at - interval '31 days' where id = $1", [old])
    await superuser.end()
    expect((await admin.call(undoMerge, { params: { id: old } })).status).toBe(410)
    expect((await admin.call(merge, { body: { record: 'customer', keptId: a, mergedId: a } })).status).toBe(422)
  })
})

describe('merging contacts', () => {
  it('leads every id and address to the kept one, and can be undone', async () => {
    const at = await customer('会社')
    const kept = await contact({ name: '大西 茜', customerId: at, email: 'onishi@example.com' })
    const gone = await contact({
      name: '大西',
      externalId: 'u-1',
      email: 'a.onishi@example.com',
      title: '課長',
      tags: ['決裁者'],
    })
    await admin.call(createTicket, { body: { contactId: gone, subject: '質問', openedAt: '2026-01-01T00:00:00Z' } })
    const done = await admin.call(merge, { body: { record: 'contact', keptId: kept, mergedId: gone } })
    expect((await admin.call(getContact, { params: { id: gone } })).body).toMatchObject({
      id: kept,
      title: '課長',
      ticketCount: 1,
      tags: ['決裁者'],
    })
    expect((await admin.call(listContacts, { query: {} })).body.items).toHaveLength(1)
    await admin.call(undoMerge, { params: { id: done.body.id } })
    expect((await admin.call(getContact, { params: { id: gone } })).body).toMatchObject({
      id: gone,
      name: '大西',
      ticketCount: 1,
    })
    expect((await admin.call(getContact, { params: { id: kept } })).body).toMatchObject({
      title: null,
      ticketCount: 0,
      tags: [],
    })
  })
})
