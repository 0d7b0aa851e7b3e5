import { createHash, createVerify } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer } from '../../../tests/support/facts.ts'
import { type Mailbox, startMailbox } from '../../../tests/support/mailbox.ts'
import { finishJobs, mailsTo } from '../../../tests/support/mails.ts'
import { content, messagesOf, writeCampaign, writeContacts, writeTemplate } from '../../../tests/support/messages.ts'
import { checkSender, checkSenders } from './commands/senders.ts'
import { startCampaign } from './contract/campaigns.ts'
import { createSender, listSenders } from './contract/settings.ts'
import * as templates from './contract/templates.ts'
import { judgeDomain } from './domain-records.ts'
import type { LookUp } from './spf.ts'

let mailbox: Mailbox
let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  mailbox = await startMailbox()
  const from = { name: 'Kizuna', address: 'no-reply@kizuna.test' }
  application = await testApplication({ smtp: { url: mailbox.url, from } })
  company = await newCompany(application)
})
afterAll(async () => {
  await application.end()
  await mailbox.close()
})

describe('sender domains', () => {
  const of = { domain: 'a.test', selector: 's', publicKey: 'KEY', server: 'email-smtp.us-east-1.amazonaws.com' }
  const answers = (texts: Record<string, string[] | undefined>, others: Partial<LookUp> = {}): LookUp => ({
    texts: async host => {
      if (host in texts && texts[host] === undefined) throw new Error('Nobody answers.')
      return texts[host] ?? []
    },
    addresses: async () => [],
    mailHosts: async () => [],
    ...others,
  })

  it.each([
    [
      { spf: ['v=spf1 include:amazonses.com -all'], dkim: ['v=DKIM1; k=rsa; p=KEY'], dmarc: ['v=DMARC1; p=none'] },
      ['good', 'good', 'good'],
    ],
    [{ spf: ['google-site-verification=x'], dkim: [], dmarc: [] }, ['missing', 'missing', 'missing']],
    [
      {
        spf: ['v=spf1 -all', 'v=spf1 include:amazonses.com -all'],
        dkim: ['v=DKIM1; p=OTHER'],
        dmarc: ['v=DMARC1; p=maybe'],
      },
      ['wrong', 'wrong', 'wrong'],
    ],
    [{ spf: undefined, dkim: undefined, dmarc: undefined }, ['unknown', 'unknown', 'unknown']],
  ])('EML-2: judges SPF, DKIM and DMARC: %o', async (records, states) => {
    const { spf, dkim, dmarc } = records
    const texts = answers({ 'a.test': spf, 's._domainkey.a.test': dkim, '_dmarc.a.test': dmarc })
    const checks = await judgeDomain(of, texts)
    expect(checks.map(({ state }) => state)).toEqual(states)
    expect(checks.map(({ host, wanted }) => `${host} ${wanted}`)[1]).toBe('s._domainkey.a.test v=DKIM1; k=rsa; p=KEY')
  })

  const deep = Object.fromEntries(
    Array.from({ length: 12 }, (_, place) => [`d${place}.test`, [`v=spf1 include:d${place + 1}.test -all`]]),
  )
  it.each<[record: string, state: string, reason?: string, server?: string]>([
    ['ip4:192.0.2.0/24 -all', 'good'],
    ['ip4:198.51.100.0/24 -all', 'wrong'],
    ['ip4:192.0.2.9 -ip4:192.0.2.7 ip4:192.0.2.0/24 ~all', 'wrong'],
    ['ip6:2001:db8::/32 a:mail.x.test -all', 'good'],
    ['mx -all', 'good'],
    ['mx:other.test -all', 'wrong'],
    ['a:mail.x.test ?all', 'good'],
    ['a:net.x.test/28 -all', 'good'],
    ['include:outer.test ~all', 'good'],
    ['redirect=outer.test', 'good'],
    ['-include:outer.test a:mail.x.test -all', 'wrong'],
    ['include:silent.test -all', 'unknown'],
    ['include:gone.test -all', 'wrong', 'unreadable'],
    ['exists:%{i}.x.test -all', 'unknown'],
    ['include:d0.test -all', 'wrong', 'too_many_lookups'],
    ['a:mail.x.test +all', 'wrong', 'everybody'],
    ['a:mail.x.test all', 'wrong', 'everybody'],
    ['ip4:0.0.0.0/0 -all', 'wrong', 'everybody'],
    ['include:open.test -all', 'wrong', 'everybody'],
    ['ip4:300.1.1.1 -all', 'wrong', 'unreadable'],
    ['a:mail.x.test -all', 'unknown', undefined, 'silent.x.test'],
    ['ip4:192.0.2.0/24 -all', 'unknown', undefined, 'inside.x.test'],
    ['a:inside.x.test -all', 'good', undefined, 'inside.x.test'],
    ['ip4:192.0.2.0/24 -all', 'good', undefined, '192.0.2.7'],
    ['include:outer.test -all', 'good', undefined, 'smtp.sendgrid.net'],
    ['ip4:192.0.2.0/24 -all', 'wrong', undefined, 'smtp.sendgrid.net'],
  ])('EML-2: reads SPF as a receiver does: %s is %s', async (record, state, reason, server = 'mail.x.test') => {
    const silence = () => Promise.reject(new Error('Nobody answers.'))
    const texts = {
      'a.test': [`v=spf1 ${record}`],
      'outer.test': ['v=spf1 include:inner.test include:sendgrid.net -all'],
      'inner.test': ['v=spf1 ip4:192.0.2.7 ~all'],
      'open.test': ['v=spf1 +all'],
      'sendgrid.net': ['v=spf1 ip4:203.0.113.0/24 -all'],
      'silent.test': undefined,
      ...deep,
    }
    const hosts: Record<string, string[]> = {
      'mail.x.test': ['192.0.2.7'],
      'net.x.test': ['192.0.2.1'],
      'inside.x.test': ['10.0.0.5'],
    }
    const lookUp = answers(texts, {
      addresses: async host => (host === 'silent.x.test' ? silence() : (hosts[host] ?? [])),
      mailHosts: async host => (host === 'a.test' ? ['elsewhere.test', 'mail.x.test'] : []),
    })
    const [spf] = await judgeDomain({ ...of, server }, lookUp)
    expect([spf!.state, spf!.reason]).toEqual([state, reason])
  })

  it('sign their messages once their key is seen in the domain, what unsubscribes included', async () => {
    const body = { name: '営業部', localPart: 'news', domain: 'minato.test', isDefault: true }
    const { id } = (await company.admin.call(createSender, { body })).body
    const sender = (await company.admin.call(listSenders)).body.items[0]!
    expect(JSON.stringify(sender)).not.toContain('PRIVATE')
    let record = ''
    await asSystem(company, ctx => checkSender(ctx, id, answers({})))
    const checks = (await company.admin.call(listSenders)).body.items[0]!.checks
    record = checks.find(({ kind }) => kind === 'dkim')!.wanted
    const parts = await writeTemplate(company)
    await writeContacts(company, 1)
    const sendOne = async () => {
      mailbox.received.length = 0
      const campaign = await writeCampaign(company, parts)
      await company.admin.call(startCampaign, { params: { id: campaign }, body: {} })
      await finishJobs(application)
      return mailbox.received[0]!.raw.toString('latin1')
    }
    // Anybody could name any domain: until its key is seen there, it is written from the installation's own address.
    const before = await sendOne()
    expect(before).not.toContain('DKIM-Signature')
    expect(mailbox.received[0]!.envelope.from).not.toContain('minato.test')
    expect(before).toMatch(/^Reply-To: news@minato\.test/im)
    await asSystem(company, ctx =>
      checkSender(ctx, id, answers({}, { texts: async host => (host.includes('_domainkey') ? [record] : []) })),
    )
    expect(isSigned(await sendOne(), /p=(.+)$/.exec(record)![1]!)).toBe(true)

    // EML-2: every day again. Where nobody answers it stays as it was; a key that is gone signs nothing more.
    const look = (texts: LookUp['texts']) =>
      checkSenders(application.installation, company.tenantId, answers({}, { texts }))
    const dkimOf = async () =>
      (await company.admin.call(listSenders)).body.items[0]!.checks.find(({ kind }) => kind === 'dkim')!.state
    await look(() => Promise.reject(new Error('Nobody answers.')))
    expect([await dkimOf(), (await sendOne()).includes('DKIM-Signature')]).toEqual(['good', true])
    await look(async () => [])
    expect([await dkimOf(), (await sendOne()).includes('DKIM-Signature')]).toEqual(['missing', false])
    await look(async host => (host.includes('_domainkey') ? [record] : []))
    expect(await dkimOf()).toBe('good')

    // FLW-5: a test goes the way of the campaign, with the values of the customer's main person.
    const customerId = await newCustomer(company)
    await writeContacts(company, 2, place => ({
      customerId,
      name: place === 1 ? '推進 花子' : '利用 太郎',
      ...(place === 1 && { stakeholderRole: 'CHAMPION' }),
    }))
    const test = async (body: { senderId?: string; customerId?: string; contactId?: string }) => {
      mailbox.received.length = 0
      const answer = await company.admin.call(templates.testTemplate, {
        params: { id: parts.template },
        body: { language: 'ja', ...body },
      })
      await finishJobs(application)
      return { status: answer.status, mail: mailbox.received[0] }
    }
    const { mail } = await test({ customerId })
    expect([mail!.envelope.to, mail!.subject, mail!.envelope.from]).toEqual([
      [company.admin.email],
      '[Test] 推進 花子 様へのお知らせ',
      'news@minato.test',
    ])
    expect(mail!.raw.toString('latin1')).toMatch(/DKIM-Signature:[^:]*d=minato\.test/)
    const second = { name: '広報', localPart: 'press', domain: 'minato.test', isDefault: false }
    const senderId = (await company.admin.call(createSender, { body: second })).body.id
    expect((await test({ senderId, customerId })).mail!.envelope.from).toBe('press@minato.test')
    for (const body of [{ senderId: customerId }, { customerId: senderId }, { contactId: senderId }]) {
      expect(await test(body)).toEqual({ status: 404, mail: undefined })
    }
  })
})

