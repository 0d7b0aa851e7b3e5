import pg from 'pg'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer } from '../../../tests/support/facts.ts'
import { type Mailbox, startMailbox } from '../../../tests/support/mailbox.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { type Receiver, startReceiver } from '../../../tests/support/receiver.ts'
import { updateCustomers } from '../../customers/accounts/commands/save.ts'
import { getCustomer, listCustomers } from '../../customers/accounts/contract/customers.ts'
import { createContact, getContact } from '../../customers/contacts/contract.ts'
import { moveContact } from '../../signals/lifecycle/contract/leads.ts'
import { createStage } from '../../signals/lifecycle/contract/stages.ts'
import { createChannel } from '../notices/contract/channels.ts'
import { listNotices } from '../notices/contract/inbox.ts'
import { beginActions } from './commands/begin.ts'
import { runAction } from './commands/run.ts'
import * as contract from './contract.ts'
import { companyDomain } from './domain.ts'

let application: TestApplication
let company: TestCompany
let mailbox: Mailbox
let receiver: Receiver

beforeAll(async () => {
  mailbox = await startMailbox()
  const from = { name: 'Kizuna', address: 'no-reply@kizuna.test' }
  application = await testApplication({ smtp: { url: mailbox.url, from }, privateTargets: ['127.0.0.1'] })
})
beforeEach(async () => {
  company = await newCompany(application)
  receiver = await startReceiver()
  mailbox.received.length = 0
})
afterEach(() => receiver.end())
afterAll(async () => {
  await application.end()
  await mailbox.close()
})

async function newStage(key: string, wishes: Partial<z.input<typeof createStage.body>>) {
  const { body, status, problem } = await company.admin.call(createStage, {
    body: { key, nameJa: key.toUpperCase(), nameEn: key.toUpperCase(), ...wishes } as never,
  })
  expect([status, problem.detail]).toEqual([201, undefined])
  return body
}

async function newLead(values: object = {}): Promise<string> {
  const { body, status } = await company.admin.call(createContact, { body: { name: '山田 太郎', ...values } })
  expect(status).toBe(201)
  return body.id
}

function move(id: string, stage: string, reason: string | null = null) {
  return company.admin.call(moveContact, { params: { id }, body: { stage, reason } })
}

