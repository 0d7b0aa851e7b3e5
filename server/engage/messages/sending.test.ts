import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { type Mailbox, startMailbox } from '../../../tests/support/mailbox.ts'
import { messagesOf, passTime, writeContacts, writeTemplate } from '../../../tests/support/messages.ts'
import { endLostSending } from './commands/outbox.ts'
import { queueMessages } from './commands/queue.ts'
import { sendQueued } from './commands/send.ts'

let mailbox: Mailbox
let application: TestApplication
let company: TestCompany
let parts: { topic: string; template: string }

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
  mailbox.behave({ kind: 'accept' })
  mailbox.received.length = 0
  company = await newCompany(application)
  parts = await writeTemplate(company)
})

const send = () => sendQueued(application.installation, company.tenantId, new AbortController().signal)
const stateOf = async () => (await messagesOf(company)).map(({ state }) => state)
const source = () => ({ kind: 'flow' as const, id: randomUUID(), stepKey: 'a' })
const queue = (contactIds: string[], topic = parts.topic) =>
  asSystem(company, ctx =>
    queueMessages(ctx, {
      templateId: parts.template,
      topic,
      recipients: contactIds.map(contactId => ({ contactId, key: `k ${contactId}` })),
      source: source(),
    }),
  )

describe('queueing', () => {
  it('EML-2: says of each recipient whether it is queued or why not, each key once', async () => {
    const ids = await writeContacts(
      company,
      7,
      place =>
        ({
          1: { emailState: 'UNSUBSCRIBED' },
          2: { emailConsent: 'UNKNOWN' },
          3: { emailState: 'BOUNCED' },
          4: { leftOn: '2020-01-01' },
          5: { emailConsent: 'DENIED' },
        })[place] ?? {},
    )
    await asSystem(company, ctx =>
      sql`update contact set email = null where tenant_id = ${ctx.tenantId} and id = ${ids[6]!}`.execute(ctx.tx),
    )
    const stranger = randomUUID()
    const outcomes = await queue([...ids, stranger])
    expect(outcomes.map(outcome => ('reason' in outcome ? outcome.reason : outcome.state))).toEqual([
      'queued',
      'unsubscribed',
      'no_consent',
      'suppressed_address',
      'left',
      'unsubscribed',
      'no_address',
      'no_contact',
    ])
    expect((await queue([ids[0]!])).map(({ state }) => state)).toEqual(['duplicate'])
    const twice = await asSystem(company, ctx =>
      queueMessages(ctx, {
        templateId: parts.template,
        topic: parts.topic,
        recipients: [
          { contactId: ids[0]!, key: 'same' },
          { contactId: ids[0]!, key: 'same' },
        ],
        source: source(),
      }),
    )
    expect(twice.map(({ state }) => state)).toEqual(['queued', 'duplicate'])
  })

  it('sends what belongs to a contract without consent, but not to addresses that are suppressed', async () => {
    const contract = await writeTemplate(company, { kind: 'transactional' })
    const ids = await writeContacts(
      company,
      3,
      place => [{ emailState: 'UNSUBSCRIBED' }, { emailConsent: 'UNKNOWN' }, { emailState: 'COMPLAINED' }][place]!,
    )
    expect((await queue(ids, contract.topic)).map(({ state }) => state)).toEqual(['queued', 'queued', 'suppressed'])
  })
})

