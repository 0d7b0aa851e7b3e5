import { randomUUID } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, stranger, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, newCustomer } from '../../../tests/support/facts.ts'
import { mailsTo } from '../../../tests/support/mails.ts'
import { journeyOf, newJourney, newTemplate, readyMadeJourney } from '../../../tests/support/onboarding.ts'
import {
  createJourneyLink,
  enterPageCode,
  readCustomerPage,
  revokeJourneyLink,
  sendPageCode,
  tickOnCustomerPage,
} from './contract/customer-page.ts'
import { cancelJourney } from './contract/journeys.ts'

let application: TestApplication
let company: TestCompany
let journey: string
let address: string

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application, 'みなと商事')
  address = `kyaku-${randomUUID()}@example.test`
  const customer = await newCustomer(company, { name: '東和工業' })
  const template = await newTemplate(company, readyMadeJourney('saas-success'))
  journey = await newJourney(company, template, customer)
})
afterAll(() => application.end())

async function newLink(body: { days?: number; email?: string } = {}) {
  const answer = await company.admin.call(createJourneyLink, { params: { id: journey }, body })
  expect(answer.status).toBe(201)
  return { id: answer.body.id, token: answer.body.address.split('#')[1]! }
}
const read = (token: string, session?: string) =>
  stranger(application).call(readCustomerPage, { body: { token, ...(session && { session }) } })
const tick = (token: string, task: string, session?: string) =>
  stranger(application).call(tickOnCustomerPage, { body: { token, task, done: true, ...(session && { session }) } })