async function moveAll(stage: string, ...leads: string[]): Promise<void> {
  const answers = await Promise.all(leads.map(id => move(id, stage)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  await finishJobs(application)
}

async function log(id: string) {
  return (await company.admin.call(contract.contactActions, { params: { id } })).body.items
}

async function customerOf(id: string) {
  return (await company.admin.call(getContact, { params: { id } })).body.customerId
}

const customers = async () => (await company.admin.call(listCustomers, { query: { limit: 200 } })).body.items
const toCustomer: Partial<z.input<typeof createStage.body>> = {
  kind: 'won',
  actions: [{ kind: 'create_customer', status: 'ONBOARDING' }],
}

describe('LIF-1 a won lead becomes a customer', () => {
  it('LIF-1: makes it once with the company’s name, domain, status and owner, and links the contact', async () => {
    const csm = await newMember(company, 'csm', { name: '鈴木 一郎' })
    await newStage('won', {
      kind: 'won',
      actions: [{ kind: 'create_customer', status: 'ACTIVE', ownerId: csm.memberId }],
    })
    const id = await newLead({ email: 'taro@kaede.example', company: '楓ソフト株式会社' })
    await moveAll('won', id)
    const customerId = await customerOf(id)
    const { body } = await company.admin.call(getCustomer, { params: { id: customerId! } })
    expect(body).toMatchObject({
      name: '楓ソフト株式会社',
      status: 'ACTIVE',
      ownerName: '鈴木 一郎',
      domains: ['kaede.example'],
    })
    expect(await log(id)).toMatchObject([
      {
        kind: 'create_customer',
        state: 'done',
        reason: 'created',
        customerId,
        customerName: '楓ソフト株式会社',
        attempts: 1,
      },
    ])
    await asSystem(company, ctx => beginActions(ctx, ctx.now.toISOString()))
    await finishJobs(application)
    expect(await customers()).toHaveLength(1)
  })

  it('LIF-1: one customer for eight colleagues of one company who are won at the same moment', async () => {
    await newStage('won', toCustomer)
    const leads: string[] = []
    for (let number = 0; number < 8; number++)
      leads.push(await newLead({ email: `p${number}@kaede.example`, company: '楓ソフト株式会社' }))
    await Promise.all([...leads.map(id => move(id, 'won')), ...leads.map(id => move(id, 'won'))])
    await Promise.all([finishJobs(application), finishJobs(application), finishJobs(application)])
    await finishJobs(application)
    const made = await customers()
    expect(made).toHaveLength(1)
    expect(new Set(await Promise.all(leads.map(customerOf)))).toEqual(new Set([made[0]!.id]))
    const reasons = (await Promise.all(leads.map(log))).flat().map(({ reason }) => reason)
    expect(reasons.sort()).toEqual(['created', ...Array.from({ length: 7 }, () => 'linked')])
  })

  it('LIF-1: links to the customer of the domain, else of the name; several of one domain are left to a person', async () => {
    await newStage('won', toCustomer)
    const byDomain = await newCustomer(company, { name: '北辰' })
    const byName = await newCustomer(company, { name: '東和工業' })
    const domains = (id: string, domain: string) =>
      asSystem(company, ctx => updateCustomers(ctx, [{ id, values: { domains: [domain] } }], { origin: 'person' }))
    await domains(byDomain, 'hokushin.example')
    const one = await newLead({ email: 'a@hokushin.example', company: '北辰精密' })
    const two = await newLead({ email: 'b@gmail.com', company: '東和工業' })
    await moveAll('won', one, two)
    expect([await customerOf(one), await customerOf(two)]).toEqual([byDomain, byName])
    const [, third] = [await domains(byName, 'shared.example'), await newCustomer(company, { name: '別会社' })]
    await domains(third, 'shared.example')
    const four = await newLead({ email: 'c@shared.example', company: '新しい会社' })
    await moveAll('won', four)
    expect(await customerOf(four)).toBeNull()
    const [failed] = await log(four)
    expect(failed).toMatchObject({ state: 'failed', reason: 'ambiguous' })
    await domains(third, 'other.example')
    const again = await company.admin.call(contract.retryAction, { params: { id: failed!.id } })
    expect(again.status).toBe(202)
    await finishJobs(application)
    expect(await customerOf(four)).toBe(byName)
    expect((await company.admin.call(contract.retryAction, { params: { id: failed!.id } })).status).toBe(409)
  })

  it('LIF-1: says what is missing where there is neither a company nor a domain of one', async () => {
    await newStage('won', toCustomer)
    const id = await newLead({ email: 'someone@gmail.com' })
    await moveAll('won', id)
    expect(await log(id)).toMatchObject([{ state: 'failed', reason: 'no_name' }])
    expect([companyDomain('a@GMAIL.com'), companyDomain('a@x.example'), companyDomain(null)]).toEqual([
      undefined,
      'x.example',
      undefined,
    ])
  })
})

describe('LIF-1 the welcome mail', () => {
  const mail = {
    kind: 'welcome_mail',
    subjectJa: 'ようこそ、{{name}} 様',
    subjectEn: 'Welcome, {{ name }}',
    bodyJa: '{{name}} 様\n\n{{company}}の皆さまへ',
    bodyEn: 'Hello {{name}} of {{company}}',
  } as const

  it('LIF-1: arrives over SMTP in the contact’s language, escaped, once, signed by the company', async () => {
    await newStage('new', {})
    await newStage('won', { kind: 'won', actions: [mail] })
    const ja = await newLead({ name: '<b>山田</b>', email: 'ja@kaede.example', company: '{{name}}', language: 'ja-JP' })
    const en = await newLead({ name: 'Jane', email: 'en@kaede.example', company: 'Kaede', language: 'English' })
    await moveAll('won', ja, en)
    const first = await mailbox.waitFor('ja@kaede.example')
    expect(first.subject).toBe('ようこそ、<b>山田</b> 様')
    expect(first.text).toContain('{{name}}の皆さまへ')
    expect(first.html).toContain('&#60;b&#62;山田')
    expect(first.text).toContain('株式会社みなと商事')
    expect(first.text).not.toContain('自動で送信')
    const second = await mailbox.waitFor('en@kaede.example')
    expect([second.subject, second.text?.trim().startsWith('Hello Jane of Kaede')]).toEqual(['Welcome, Jane', true])
    expect((await log(ja))[0]).toMatchObject({ state: 'done', reason: 'queued', mailState: 'accepted' })
    expect((await move(ja, 'new', '取り消し')).status).toBe(200)
    await moveAll('won', ja)
    expect(mailbox.received).toHaveLength(2)
    expect((await log(ja))[0]).toMatchObject({ state: 'skipped', reason: 'already_sent' })
  })

  it('LIF-1: goes neither to who unsubscribed, bounced or refused, nor to who has no address', async () => {
    await newStage('won', { kind: 'won', actions: [mail] })
    const leads = [
      await newLead({ email: 'u@kaede.example', emailState: 'UNSUBSCRIBED' }),
      await newLead({ email: 'b@kaede.example', emailState: 'BOUNCED' }),
      await newLead({ email: 'd@kaede.example', emailConsent: 'DENIED' }),
      await newLead({ externalId: 'x' }),
    ]
    await moveAll('won', ...leads)
    const logs = (await Promise.all(leads.map(log))).flat()
    expect(logs.map(({ state, reason }) => [state, reason])).toEqual([
      ['skipped', 'unsubscribed'],
      ['skipped', 'unsubscribed'],
      ['skipped', 'denied'],
      ['skipped', 'no_address'],
    ])
    expect(mailbox.received).toEqual([])
  })
})

describe('LIF-1 telling colleagues and programs', () => {
  async function newChannel(key: string, target: object) {
    const { body, status } = await company.admin.call(createChannel, { body: { name: key, key, target } as never })
    expect(status).toBe(201)
    return body
  }

  it('LIF-1: MQL tells sales in the product, by mail and on a channel', async () => {
    await newChannel('sales', { kind: 'slack', url: `${receiver.url}/services/T0/B0/x` })
    const seller = await newMember(company, 'sales_marketing')
    await newStage('mql', {
      condition: { field: 'leadScore', op: 'at_least', value: 50 },
      actions: [{ kind: 'notify', to: [{ kind: 'role', role: 'sales_marketing' }], channels: ['sales'] }],
    })
    const id = await newLead({ leadScore: 62, company: 'A&B <東和>' })
    await finishJobs(application)
    const { body } = await seller.call(listNotices, { query: {} })
    expect(body.items).toMatchObject([
      {
        title: { ja: 'MQLになりました: 山田 太郎（A&B <東和>）', en: 'Now MQL: 山田 太郎 (A&B <東和>)' },
        topic: 'leads',
      },
    ])
    expect(JSON.parse(receiver.received[0]!.body).text).toBe(
      '🟠 [高] MQLになりました: 山田 太郎（A&amp;B &lt;東和&gt;）',
    )
    expect(await log(id)).toMatchObject([
      { kind: 'notify', state: 'done', reason: 'told', deliveries: [{ name: 'sales', state: 'sent', error: null }] },
    ])
  })

  it('LIF-1: of more than five at once everybody is told once', async () => {
    const seller = await newMember(company, 'sales_marketing')
    await newStage('mql', {
      condition: { field: 'leadScore', op: 'at_least', value: 50 },
      actions: [{ kind: 'notify', to: [{ kind: 'role', role: 'sales_marketing' }] }],
    })
    await asSystem(company, async ctx => {
      const { createContacts } = await import('../../customers/contacts/commands/save.ts')
      const rows = Array.from({ length: 12 }, (_, number) => ({
        id: crypto.randomUUID(),
        values: { name: `見込み${number}`, leadScore: 60 },
      }))
      await createContacts(ctx, rows, { origin: 'import' })
      const { evaluateStages } = await import('../../signals/lifecycle/commands/evaluate.ts')
      await evaluateStages(ctx)
    })
    await finishJobs(application)
    const { body } = await seller.call(listNotices, { query: {} })
    expect(body.items.map(({ title }) => title.ja)).toEqual(['MQLになりました: 12件'])
  })

  it('LIF-1: SQL sends the lead’s fields to a program, signed; a channel that fails is seen in the log', async () => {
    const { secret } = await newChannel('crm', { kind: 'webhook', url: `${receiver.url}/crm` })
    await newChannel('all', { kind: 'webhook', url: `${receiver.url}/all` })
    await newStage('sql', { actions: [{ kind: 'sync', channels: ['crm'] }] })
    const id = await newLead({ email: 'taro@kaede.example', leadScore: 81, company: '楓' })
    receiver.answer = { status: 400 }
    await moveAll('sql', id)
    const [call] = receiver.received
    expect(receiver.received.map(({ path }) => path)).toEqual(['/crm'])
    expect(new Webhook(secret!).verify(call!.body, call!.headers as Record<string, string>)).toMatchObject({
      type: 'lifecycle.moved',
      data: {
        link: `http://kizuna.test/contacts/${id}`,
        to: 'sql',
        cause: 'person',
        lead: {
          id,
          email: 'taro@kaede.example',
          leadScore: 81,
          company: '楓',
          lifecycleStage: 'sql',
          customerId: null,
        },
      },
    })
    expect(await log(id)).toMatchObject([
      { kind: 'sync', state: 'done', deliveries: [{ name: 'crm', state: 'failed', error: 'HTTP 400' }] },
    ])
  })

  it('LIF-1: without its channel the action fails and says so; one that breaks takes nothing along and is tried again', async () => {
    await newStage('sql', { actions: [{ kind: 'sync', channels: ['gone'] }, { kind: 'create_customer' }] })
    const id = await newLead({ company: '楓' })
    const client = new pg.Client({ connectionString: application.database.superuserUrl })
    await client.connect()
    try {
      // Breaks where the contact is linked, after the customer was made.
      await client.query('alter table contact add constraint broken check (customer_id is null) not valid')
      await moveAll('sql', id)
      expect((await log(id)).map(({ kind, state, reason }) => [kind, state, reason])).toEqual([
        ['sync', 'failed', 'no_channel'],
        ['create_customer', 'waiting', null],
      ])
      expect((await log(id))[1]).toMatchObject({ attempts: 1, error: expect.stringContaining('broken') })
      expect(await customers()).toEqual([])
    } finally {
      await client.query('alter table contact drop constraint if exists broken')
    }
    const { rows } = await client.query(`select run_at > now() as later from job where name = 'lifecycle_actions.run'`)
    await client.end()
    expect(rows).toContainEqual({ later: true })
    const [, waiting] = await log(id)
    await asSystem(company, ctx => runAction(ctx, waiting!.id))
    expect((await log(id))[1]).toMatchObject({ state: 'done', reason: 'created', attempts: 2, error: null })
  })

  it('LIF-1: is not answered to another company', async () => {
    await newStage('won', toCustomer)
    const id = await newLead({ company: '楓' })
    await moveAll('won', id)
    const other = await newCompany(application)
    expect((await other.admin.call(contract.contactActions, { params: { id } })).status).toBe(404)
    const [action] = await log(id)
    expect((await other.admin.call(contract.retryAction, { params: { id: action!.id } })).status).toBe(404)
  })
})
