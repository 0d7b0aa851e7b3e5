import { createHmac, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { newSource, type TestSource } from '../../../tests/support/ingest.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { type ContactValues, createContacts, updateContacts } from '../../customers/contacts/commands/save.ts'
import { newToken } from '../../platform/secrets/token.ts'
import { followAudience, queueInApp } from './commands/queue.ts'
import { followChecklists } from './commands/tell.ts'
import * as contract from './contract/messages.ts'
import type { ShownMessage } from './contract/public.ts'
import { changeInAppSource, listInAppSources, revealInAppSecret } from './contract/sources.ts'

let application: TestApplication
let company: TestCompany
let source: TestSource
let secret: string

beforeAll(async () => {
  application = await testApplication()
})
afterAll(() => application.end())
beforeEach(async () => {
  company = await newCompany(application)
  source = await newSource(company)
  const params = { id: source.id }
  secret = (await company.admin.call(revealInAppSecret, { params, body: {} })).body.secret
  await company.admin.call(changeInAppSource, { params, body: { mode: 'verified' } })
})

const words = { title: '{{ contact.name }} 様へ', text: '残りが少なくなりました。', button: '' }
const base = { kind: 'banner', content: { ja: words } }
const everybody = { kind: 'condition', condition: { all: [] } }
const hash = (userId: string, key = secret) => createHmac('sha256', key).update(userId).digest('hex')

async function write(document: object = {}, more: object = {}): Promise<string> {
  const made = await company.admin.call(contract.createInAppMessage, {
    body: { name: '上限', document: { ...base, audience: everybody, ...document } as never, ...more },
  })
  expect([made.status, made.problem.detail]).toEqual([201, undefined])
  await enable(made.body.id)
  return made.body.id
}

async function enable(id: string, state: 'enabled' | 'paused' = 'enabled') {
  const { status } = await company.admin.call(contract.updateInAppMessage, { params: { id }, body: { state } })
  expect(status).toBe(200)
  await finishJobs(application)
}

async function person(values: ContactValues = {}): Promise<{ id: string; user: string }> {
  const [id, user] = [randomUUID(), `user-${randomUUID().slice(0, 8)}`]
  await asSystem(company, ctx =>
    createContacts(ctx, [{ id, values: { name: '山本 愛', externalId: user, ...values } }], { origin: 'api' }),
  )
  return { id, user }
}

async function post(path: string, body: object) {
  const { status, text } = await new Caller(application).send({
    method: 'POST',
    url: path,
    payload: Buffer.from(JSON.stringify(body)),
    headers: { 'content-type': 'text/plain' },
  })
  return { status, body: JSON.parse(text) }
}

async function ask(user: string, more: object = {}): Promise<ShownMessage[]> {
  const body = { writeKey: source.writeKey, userId: user, userHash: hash(user), path: '/home', ...more }
  const answer = await post('/v1/in-app', body)
  expect(answer.status).toBe(200)
  return answer.body.messages
}
const tell = (user: string, id: string, kind: string, more: object = {}) =>
  post('/v1/in-app/events', {
    writeKey: source.writeKey,
    userId: user,
    userHash: hash(user),
    events: [{ id, kind }],
    ...more,
  })
const figures = async (id: string) =>
  (await company.admin.call(contract.getInAppMessage, { params: { id } })).body.figures

describe('EML-4: who sees a message inside the product', () => {
  it('EML-4: those of the audience, while they belong to it; each has it once', async () => {
    const [buyer, other] = [await person({ role: '購買' }), await person()]
    const only = { field: 'role', op: 'is', value: '購買' }
    const id = await write({ audience: { kind: 'condition', condition: { all: [only] } } })
    expect((await ask(buyer.user)).map(({ title, text }) => [title, text])).toEqual([['山本 愛 様へ', words.text]])
    expect(await ask(other.user)).toEqual([])
    await asSystem(company, ctx => followAudience(ctx, id))
    expect((await figures(id)).queued).toBe(1)
    const change = (role: string) =>
      asSystem(company, async ctx => {
        await updateContacts(ctx, [{ id: buyer.id, values: { role } }])
        await followAudience(ctx, id)
      })
    await change('営業')
    expect(await ask(buyer.user)).toEqual([])
    await change('購買')
    expect(await ask(buyer.user)).toHaveLength(1)
    expect((await figures(id)).queued).toBe(1)
  })

  it('EML-4: a page pattern, a time, a pause and priority; three at most, one window at a time', async () => {
    const { user } = await person()
    await write({ pages: '/bill_ing/*' })
    expect(await ask(user)).toEqual([])
    expect(await ask(user, { path: '/bill_ing/plan' })).toHaveLength(1)
    expect(await ask(user, { path: '/billXing/plan' })).toEqual([])
    await write({}, { startsAt: new Date(Date.now() + 3_600_000).toISOString() })
    await write({}, { endsAt: new Date(Date.now() - 3_600_000).toISOString() })
    expect(await ask(user)).toEqual([])
    const paused = await write()
    await enable(paused, 'paused')
    expect(await ask(user)).toEqual([])
    for (const priority of [30, 10, 20])
      await write({ kind: 'modal', content: { ja: { title: `${priority}` } } }, { priority })
    for (const priority of [60, 40, 50]) await write({ content: { ja: { title: `${priority}` } } }, { priority })
    expect((await ask(user)).map(({ title }) => title)).toEqual(['10', '40', '50'])
  })

  it('EML-4: as often as its frequency says, until it is dismissed or acted on', async () => {
    const { user, id: contactId } = await person()
    const kinds = [{ kind: 'once' }, { kind: 'daily' }, { kind: 'times', most: 2 }, { kind: 'until_dismissed' }]
    const titles = ['once', 'daily', 'times', 'until_dismissed']
    for (const [place, frequency] of kinds.entries()) {
      const content = { ja: { title: titles[place]! } }
      const id = await write({ frequency, content, audience: null }, { priority: place })
      await asSystem(company, ctx =>
        queueInApp(ctx, {
          messageId: id,
          recipients: [{ contactId, key: 'a' }],
          source: { kind: 'flow', id: randomUUID(), stepKey: 's' },
        }),
      )
    }
    const seen = async () => {
      const shown = await ask(user)
      for (const { id } of shown) await tell(user, id, 'shown')
      return shown.map(({ title }) => title)
    }
    expect(await seen()).toEqual(['once', 'daily', 'times'])
    expect(await seen()).toEqual(['times', 'until_dismissed'])
    expect(await seen()).toEqual(['until_dismissed'])
    await asSystem(company, ctx =>
      sql`update in_app_delivery set last_shown_at = last_shown_at - interval '24 hours' where tenant_id = ${ctx.tenantId}`.execute(
        ctx.tx,
      ),
    )
    expect(await seen()).toEqual(['daily', 'until_dismissed'])
    const [last] = (await ask(user)).filter(({ title }) => title === 'until_dismissed')
    await tell(user, last!.id, 'dismiss')
    expect(await ask(user)).toEqual([])
  })

  it('EML-4: queues each key once, and counts shown, clicked and dismissed', async () => {
    const { user, id: contactId } = await person()
    const id = await write({ audience: null })
    const queue = (keys: string[]) =>
      asSystem(company, ctx =>
        queueInApp(ctx, {
          messageId: id,
          recipients: keys.map(key => ({ contactId, key })),
          source: { kind: 'flow', id: randomUUID(), stepKey: 's' },
        }),
      )
    expect([...(await queue(['a', 'b']))]).toEqual(['a', 'b'])
    expect([...(await queue(['b', 'c']))]).toEqual(['c'])
    const [one, two] = await ask(user)
    await tell(user, one!.id, 'shown')
    await tell(user, one!.id, 'click')
    await tell(user, two!.id, 'shown')
    await tell(user, two!.id, 'dismiss')
    expect(await figures(id)).toEqual({ queued: 3, shown: 2, clicked: 1, dismissed: 1, completed: 0 })
    expect(await ask(user)).toHaveLength(1)
  })

  it('EML-4: a checklist ticks what the product has told, and ends when all is done', async () => {
    const { user, id: contactId } = await person()
    const item = (event: string) => ({ ja: `${event}をする`, event })
    const id = await write({ kind: 'checklist', items: [item('invite'), item('connect')] })
    const use = (event: string) =>
      asSystem(company, ctx =>
        sql`insert into usage_daily (tenant_id, person, day, attributed_id, feature, contact_id, events, first_at, last_at)
          values (${ctx.tenantId}, ${`u:${user}`}, current_date, '00000000-0000-0000-0000-000000000000', ${event}, ${contactId}, 1,
            ${ctx.now}, ${ctx.now})`.execute(ctx.tx),
      )
    await use('invite')
    const [shown] = await ask(user)
    expect(shown!.items.map(({ text, done }) => [text, done])).toEqual([
      ['inviteをする', true],
      ['connectをする', false],
    ])
    await use('connect')
    expect(await ask(user)).toEqual([])
    await asSystem(company, followChecklists)
    expect((await figures(id)).completed).toBe(1)
  })
})

describe('EML-4: who may ask', () => {
  it('EML-4: only for users whom the product has signed, unless the source allows others', async () => {
    const [one, two] = [await person(), await person()]
    await write()
    expect(await ask(one.user)).toHaveLength(1)
    for (const userHash of [undefined, '', 'x', hash(two.user), hash(one.user, 'other'), hash(one.user).slice(2)])
      expect(await ask(one.user, { userHash })).toEqual([])
    await company.admin.call(changeInAppSource, { params: { id: source.id }, body: { mode: 'unverified' } })
    expect(await ask(one.user, { userHash: undefined })).toHaveLength(1)
    expect(await ask(one.user, { userHash: hash(two.user) })).toEqual([])
    const replaced = await company.admin.call(revealInAppSecret, { params: { id: source.id }, body: { replace: true } })
    expect(await ask(one.user)).toEqual([])
    expect(await ask(one.user, { userHash: hash(one.user, replaced.body.secret) })).toHaveLength(1)
    await company.admin.call(changeInAppSource, { params: { id: source.id }, body: { mode: 'off' } })
    expect(await ask(one.user, { userHash: hash(one.user, replaced.body.secret) })).toEqual([])
    const { items } = (await company.admin.call(listInAppSources)).body
    expect(items).toEqual([{ id: source.id, name: '本番サーバー', mode: 'off' }])
  })

  it('EML-4: keys and people that are none of ours get an empty answer, and change nothing', async () => {
    const [one, two] = [await person(), await person()]
    const id = await write()
    const [shown] = await ask(one.user)
    const foreign = await newCompany(application)
    const theirs = await newSource(foreign)
    const keys = [theirs.writeKey, newToken('source', company.tenantId).text]
    for (const writeKey of keys) expect(await ask(one.user, { writeKey })).toEqual([])
    expect(await ask('nobody')).toEqual([])
    expect((await post('/v1/in-app', { userId: one.user })).status).toBe(401)
    expect((await post('/v1/in-app', { writeKey: source.writeKey, userId: '' })).status).toBe(400)
    await tell(two.user, shown!.id, 'dismiss')
    await tell(one.user, shown!.id, 'dismiss', { userHash: hash(two.user) })
    await tell(one.user, shown!.id, 'dismiss', { writeKey: theirs.writeKey })
    expect((await figures(id)).dismissed).toBe(0)
    expect(await ask(one.user)).toHaveLength(1)
  })

  it('EML-4: a flood by one user is refused', async () => {
    const { user } = await person()
    const body = { writeKey: source.writeKey, userId: user, userHash: hash(user) }
    const answers = await Promise.all(Array.from({ length: 130 }, () => post('/v1/in-app', body)))
    expect(answers.filter(({ status }) => status === 429).length).toBe(10)
  })
})

describe('EML-4: what may be said', () => {
  it('C3: links lead to pages only, and what is missing is said', async () => {
    const attempt = async (document: object) =>
      (
        await company.admin.call(contract.createInAppMessage, {
          body: { name: 'n', document: { ...base, ...document } as never },
        })
      ).status
    for (const link of ['javascript:alert(1)', 'data:text/html,x', 'https://', '/relative', 'http://a b'])
      expect([link, await attempt({ link })]).toEqual([link, 422])
    expect(await attempt({ link: 'https://example.test/a?b=c' })).toBe(201)
    expect(await attempt({ content: {} })).toBe(422)
    expect(await attempt({ kind: 'checklist' })).toBe(422)
    expect(await attempt({ content: { ja: { title: 'a', button: '開く' } } })).toBe(422)
    expect(await attempt({ content: { ja: { title: '{{ secret.key }}' } } })).toBe(422)
    expect(await attempt({ audience: { kind: 'segment', id: randomUUID() } })).toBe(422)
  })
})
