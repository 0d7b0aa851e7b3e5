import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, stranger, type TestCompany, testOrigin } from '../../../tests/support/factories.ts'
import { messagesOf, writeContacts, writeTemplate } from '../../../tests/support/messages.ts'
import { receiveMailEvents } from './commands/providers.ts'
import { queueMessages } from './commands/queue.ts'
import { createProvider, listSuppressions, removeSuppression } from './contract/settings.ts'

let application: TestApplication
let company: TestCompany
let ids: string[]
let messageId: string
const address = 'r0@example.test'
const amazon = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const certificate = amazon.publicKey.export({ type: 'spki', format: 'pem' }) as string
const sendGrid = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const topicArn = 'arn:aws:sns:ap-northeast-1:123456789012:kizuna'

beforeAll(async () => {
  application = await testApplication()
})
afterAll(() => application.end())
beforeEach(async () => {
  company = await newCompany(application)
  const { topic, template } = await writeTemplate(company)
  ids = await writeContacts(company, 1, () => ({ email: address }))
  const queued = await asSystem(company, ctx =>
    queueMessages(ctx, {
      templateId: template,
      topic,
      recipients: ids.map(contactId => ({ contactId, key: contactId })),
      source: { kind: 'flow', id: randomUUID() },
    }),
  )
  messageId = queued[0]!.messageId!
})

const provider = async (kind: 'ses' | 'sendgrid', credential: string) =>
  (await company.admin.call(createProvider, { body: { kind, name: kind, credential } })).body

const told = async () =>
  (
    await asSystem(company, ctx =>
      sql<{ bounced_at: Date | null; complained_at: Date | null; state: string }>`
        select m.bounced_at, m.complained_at, c.email_state as state from message m
        join contact c on c.tenant_id = ${ctx.tenantId} and c.id = m.contact_id where m.tenant_id = ${ctx.tenantId}`.execute(
        ctx.tx,
      ),
    )
  ).rows[0]!
const suppressed = async () => (await company.admin.call(listSuppressions, {})).body.items

