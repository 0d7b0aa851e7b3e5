import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, stranger, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer } from '../../../tests/support/facts.ts'
import { type Mailbox, startMailbox } from '../../../tests/support/mailbox.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { writeContacts, writeTemplate } from '../../../tests/support/messages.ts'
import { updateContacts } from '../../customers/contacts/commands/save.ts'
import { listContacts } from '../../customers/contacts/contract.ts'
import { getTimeline } from '../../customers/timeline/contract.ts'
import { createScoringRule } from '../../signals/scoring/contract/rules.ts'
import { noteMailed } from './commands/mailed.ts'
import { queueMessages } from './commands/queue.ts'
import { markConverted } from './commands/track.ts'
import { messageFigures } from './contract/campaigns.ts'
import { changeMessageSettings } from './contract/settings.ts'
import { signLink } from './signed-link.ts'

let mailbox: Mailbox
let application: TestApplication
let company: TestCompany
let parts: { topic: string; template: string }
let contactId: string
let links: { open: string; click: string; preferences: string; unsubscribe: string }
let messageId: string
const browser = { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0' }
const form = { ...browser, 'content-type': 'application/x-www-form-urlencoded' }

beforeAll(async () => {
  mailbox = await startMailbox()
  const from = { name: 'Kizuna', address: 'no-reply@kizuna.test' }
  application = await testApplication({ smtp: { url: mailbox.url, from } })
})
afterAll(async () => {
  await application.end()
  await mailbox.close()
})
beforeEach(async () => {
  mailbox.received.length = 0
  company = await newCompany(application)
  parts = await writeTemplate(company)
  contactId = (await writeContacts(company, 1))[0]!
  await deliver('first')
})

async function deliver(key: string, seconds = 60): Promise<void> {
  mailbox.received.length = 0
  const queued = await asSystem(company, ctx =>
    queueMessages(ctx, {
      templateId: parts.template,
      topic: parts.topic,
      recipients: [{ contactId, key }],
      source: { kind: 'flow', id: randomUUID() },
    }),
  )
  messageId = queued[0]!.messageId!
  await finishJobs(application)
  await asSystem(company, ctx =>
    sql`update message set accepted_at = now() - make_interval(secs => ${seconds}) where tenant_id = ${ctx.tenantId}`.execute(
      ctx.tx,
    ),
  )
  const html = mailbox.received[0]?.html ?? ''
  const path = (kind: string) => new RegExp(`/m/${kind}/[\\w-]+`).exec(html)?.[0] ?? ''
  links = { open: path('o'), click: path('c'), preferences: path('p'), unsubscribe: path('u') }
}

const call = (method: 'GET' | 'POST' | 'HEAD', url: string, payload?: string) =>
  stranger(application).send({
    method,
    url,
    headers: payload === undefined ? browser : form,
    ...(payload !== undefined && { payload }),
  })

async function message() {
  const { rows } = await asSystem(company, ctx =>
    sql<{ opened_at: Date | null; clicked_at: Date | null; unsubscribed_at: Date | null }>`
      select opened_at, clicked_at, unsubscribed_at from message where tenant_id = ${ctx.tenantId} and id = ${messageId}`.execute(
      ctx.tx,
    ),
  )
  return rows[0]!
}
const events = async () =>
  (
    await asSystem(company, ctx =>
      sql<{ kind: string; machine: string | null }>`
        select kind, machine from message_event where tenant_id = ${ctx.tenantId} order by id`.execute(ctx.tx),
    )
  ).rows
const choices = async () =>
  (
    await asSystem(company, ctx =>
      sql<{
        subscribed: boolean
        via: string
      }>`select subscribed, via from topic_choice where tenant_id = ${ctx.tenantId}`.execute(ctx.tx),
    )
  ).rows

describe('openings and clicks', () => {
  it('EML-1: count once for a person, lead where the template says, and give the lead its points', async () => {
    const rule = (key: string, event: string, points: number) =>
      company.admin.call(createScoringRule, {
        body: { key, nameJa: key, nameEn: key, part: 'engagement', points, when: { kind: 'behaviour', event } },
      })
    await rule('opened', 'email.opened', 5)
    await rule('clicked', 'email.clicked', 10)
    const opened = await call('GET', links.open)
    expect([opened.status, opened.headers['content-type']]).toEqual([200, 'image/gif'])
    await call('GET', links.open)
    const clicked = await call('GET', links.click)
    expect([clicked.status, clicked.headers.location]).toEqual([302, 'https://example.test/news?a=1&b=2'])
    expect(await message()).toMatchObject({ opened_at: expect.any(Date), clicked_at: expect.any(Date) })
    await asSystem(company, ctx =>
      sql`update job set run_at = now(), state = 'waiting' where state = 'delayed'`.execute(ctx.tx),
    )
    await finishJobs(application)
    const { rows } = await asSystem(company, ctx =>
      sql<{
        lead_score: string
      }>`select lead_score from contact where tenant_id = ${ctx.tenantId} and id = ${contactId}`.execute(ctx.tx),
    )
    expect(Number(rows[0]!.lead_score)).toBe(15)
  })

  it('EML-1: stand on the timeline of the customer and of the contact, who is known to have had a mail', async () => {
    const customerId = await newCustomer(company)
    const [other] = await writeContacts(company, 1, () => ({ customerId }))
    await asSystem(company, ctx => updateContacts(ctx, [{ id: contactId, values: { customerId } }]))
    await call('GET', links.click)
    const timeline = async (query: { contactId?: string; groups?: string }) =>
      (await company.admin.call(getTimeline, { params: { id: customerId }, query })).body.items.filter(({ kind }) =>
        kind.startsWith('message.'),
      )
    for (const query of [{}, { contactId }, { groups: 'contact' }]) {
      const [entry, ...rest] = await timeline(query)
      expect([rest, entry!.kind, entry!.title, entry!.group, entry!.contacts.map(({ id }) => id)]).toEqual([
        [],
        'message.clicked',
        'ニュース',
        'contact',
        [contactId],
      ])
    }
    expect([await timeline({ contactId: other! }), await timeline({ groups: 'change' })]).toEqual([[], []])
    await asSystem(company, noteMailed)
    const filter = JSON.stringify({ field: 'lastEmailAt', op: 'within_last_days', value: 1 })
    const mailed = await company.admin.call(listContacts, { query: { filter } })
    expect([mailed.status, mailed.body.items?.map(({ id }) => id)]).toEqual([200, [contactId]])
  })

  it('EML-3: are counted by step and by version, with those whose goal was reached', async () => {
    await call('GET', links.click)
    await asSystem(company, ctx => markConverted(ctx, ['first', 'unknown']))
    for (const by of ['step', 'template']) {
      const { items } = (await company.admin.call(messageFigures, { query: { by } })).body
      expect(items).toMatchObject([
        { figures: { audience: 1, sent: 1, opened: 1, clicked: 1, converted: 1, bounced: 0 } },
      ])
    }
  })

  it('of machines are marked and do not count', async () => {
    await stranger(application).send({ method: 'HEAD', url: links.click, headers: browser })
    await stranger(application).send({ method: 'GET', url: links.click, headers: { 'user-agent': 'Mimecast scanner' } })
    await deliver('fresh', 1)
    await call('GET', links.click)
    expect((await events()).map(({ machine }) => machine)).toEqual(['head', 'agent', 'prompt'])
    expect(await message()).toMatchObject({ opened_at: null, clicked_at: null })
  })

  it('EML-3: are a machine’s before the server is known to have the message; of uncertain ones its last touch counts', async () => {
    const become = (state: string, seconds: number) =>
      asSystem(company, ctx =>
        sql`update message set state = ${state}, accepted_at = null, updated_at = now() - make_interval(secs => ${seconds})
          where tenant_id = ${ctx.tenantId} and id = ${messageId}`.execute(ctx.tx),
      )
    for (const [state, seconds] of [
      ['sending', 60],
      ['uncertain', 1],
      ['uncertain', 60],
    ] as const) {
      await become(state, seconds)
      await call('GET', links.click)
    }
    expect((await events()).map(({ machine }) => machine)).toEqual(['prompt', 'prompt', null])
    expect((await message()).clicked_at).not.toBeNull()
  })

  it('are not looked for where the company has turned it off', async () => {
    const settings = {
      openTracking: false,
      clickTracking: false,
      withoutConsent: false,
      postalAddress: '',
      lateHours: 6,
    }
    await company.admin.call(changeMessageSettings, { body: settings })
    await deliver('untracked')
    expect([links.open, links.click]).toEqual(['', ''])
    expect(mailbox.received[0]!.html).toContain('https://example.test/open')
  })
})

describe('signed addresses (D3, D4)', () => {
  it('forged, cut, of another company, or for another purpose: 404 without effect', async () => {
    const token = links.open.slice('/m/o/'.length)
    const { keyring } = application.installation
    const other = await newCompany(application)
    const forged = [
      `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
      token.slice(0, -4),
      `${token}AAAA`,
      Buffer.alloc(48).toString('base64url'),
      signLink(keyring, 'open', { tenantId: other.tenantId, messageId }),
      signLink(keyring, 'preferences', { tenantId: company.tenantId, messageId }),
      signLink(keyring, 'unsubscribe', { tenantId: company.tenantId, messageId }),
    ]
    for (const each of forged) {
      const answer = await call('GET', `/m/o/${each}`)
      expect([each, answer.status]).toEqual([each, 404])
    }
    for (const kind of ['c', 'p', 'u']) expect((await call('GET', `/m/${kind}/${token}`)).status).toBe(404)
    for (const each of [token, links.click.slice(5), links.preferences.slice(5)]) {
      expect((await call('POST', `/m/u/${each}`, 'List-Unsubscribe=One-Click')).status).toBe(404)
    }
    const foreign = signLink(keyring, 'click', { tenantId: company.tenantId, messageId, linkId: randomUUID() })
    expect((await call('GET', `/m/c/${foreign}`)).status).toBe(404)
    expect([await events(), await choices(), (await message()).opened_at]).toEqual([[], [], null])
  })

  it('lead nowhere but where the template does, whatever the query says', async () => {
    const answer = await call('GET', `${links.click}?url=https://evil.test&target=//evil.test`)
    expect(answer.headers.location).toBe('https://example.test/news?a=1&b=2')
  })
})

describe('unsubscribing', () => {
  it('EML-2: GET and HEAD never unsubscribe; the one click of a mail program does, without a cookie', async () => {
    const page = await call('GET', links.unsubscribe)
    expect([page.status, page.text.includes('<form method="post">')]).toEqual([200, true])
    await call('HEAD', links.unsubscribe)
    await call('POST', links.unsubscribe, '')
    expect(await choices()).toEqual([])
    const done = await call('POST', links.unsubscribe, 'List-Unsubscribe=One-Click')
    expect(done.status).toBe(200)
    expect(await choices()).toEqual([{ subscribed: false, via: 'one_click' }])
    expect((await message()).unsubscribed_at).not.toBeNull()
    const again = await asSystem(company, ctx =>
      queueMessages(ctx, {
        templateId: parts.template,
        topic: parts.topic,
        recipients: [{ contactId, key: 'later' }],
        source: { kind: 'flow', id: randomUUID() },
      }),
    )
    expect(again).toMatchObject([{ state: 'suppressed', reason: 'topic_off' }])
  })

  it('the page chooses topics without a script, everything off and on again', async () => {
    const shown = await call('GET', links.preferences)
    expect(shown.text).toContain('製品ニュース')
    expect(shown.text).not.toContain('<script')
    expect(String(shown.headers['content-security-policy'])).toContain("default-src 'none'")
    await call('POST', links.preferences, 'x=1')
    expect(await choices()).toEqual([])
    await call('POST', links.preferences, 'form=preferences&all=off')
    const state = async () =>
      (
        await asSystem(company, ctx =>
          sql<{
            email_state: string
          }>`select email_state from contact where tenant_id = ${ctx.tenantId} and id = ${contactId}`.execute(ctx.tx),
        )
      ).rows[0]!.email_state
    expect([await state(), await choices()]).toEqual(['UNSUBSCRIBED', [{ subscribed: false, via: 'page' }]])
    await call('POST', links.preferences, `form=preferences&topic=${parts.topic}`)
    expect([await state(), await choices()]).toEqual(['SUBSCRIBED', [{ subscribed: true, via: 'page' }]])
  })
})

it('EML-2: a network that floods signed addresses is told to wait, and one click always unsubscribes', async () => {
  const one = stranger(application)
  const ask = async (method: 'GET' | 'POST', url: string) =>
    (
      await one.send({
        method,
        url,
        headers: form,
        ...(method === 'POST' && { payload: 'List-Unsubscribe=One-Click' }),
      })
    ).status
  const statuses = new Set<number>()
  for (let round = 0; round < 610; round++) statuses.add(await ask('GET', '/m/u/forged'))
  expect([...statuses]).toEqual([404, 429])
  for (let round = 0; round < 610; round++) await ask('POST', '/m/u/forged')
  expect(await ask('POST', links.unsubscribe)).toBe(200)
  expect(await choices()).toEqual([{ subscribed: false, via: 'one_click' }])
})