describe('ONB-1: the page that a customer shares', () => {
  it('ONB-1: shows only what is shared with the customer, and it ticks only its own tasks', async () => {
    const { token } = await newLink()
    const { body } = await read(token)
    expect(body).toMatchObject({
      needsCode: false,
      journey: { company: 'みなと商事', customer: '東和工業', status: 'running', endsOn: dayAgo(-89) },
    })
    const keys = body.journey!.tasks.map(({ key }) => key)
    expect(keys).toEqual(expect.arrayContaining(['workspace', 'kickoff-meeting', 'agent-run']))
    expect(keys).not.toEqual(expect.arrayContaining(['roi-report']))
    expect(Object.keys(body.journey!).sort()).toEqual(
      ['company', 'customer', 'endsOn', 'name', 'startsOn', 'status', 'tasks'].sort(),
    )
    expect((await tick(token, 'workspace')).body.journey!.tasks.find(({ key }) => key === 'workspace')).toMatchObject({
      done: true,
      own: true,
    })
    expect((await journeyOf(company.admin, journey)).tasks.find(({ key }) => key === 'workspace')).toMatchObject({
      doneHow: 'customer',
      doneByName: null,
    })
    // What colleagues do is shown, not ticked; what is not shared is not even there.
    expect((await tick(token, 'kickoff-meeting')).status).toBe(404)
    expect((await tick(token, 'roi-report')).status).toBe(404)
    const { rows } = await asSystem(company, ctx =>
      sql<{ action: string }>`select action from audit_entry where tenant_id = ${ctx.tenantId}`.execute(ctx.tx),
    )
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['onboarding.link_created', 'onboarding.task_done']),
    )
  })

  it('ONB-1: forged, cut, foreign, expired, revoked and cancelled addresses all get the same answer', async () => {
    const { id, token } = await newLink()
    const other = await newCompany(application)
    const template = await newTemplate(other, readyMadeJourney('saas-success'))
    await newJourney(other, template, await newCustomer(other))
    const expired = await newLink({ days: 1 })
    await asSystem(company, ctx =>
      sql`update onboarding_link set expires_at = ${ctx.now} where tenant_id = ${ctx.tenantId} and id = ${expired.id}`.execute(
        ctx.tx,
      ),
    )
    // The right form, made by hand: of another company's id, with its own checksum missing, of another kind.
    const forged = [
      `${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`,
      token.slice(0, 40),
      token.replace('kzo_', 'kzc_'),
      'x',
      '',
    ]
    const missing = await read('kzo_nothing')
    for (const wrong of [...forged, expired.token]) {
      const answer = await read(wrong)
      expect([answer.status, { ...(answer.body as object), requestId: '' }]).toEqual([
        404,
        { ...(missing.body as object), requestId: '' },
      ])
      expect((await tick(wrong, 'workspace')).status).toBe(404)
    }
    expect((await other.admin.call(revokeJourneyLink, { params: { id } })).status).toBe(404)
    expect((await company.admin.call(revokeJourneyLink, { params: { id } })).status).toBe(204)
    expect((await read(token)).status).toBe(404)
    const last = await newLink()
    await company.admin.call(cancelJourney, { params: { id: journey }, body: { reason: '解約' } })
    expect((await read(last.token)).status).toBe(404)
    expect((await company.admin.call(createJourneyLink, { params: { id: journey }, body: {} })).status).toBe(409)
  })

  it('ONB-1: with a code nothing is shown or ticked before it is entered, and few tries are allowed', async () => {
    const { token } = await newLink({ email: address })
    expect((await read(token)).body).toEqual({ needsCode: true, certificates: [], journey: null })
    expect((await tick(token, 'workspace')).status).toBe(404)
    expect((await stranger(application).call(sendPageCode, { body: { token } })).body).toEqual({ sent: true })
    expect((await stranger(application).call(sendPageCode, { body: { token } })).body).toEqual({ sent: false })
    const code = await codeOf()
    const enter = (text: string) => stranger(application).call(enterPageCode, { body: { token, code: text } })
    const wrong = code === '000000' ? '000001' : '000000'
    expect((await enter(wrong)).status).toBe(422)
    const entered = await enter(code)
    expect(entered.status).toBe(201)
    expect((await read(token, entered.body.session)).body.journey).toMatchObject({ customer: '東和工業' })
    expect((await tick(token, 'workspace', entered.body.session)).status).toBe(200)
    // A code opens once, and another address's session opens nothing.
    expect((await enter(code)).status).toBe(422)
    const second = await newLink({ email: address })
    expect((await read(second.token, entered.body.session)).body).toEqual({
      needsCode: true,
      certificates: [],
      journey: null,
    })
  })

  it('ONB-1: five wrong codes shut the door, even to the right one', async () => {
    const { token } = await newLink({ email: address })
    await stranger(application).call(sendPageCode, { body: { token } })
    const code = await codeOf()
    const enter = (text: string) => stranger(application).call(enterPageCode, { body: { token, code: text } })
    const wrong = code === '000000' ? '000001' : '000000'
    for (let tries = 0; tries < 5; tries++) expect((await enter(wrong)).status).toBe(422)
    expect((await enter(code)).status).toBe(422)
  })

  it('ONB-1: a code is sent once a minute, ends after ten minutes, and a session after twelve hours', async () => {
    const { id, token } = await newLink({ email: address })
    const send = async () => (await stranger(application).call(sendPageCode, { body: { token } })).body.sent
    const enter = (code: string) => stranger(application).call(enterPageCode, { body: { token, code } })
    /** What happened then happened so many minutes earlier. */
    const age = (minutes: number) =>
      asSystem(company, ctx =>
        sql`update onboarding_link set code_sent_at = code_sent_at - make_interval(mins => ${minutes}),
          session_until = session_until - make_interval(mins => ${minutes})
          where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx),
      )
    expect([await send(), await send()]).toEqual([true, false])
    const first = await codeOf()
    await age(10)
    expect((await enter(first)).status).toBe(422)
    expect(await send()).toBe(true)
    expect(await mailsTo(application, address)).toHaveLength(2)
    const second = await codeOf()
    // Unless by chance they are the same six digits, the old one is worth nothing beside the new one.
    if (first !== second) expect((await enter(first)).status).toBe(422)
    await age(9)
    const { session } = (await enter(second)).body
    expect((await read(token, session)).body.needsCode).toBe(false)
    await age(12 * 60 - 1)
    expect((await read(token, session)).body.needsCode).toBe(false)
    await age(1)
    expect((await read(token, session)).body.needsCode).toBe(true)
    expect((await tick(token, 'workspace', session)).status).toBe(404)
  })

  it('ONB-1: a link has five codes an hour and 20 a day, and 20 wrong ones over all of them shut it until tomorrow', async () => {
    const { id, token } = await newLink({ email: address })
    const send = () => stranger(application).call(sendPageCode, { body: { token } })
    const enter = (code: string) => stranger(application).call(enterPageCode, { body: { token, code } })
    const change = (what: RawBuilder<unknown>) =>
      asSystem(company, ctx =>
        sql`update onboarding_link set ${what} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx),
      )
    /** What was sent was sent so many minutes earlier. */
    const age = (minutes: number) =>
      change(sql`code_sent_at = code_sent_at - make_interval(mins => ${minutes}::int),
        code_times = array(select at - make_interval(mins => ${minutes}::int) from unnest(code_times) as at)`)
    for (let sent = 0; sent < 20; sent++) {
      expect((await send()).body).toEqual({ sent: true })
      await age(2)
      if (sent % 5 < 4) continue
      expect([(await send()).status, (await mailsTo(application, address)).length]).toEqual([429, sent + 1])
      await age(60)
    }
    // Twenty within a day.
    const refused = await send()
    expect([refused.status, Number(refused.headers['retry-after']) > 3_600]).toEqual([429, true])
    expect(JSON.stringify(refused.problem)).not.toContain(address)
    await age(24 * 60)

    let code = ''
    for (let wrong = 0; wrong < 20; wrong++) {
      if (wrong % 5 === 0) {
        await age(2)
        expect((await send()).body).toEqual({ sent: true })
        code = await codeOf()
      }
      expect((await enter(code === '000000' ? '000001' : '000000')).status).toBe(422)
    }
    await change(sql`code_attempts = 0`)
    const locked = await enter(code)
    expect([locked.status, locked.problem.detail]).toEqual([429, expect.stringContaining('明日')])
    await age(2)
    expect((await send()).status).toBe(429)
    expect((await read(token)).body).toEqual({ needsCode: true, certificates: [], journey: null })
    await change(sql`wrong_day = wrong_day - 1`)
    expect((await enter(code)).status).toBe(201)
  })

  it('ONB-1: one network may read 30, tick 60, ask for 5 codes and try 10 codes a minute; others go on', async () => {
    const { token } = await newLink()
    const coded = await newLink({ email: address })
    const [reader, ticker, asker, guesser] = Array.from({ length: 4 }, () => stranger(application))
    const refused = async (times: number, ask: () => Promise<{ status: number }>) => {
      const statuses: number[] = []
      for (let done = 0; done < times; done++) statuses.push((await ask()).status)
      return statuses.indexOf(429)
    }
    expect(await refused(31, () => reader!.call(readCustomerPage, { body: { token } }))).toBe(30)
    const body = { token, task: 'workspace', done: true }
    expect(await refused(61, () => ticker!.call(tickOnCustomerPage, { body }))).toBe(60)
    expect(await refused(6, () => asker!.call(sendPageCode, { body: { token: coded.token } }))).toBe(5)
    // Five wrong ones shut the code; the network may go on trying, which helps it nothing, and then may not.
    const guess = { token: coded.token, code: '000000' }
    expect(await refused(11, () => guesser!.call(enterPageCode, { body: guess }))).toBe(10)
    expect((await read(token)).status).toBe(200)
    expect(await mailsTo(application, address)).toHaveLength(1)
  })

  it('ONB-1: only who acts on the customer makes addresses', async () => {
    const csm = await newMember(company, 'csm')
    expect((await csm.call(createJourneyLink, { params: { id: journey }, body: {} })).status).toBe(404)
    const reader = await newMember(company, 'read_only')
    expect((await reader.call(createJourneyLink, { params: { id: journey }, body: {} })).status).toBe(403)
  })
})

/** The code that was mailed last. */
async function codeOf(): Promise<string> {
  const mails = await mailsTo(application, address)
  return /\d{6}/.exec(mails.at(-1)!.subject)![0]
}