describe('Amazon SES by SNS', () => {
  function signed(fields: Record<string, string>) {
    const message: Record<string, string> = {
      Type: 'Notification',
      MessageId: randomUUID(),
      TopicArn: topicArn,
      Timestamp: new Date().toISOString(),
      SignatureVersion: '2',
      SigningCertURL: `https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-${randomUUID()}.pem`,
      ...fields,
    }
    const names =
      message.Type === 'Notification'
        ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
        : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
    const text = names.flatMap(name => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`])).join('')
    return { ...message, Signature: createSign('RSA-SHA256').update(text).sign(amazon.privateKey, 'base64') }
  }
  const bounce = (type: string) =>
    JSON.stringify({
      notificationType: 'Bounce',
      mail: { headers: [{ name: 'Message-ID', value: `<${messageId}@kizuna.test>` }] },
      bounce: {
        bounceType: type,
        timestamp: new Date().toISOString(),
        bouncedRecipients: [{ emailAddress: address, diagnosticCode: '550 5.1.1' }],
      },
    })
  const fetched: string[] = []
  const receive = (id: string, message: object, companyId: string = company.tenantId) =>
    receiveMailEvents(
      application.installation,
      {
        route: '',
        method: 'POST',
        params: { companyId, id },
        headers: {},
        body: Buffer.from(JSON.stringify(message)),
        origin: testOrigin(),
      },
      async url => {
        fetched.push(url)
        return certificate
      },
    )

  it('EML-2: a bounce that stays suppresses the address, once; one that passes does not', async () => {
    const { id } = await provider('ses', topicArn)
    await receive(id, signed({ Message: bounce('Transient') }))
    expect(await told()).toMatchObject({ bounced_at: null, state: 'SUBSCRIBED' })
    const final = signed({ Message: bounce('Permanent') })
    await receive(id, final)
    await receive(id, final)
    expect(await told()).toMatchObject({ bounced_at: expect.any(Date), state: 'BOUNCED' })
    expect(await suppressed()).toMatchObject([{ address, reason: 'bounce' }])
    const [entry] = await suppressed()
    await company.admin.call(removeSuppression, { params: { id: entry!.id }, body: { note: '本人から新しい連絡' } })
    expect((await told()).state).toBe('SUBSCRIBED')
  })

  it('confirms a subscription of its own topic at Amazon, and nowhere else', async () => {
    const { id } = await provider('ses', topicArn)
    fetched.length = 0
    const confirmation = (url: string) =>
      signed({ Type: 'SubscriptionConfirmation', Message: 'x', Token: 't', SubscribeURL: url })
    const good = 'https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&Token=t'
    await receive(id, confirmation(good))
    expect(fetched.at(-1)).toBe(good)
    for (const url of [
      'http://169.254.169.254/',
      'https://sns.evil.test/',
      'https://sns.ap-northeast-1.amazonaws.com.evil.test/',
    ]) {
      await expect(receive(id, confirmation(url))).rejects.toMatchObject({ code: 'unauthenticated' })
      expect(fetched).not.toContain(url)
    }
  })

  it('refuses what is forged: changed, of another topic, with a certificate of somebody else, of another company', async () => {
    const { id } = await provider('ses', topicArn)
    const message = signed({ Message: bounce('Permanent') })
    const other = await newCompany(application)
    fetched.length = 0
    const forged: [object, string?][] = [
      [{ ...message, Message: bounce('Permanent').replace('550', '551') }],
      [signed({ TopicArn: topicArn.replace('kizuna', 'evil'), Message: bounce('Permanent') })],
      [{ ...message, SigningCertURL: 'https://evil.test/SimpleNotificationService-a.pem' }],
      [{ ...message, SigningCertURL: 'https://sns.evil.amazonaws.com.evil.test/SimpleNotificationService-a.pem' }],
      [{ ...message, Signature: '' }],
      [{ ...message, SignatureVersion: '3' }],
      [{ Type: 'Notification' }],
      [message, other.tenantId],
      [message, 'nothing'],
    ]
    for (const [each, companyId] of forged) {
      await expect(receive(id, each, companyId)).rejects.toMatchObject({ code: 'unauthenticated' })
    }
    expect(fetched.every(url => url.startsWith('https://sns.ap-northeast-1.amazonaws.com/'))).toBe(true)
    expect([await told(), await suppressed()]).toMatchObject([{ bounced_at: null }, []])
  })
})

describe('SendGrid', () => {
  const publicKey = sendGrid.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  const post = (path: string, body: string, change: Record<string, string> = {}) => {
    const timestamp = '1764345600'
    const signature = createSign('sha256').update(timestamp).update(body).sign(sendGrid.privateKey, 'base64')
    const headers = {
      'content-type': 'application/json',
      'x-twilio-email-event-webhook-timestamp': timestamp,
      'x-twilio-email-event-webhook-signature': signature,
      ...change,
    }
    return stranger(application).send({ method: 'POST', url: path, payload: body, headers })
  }
  const event = (kind: string, id: string = randomUUID(), more = {}) => ({
    event: kind,
    email: address,
    'smtp-id': `<${messageId}@kizuna.test>`,
    sg_event_id: id,
    timestamp: 1_764_345_600,
    ...more,
  })

  it('a complaint suppresses at once; what is told twice counts once', async () => {
    const { path } = await provider('sendgrid', publicKey)
    const body = JSON.stringify([
      event('delivered'),
      event('bounce', 'b', { type: 'blocked' }),
      event('spamreport', 'c'),
      event('spamreport', 'c'),
      event('open'),
    ])
    expect((await post(path, body)).status).toBe(200)
    expect((await post(path, body)).status).toBe(200)
    expect(await told()).toMatchObject({ bounced_at: null, complained_at: expect.any(Date), state: 'COMPLAINED' })
    expect(await suppressed()).toMatchObject([{ address, reason: 'complaint' }])
    const { rows } = await asSystem(company, ctx =>
      sql`select 1 from message_event where tenant_id = ${ctx.tenantId}`.execute(ctx.tx),
    )
    expect(rows).toHaveLength(3)
  })

  it('refuses forged bodies, keys of others and unknown addresses', async () => {
    const { path } = await provider('sendgrid', publicKey)
    const body = JSON.stringify([event('spamreport')])
    const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const wrong = createSign('sha256').update('1764345600').update(body).sign(foreign.privateKey, 'base64')
    const answers = [
      await post(path, body, { 'x-twilio-email-event-webhook-signature': wrong }),
      await post(path, body, { 'x-twilio-email-event-webhook-timestamp': '1764345601' }),
      await post(path, body, { 'x-twilio-email-event-webhook-signature': '' }),
      await post(path.replace(/[^/]+$/, randomUUID()), body),
      await post(path.replace(company.tenantId, (await newCompany(application)).tenantId), body),
    ]
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401])
    expect([await told(), await suppressed()]).toMatchObject([{ complained_at: null }, []])
  })

  it('keeps no address in the outbox (E1)', async () => {
    const { rows } = await asSystem(company, ctx =>
      sql<{ row: string }>`select m::text as row from message m where m.tenant_id = ${ctx.tenantId}`.execute(ctx.tx),
    )
    expect(await messagesOf(company)).toHaveLength(1)
    expect(rows[0]!.row).not.toContain('example.test')
  })
})