describe('sending', () => {
  it('EML-1, EML-2: a message goes out once, with plain text, one-click unsubscribe and a stable id', async () => {
    const [id] = await writeContacts(company, 1, () => ({ name: '山田 <b>太郎</b>' }))
    const [queued] = await queue([id!])
    await Promise.all([send(), send()])
    await send()
    expect(await stateOf()).toEqual(['accepted'])
    expect(mailbox.received).toHaveLength(1)
    const [mail] = mailbox.received
    expect(mail!.messageId).toBe(`<${queued!.messageId}@kizuna.test>`)
    expect(mail!.subject).toBe('山田 <b>太郎</b> 様へのお知らせ')
    expect(mail!.html).toContain('山田 &#60;b&#62;太郎&#60;/b&#62;')
    expect(mail!.html).not.toContain('example.test/open')
    expect(mail!.html).toContain('http://kizuna.test/m/c/')
    expect(mail!.text).toContain('https://example.test/open')
    const heads = Object.fromEntries(mail!.headers.map(({ key, value }) => [key, value]))
    expect(heads['list-unsubscribe']).toMatch(/^<http:\/\/kizuna\.test\/m\/u\/[\w-]{64}>$/)
    expect(heads['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click')
  })

  it('looks at the recipient once more in the moment of sending', async () => {
    const ids = await writeContacts(company, 3)
    await queue(ids)
    await asSystem(company, async ctx => {
      await sql`update contact set email_state = 'UNSUBSCRIBED' where tenant_id = ${ctx.tenantId} and id = ${ids[0]!}`.execute(
        ctx.tx,
      )
      await sql`update contact set email = 'moved@example.test' where tenant_id = ${ctx.tenantId} and id = ${ids[1]!}`.execute(
        ctx.tx,
      )
    })
    await send()
    expect((await stateOf()).sort()).toEqual(['accepted', 'accepted', 'suppressed'])
    expect(mailbox.received.flatMap(({ envelope }) => envelope.to)).toContain('moved@example.test')
  })

  it('waits after a 451, and goes on with the others', async () => {
    const ids = await writeContacts(company, 2)
    await queue(ids)
    mailbox.behave({ kind: 'refuse_for_now' })
    await send()
    expect(await messagesOf(company)).toMatchObject([
      { state: 'pending', attempts: 1, lastError: expect.stringContaining('451') },
      { state: 'pending', attempts: 1 },
    ])
    await send()
    expect((await messagesOf(company)).map(({ attempts }) => attempts)).toEqual([1, 1])
    mailbox.behave({ kind: 'accept' })
    await passTime(company)
    await send()
    expect(await stateOf()).toEqual(['accepted', 'accepted'])
    expect(mailbox.received).toHaveLength(2)
  })

  it('gives up 72 hours after its first try', async () => {
    await queue(await writeContacts(company, 1))
    mailbox.behave({ kind: 'refuse_for_now' })
    await send()
    await asSystem(company, ctx =>
      sql`update message set first_tried_at = first_tried_at - interval '73 hours' where tenant_id = ${ctx.tenantId}`.execute(
        ctx.tx,
      ),
    )
    await passTime(company)
    await send()
    expect(await messagesOf(company)).toMatchObject([{ state: 'failed', reason: 'given_up' }])
  })

  it('does not count the time before its first try: a campaign may have been paused', async () => {
    await queue(await writeContacts(company, 1))
    await asSystem(company, ctx =>
      sql`update message set queued_at = now() - interval '96 hours' where tenant_id = ${ctx.tenantId}`.execute(ctx.tx),
    )
    mailbox.behave({ kind: 'refuse_for_now' })
    await send()
    expect(await messagesOf(company)).toMatchObject([{ state: 'pending', attempts: 1 }])
    mailbox.behave({ kind: 'accept' })
    await passTime(company)
    await send()
    expect(await stateOf()).toEqual(['accepted'])
  })

  it('one address that does not exist neither stops nor repeats the others, and gets nothing any more', async () => {
    const ids = await writeContacts(company, 5, place => (place === 2 ? { email: 'gone@example.test' } : {}))
    mailbox.behave({ kind: 'unknown_address', address: 'gone@example.test' })
    await queue(ids)
    await send()
    expect((await stateOf()).sort()).toEqual(['accepted', 'accepted', 'accepted', 'accepted', 'failed'])
    expect(mailbox.received).toHaveLength(4)
    const again = await asSystem(company, ctx =>
      queueMessages(ctx, {
        templateId: parts.template,
        topic: parts.topic,
        recipients: [{ contactId: ids[2]!, key: 'second' }],
        source: source(),
      }),
    )
    expect(again).toMatchObject([{ state: 'suppressed', reason: 'suppressed_address' }])
  })

  it('does not know after a line that went dead behind the message, and never sends it again', async () => {
    await queue(await writeContacts(company, 1))
    mailbox.behave({ kind: 'drop_after_data' })
    await send()
    mailbox.behave({ kind: 'accept' })
    await passTime(company)
    await send()
    expect(await stateOf()).toEqual(['uncertain'])
    expect(mailbox.received).toHaveLength(1)
  })

  it('calls a message uncertain whose worker died while it spoke to the server', async () => {
    await queue(await writeContacts(company, 1))
    await asSystem(company, async ctx => {
      await sql`update message set state = 'sending', lease_until = now() - interval '1 second' where tenant_id = ${ctx.tenantId}`.execute(
        ctx.tx,
      )
      await endLostSending(ctx)
    })
    await send()
    expect(await stateOf()).toEqual(['uncertain'])
    expect(mailbox.received).toHaveLength(0)
  })

  it('uses one connection for several messages, and keeps to the pace of a sender', async () => {
    const ids = await writeContacts(company, 30)
    const senderId = randomUUID()
    await asSystem(company, async ctx => {
      await sql`insert into message_sender (tenant_id, id, name, local_part, domain, per_minute, is_default, checks, created_at, updated_at)
        values (${ctx.tenantId}, ${senderId}, '営業部', 'news', 'minato.test', 10, true, ${JSON.stringify([{ kind: 'dkim', state: 'good' }])}::jsonb, now(), now())`.execute(
        ctx.tx,
      )
    })
    await queue(ids)
    await send()
    await send()
    // A minute may have begun in between.
    expect([10, 20]).toContain(mailbox.received.length)
    expect(mailbox.received[0]!.from).toMatchObject({ name: '営業部', address: 'news@minato.test' })
  })
})