/** Verifies a signature as RFC 6376 has it, relaxed in head and body. */
function isSigned(raw: string, publicKey: string): boolean {
  const end = raw.indexOf('\r\n\r\n')
  const heads = raw.slice(0, end).split(/\r\n(?![ \t])/)
  const relaxed = (head: string) => {
    const [name = '', ...value] = head.split(':')
    return `${name.trim().toLowerCase()}:${value
      .join(':')
      .replace(/\r\n/g, '')
      .replace(/[ \t]+/g, ' ')
      .trim()}`
  }
  const signature = heads.find(head => /^DKIM-Signature:/i.test(head))!
  const tags = Object.fromEntries(
    signature
      .slice(signature.indexOf(':') + 1)
      .replace(/\s+/g, '')
      .split(';')
      .filter(Boolean)
      .map(tag => [tag.slice(0, tag.indexOf('=')), tag.slice(tag.indexOf('=') + 1)]),
  )
  const lines = raw
    .slice(end + 4)
    .split('\r\n')
    .map(line => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
  const body = `${lines.join('\r\n').replace(/(\r\n)+$/, '')}\r\n`
  expect(createHash('sha256').update(body, 'latin1').digest('base64')).toBe(tags.bh)
  expect(tags.h!.split(':')).toEqual(expect.arrayContaining(['list-unsubscribe', 'list-unsubscribe-post']))
  const covered = tags
    .h!.split(':')
    .map(name => relaxed(heads.find(head => head.toLowerCase().startsWith(`${name}:`))!))
  const own = relaxed(signature).replace(/b=[^;]*$/, 'b=')
  const key = `-----BEGIN PUBLIC KEY-----\n${publicKey.match(/.{1,64}/g)!.join('\n')}\n-----END PUBLIC KEY-----\n`
  return createVerify('RSA-SHA256')
    .update([...covered, own].join('\r\n'), 'latin1')
    .verify(key, tags.b!, 'base64')
}

describe('templates', () => {
  it('EML-1: have versions that do not change, refuse what cannot be read with its place, and are shown for a contact', async () => {
    const own = await newCompany(application)
    const { template } = await writeTemplate(own)
    const broken = { ja: { ...content.ja!, blocks: [{ kind: 'text', text: '{{ env }} {% include "x" %}' }] } }
    const refused = await own.admin.call(templates.updateTemplate, {
      params: { id: template },
      body: { content: broken },
    })
    expect([refused.status, refused.problem.errors?.[0]?.path]).toEqual([422, 'body.content.ja.blocks.0.text'])
    const english = {
      ...content,
      en: { subject: 'News for {{ contact.name }}', preheader: '', blocks: [], text: null },
    }
    const changed = await own.admin.call(templates.updateTemplate, {
      params: { id: template },
      body: { content: english, basedOn: 1 },
    })
    expect(changed.body).toMatchObject({ version: 2, languages: ['ja', 'en'] })
    const stale = await own.admin.call(templates.updateTemplate, {
      params: { id: template },
      body: { content, basedOn: 1 },
    })
    expect(stale.status).toBe(409)
    const first = await own.admin.call(templates.getTemplate, { params: { id: template }, query: { version: '1' } })
    expect(first.body.content.en).toBeUndefined()
    const [contactId] = await writeContacts(own, 1, () => ({ name: '<i>鈴木</i>' }))
    const preview = await own.admin.call(templates.previewTemplate, { body: { content, language: 'ja', contactId } })
    expect(preview.body).toMatchObject({ subject: '<i>鈴木</i> 様へのお知らせ', faults: [] })
    const page = await own.admin.call(templates.showPreview, { params: { id: preview.body.id } })
    expect(page.text).toContain('&#60;i&#62;鈴木')
    expect(page.headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/)
    const test = await own.admin.call(templates.testTemplate, {
      params: { id: template },
      body: { language: 'en', contactId },
    })
    expect(test.body.to).toBe(own.admin.email)
    await finishJobs(application)
    expect(mailbox.received.at(-1)!.subject).toBe('[Test] News for <i>鈴木</i>')
  })

  it('EML-1: shared blocks stand in every template that names them, and say where', async () => {
    const own = await newCompany(application)
    const save = (text: string) =>
      own.admin.call(templates.saveSharedBlock, {
        body: { key: 'foot', name: '末尾', content: { ja: [{ kind: 'text', text }] } },
      })
    expect((await save('{% include "x" %}')).status).toBe(422)
    await save('{{ owner.name }} がご案内します。')
    const ja = { ...content.ja!, blocks: [{ kind: 'reusable' as const, key: 'foot' }] }
    const body = { ja }
    const { template } = await writeTemplate(own, { body })
    await writeTemplate(own)
    const list = async () => (await own.admin.call(templates.listSharedBlocks)).body.items
    expect((await list()).map(({ key, templates: uses }) => [key, uses.map(({ id }) => id)])).toEqual([
      ['foot', [template]],
    ])
    await save('変更後の末尾')
    const preview = await own.admin.call(templates.previewTemplate, { body: { content: body, language: 'ja' } })
    expect(preview.body.text).toContain('変更後の末尾')
    const params = { id: (await list())[0]!.id }
    const refused = await own.admin.call(templates.deleteSharedBlock, { params })
    expect([refused.status, (await list()).length]).toEqual([409, 1])
    expect(refused.problem.detail).toContain((await list())[0]!.templates[0]!.name)
    await own.admin.call(templates.updateTemplate, { params: { id: template }, body: { content } })
    expect((await own.admin.call(templates.deleteSharedBlock, { params })).status).toBe(204)
    // A mail without its part is none: a fault, not an empty text.
    const after = await own.admin.call(templates.previewTemplate, { body: { content: body, language: 'ja' } })
    expect(after.status).toBe(422)
  })

  it('go out in the recipient’s language, and without a server into the development mailbox', async () => {
    const alone = await testApplication()
    const own = await newCompany(alone)
    const both = { ...content, en: { subject: 'News', preheader: '', blocks: [], text: null } }
    const parts = await writeTemplate(own, { body: both })
    await writeContacts(own, 2, place => ({ language: place === 0 ? 'en-US' : 'ja', email: `l${place}@example.test` }))
    const id = await writeCampaign(own, parts)
    await own.admin.call(startCampaign, { params: { id }, body: {} })
    await finishJobs(alone)
    expect((await messagesOf(own)).map(({ state }) => state)).toEqual(['kept', 'kept'])
    expect((await mailsTo(alone, 'l0@example.test'))[0]).toMatchObject({ kind: 'message', subject: 'News' })
    expect((await mailsTo(alone, 'l1@example.test'))[0]!.subject).toContain('様へのお知らせ')
    await alone.end()
  })
})
