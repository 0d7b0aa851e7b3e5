import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { type Receiver, startReceiver } from '../../../tests/support/receiver.ts'
import { notify } from './commands/notify.ts'
import { sendDelivery } from './commands/send.ts'
import * as contract from './contract/channels.ts'
import { listDeliveries, retryDelivery } from './contract/deliveries.ts'
import type { Severity } from './contract/shapes.ts'

let application: TestApplication
let company: TestCompany
let receiver: Receiver

beforeAll(async () => {
  application = await testApplication({ privateTargets: ['127.0.0.1'] })
})
beforeEach(async () => {
  company = await newCompany(application)
  receiver = await startReceiver()
  application.installation.privateTargets = ['127.0.0.1']
})
afterEach(() => receiver.end())
afterAll(() => application.end())

async function newChannel(target: object, wishes: object = {}) {
  const { body, status, problem } = await company.admin.call(contract.createChannel, {
    body: { name: 'CSM', key: 'csm-alerts', target, ...wishes } as never,
  })
  expect([status, problem.detail]).toEqual([201, undefined])
  return body
}

function tell(key: string, severity: Severity = 'high', channels: string[] = ['csm-alerts']): Promise<number> {
  return asSystem(company, ctx =>
    notify(ctx, [
      {
        topic: 'risk',
        severity,
        subject: { kind: 'company', id: company.tenantId },
        title: { ja: '健全度がRed: A&B <東和>', en: 'Health is Red' },
        text: { ja: '健全度: 38（40未満）', en: 'Health score: 38' },
        link: '/alerts?open=1',
        key,
        to: { members: [], channels },
      },
    ]),
  )
}

async function log() {
  return (await company.admin.call(listDeliveries, { query: { way: 'channel' } })).body.items
}

describe('ALR-4 channels', () => {
  it('Slack by incoming webhook: the official client, Block Kit, names as text', async () => {
    await newChannel({ kind: 'slack', url: `${receiver.url}/services/T0/B0/secret` })
    await tell('a')
    await finishJobs(application)
    const [message] = receiver.received
    expect([message!.path, message!.headers['user-agent']]).toEqual([
      '/services/T0/B0/secret',
      expect.stringContaining('@slack:webhook'),
    ])
    expect(JSON.parse(message!.body)).toMatchObject({
      text: '🟠 [高] 健全度がRed: A&amp;B &lt;東和&gt;',
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: '🟠 健全度がRed: A&B <東和>' } },
        { type: 'section', text: { type: 'mrkdwn', text: '*高*\n健全度: 38（40未満）' } },
        { type: 'actions', elements: [{ type: 'button', url: 'http://kizuna.test/alerts?open=1' }] },
      ],
    })
    expect(await log()).toMatchObject([{ state: 'sent', attempts: 1, recipientName: 'CSM' }])
  })

  it('Slack by chat.postMessage; what Slack refuses fails with its reason', async () => {
    const token = 'xoxb-1234567890-abcdefghij'
    await newChannel({ kind: 'slack_api', token, channel: '#csm-alerts', apiUrl: `${receiver.url}/api` })
    receiver.answer = {
      status: 200,
      body: '{"ok":true,"ts":"1","channel":"C1"}',
      headers: { 'content-type': 'application/json' },
    }
    await tell('a')
    await finishJobs(application)
    const [message] = receiver.received
    expect([message!.path, message!.headers.authorization]).toEqual(['/api/chat.postMessage', `Bearer ${token}`])
    expect(new URLSearchParams(message!.body).get('channel')).toBe('#csm-alerts')
    expect(JSON.parse(new URLSearchParams(message!.body).get('blocks')!)).toHaveLength(3)
    receiver.answer = { ...receiver.answer, body: '{"ok":false,"error":"channel_not_found"}' }
    await tell('b')
    await finishJobs(application)
    expect(await log()).toMatchObject([{ state: 'failed', error: 'Slack: channel_not_found' }, { state: 'sent' }])
    expect((await company.admin.call(contract.listChannels)).body.items).toMatchObject([
      { lastError: 'Slack: channel_not_found' },
    ])
  })

  it('Teams by workflow webhook: one message with one Adaptive Card', async () => {
    await newChannel({ kind: 'teams', url: `${receiver.url}/workflows/1` })
    receiver.answer = { status: 202 }
    await tell('a', 'critical')
    await finishJobs(application)
    const body = JSON.parse(receiver.received[0]!.body)
    expect(body).toMatchObject({
      type: 'message',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null }],
    })
    expect(body.attachments[0].content).toMatchObject({
      type: 'AdaptiveCard',
      version: '1.4',
      body: [
        { text: '重大', color: 'Attention' },
        { text: '健全度がRed: A&B <東和>' },
        { text: '健全度: 38（40未満）' },
      ],
      actions: [{ type: 'Action.OpenUrl', url: 'http://kizuna.test/alerts?open=1' }],
    })
    expect(await log()).toMatchObject([{ state: 'sent' }])
  })

  it('a program and a gateway of short messages: signed, so that the official library verifies it', async () => {
    const { secret } = await newChannel({ kind: 'webhook', url: `${receiver.url}/hook` })
    const given = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
    const sms = { kind: 'sms', url: `${receiver.url}/sms`, secret: given, numbers: ['+819012345678'] }
    expect((await newChannel(sms, { key: 'csm-sms' })).secret).toBeNull()
    await tell('a', 'high', ['csm-alerts', 'csm-sms'])
    await finishJobs(application)
    const verified = (path: string, key: string) => {
      const message = receiver.received.find(each => each.path === path)!
      return new Webhook(key).verify(message.body, message.headers as Record<string, string>) as {
        type: string
        data: object
      }
    }
    expect(verified('/hook', secret!)).toMatchObject({
      type: 'notice.created',
      data: {
        topic: 'risk',
        severity: 'high',
        title: { en: 'Health is Red' },
        subject: { kind: 'company', id: company.tenantId },
      },
    })
    expect(verified('/sms', given)).toMatchObject({
      type: 'sms.requested',
      data: { to: ['+819012345678'], text: expect.stringContaining('[高] 健全度がRed') },
    })
    expect(() => verified('/hook', given)).toThrow()
  })

  it('tries again later what may pass, under the same id; gives up at once what a person must mend', async () => {
    await newChannel({ kind: 'webhook', url: `${receiver.url}/hook` })
    receiver.answer = { status: 503, body: 'secret of the receiver' }
    await tell('a')
    await finishJobs(application)
    const [waiting] = await log()
    expect(waiting).toMatchObject({ state: 'waiting', attempts: 1, error: 'HTTP 503' })
    const jobs = await application.pool.query(
      "select run_at > now() + interval '50 seconds' as later from job where tenant_id = $1 and name = 'notices.send' and state = 'delayed'",
      [company.tenantId],
    )
    expect(jobs.rows).toEqual([{ later: true }])
    receiver.answer = { status: 200 }
    await sendDelivery(application.installation, company.tenantId, waiting!.id)
    expect(await log()).toMatchObject([{ state: 'sent', attempts: 2, error: null }])
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([waiting!.id]))
    receiver.answer = { status: 404 }
    await tell('b')
    await finishJobs(application)
    expect((await log())[0]).toMatchObject({ state: 'failed', attempts: 1, error: 'HTTP 404' })
    receiver.answer = { status: 200 }
    const again = { params: { id: (await log())[0]!.id } }
    expect((await company.admin.call(retryDelivery, again)).status).toBe(204)
    await finishJobs(application)
    expect((await log())[0]).toMatchObject({ state: 'sent' })
    expect((await company.admin.call(retryDelivery, again)).status).toBe(409)
  })

  it('gives up after ten attempts', async () => {
    await newChannel({ kind: 'webhook', url: `${receiver.url}/hook` })
    receiver.answer = { status: 500 }
    await tell('a')
    for (let attempt = 0; attempt < 12; attempt++) {
      await sendDelivery(application.installation, company.tenantId, (await log())[0]!.id)
    }
    expect(await log()).toMatchObject([{ state: 'failed', attempts: 10, error: 'HTTP 500' }])
    expect(receiver.received).toHaveLength(10)
  })

  it('takes by itself what is of its topics and grave enough; a disabled or deleted one takes nothing and says why', async () => {
    const { channel } = await newChannel({ kind: 'webhook', url: receiver.url }, { topics: ['risk'], severity: 'high' })
    await tell('a', 'medium', [])
    await tell('b', 'high', [])
    await finishJobs(application)
    expect(await log()).toMatchObject([{ state: 'sent', severity: 'high' }])
    await company.admin.call(contract.updateChannel, { params: { id: channel.id }, body: { enabled: false } })
    await tell('c', 'critical', [])
    expect((await log())[0]).toMatchObject({ state: 'skipped', reason: 'channel_disabled' })
    // A test goes out all the same: it is how one finds out whether to enable it.
    expect((await company.admin.call(contract.testChannel, { params: { id: channel.id } })).status).toBe(202)
    await finishJobs(application)
    expect((await log())[0]).toMatchObject({ state: 'sent', severity: 'low' })
    await company.admin.call(contract.updateChannel, { params: { id: channel.id }, body: { enabled: true } })
    await tell('d', 'critical', [])
    await company.admin.call(contract.deleteChannel, { params: { id: channel.id } })
    await finishJobs(application)
    expect((await log())[0]).toMatchObject({ state: 'skipped', reason: 'channel_deleted', recipientName: null })
  })

  it('never shows again where it leads to, and keeps it encrypted (E1)', async () => {
    const { channel } = await newChannel({ kind: 'slack', url: `${receiver.url}/services/T0/B0/top-secret` })
    expect(JSON.stringify(channel)).not.toContain('top-secret')
    expect(channel.shown).toBe(new URL(receiver.url).host)
    const { text } = await company.admin.call(contract.listChannels)
    expect(text).not.toContain('top-secret')
    const stored = await asSystem(company, ctx =>
      ctx.tx.selectFrom('notice_channel').selectAll().where('tenant_id', '=', company.tenantId).execute(),
    )
    expect(JSON.stringify(stored)).not.toContain('top-secret')
    const csm = await newMember(company, 'csm')
    expect((await csm.call(contract.testChannel, { params: { id: channel.id } })).status).toBe(403)
  })
})

describe('addresses that notices must not reach (D1, D2)', () => {
  const hostile = [
    'http://127.0.0.1/',
    'https://127.0.0.1/',
    'https://localhost/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://0.0.0.0/',
    'https://[::1]/',
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://100.64.0.1/',
    'https://10.1.2.3/',
    'https://192.168.1.1/',
    'https://172.16.0.1/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://198.18.0.1/',
    'https://user:password@example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'http://93.184.216.34/',
    'https://no-such-host.invalid/',
  ]

  it('are refused when a channel is made or changed', async () => {
    application.installation.privateTargets = []
    for (const url of hostile) {
      const made = await company.admin.call(contract.createChannel, {
        body: { name: 'x', target: { kind: 'webhook', url } } as never,
      })
      expect([url, made.status, made.problem.errors?.[0]?.path]).toEqual([url, 422, 'body.target.url'])
    }
    const slack = {
      kind: 'slack_api',
      token: 'xoxb-1234567890-abcdefghij',
      channel: 'C1',
      apiUrl: 'https://127.0.0.1/',
    }
    const made = await company.admin.call(contract.createChannel, { body: { name: 'x', target: slack } as never })
    expect(made.problem.errors?.[0]?.path).toBe('body.target.apiUrl')
    expect((await company.admin.call(contract.listChannels)).body.items).toEqual([])
  })

  it('are refused again when something is sent: what was allowed once may be another address now', async () => {
    await newChannel({ kind: 'slack', url: receiver.url })
    await newChannel(
      { kind: 'webhook', url: receiver.url.replace('127.0.0.1', '[::ffff:127.0.0.1]') },
      { key: 'other' },
    )
    application.installation.privateTargets = []
    await tell('a', 'high', ['csm-alerts', 'other'])
    await finishJobs(application)
    expect(receiver.received).toEqual([])
    const rows = await log()
    expect(rows).toHaveLength(2)
    for (const row of rows)
      expect(row).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('no address of the public internet'),
      })
  })

  it('no redirect is followed, however it answers; nothing of the answer is shown', async () => {
    const target = await startReceiver()
    await newChannel({ kind: 'webhook', url: receiver.url })
    await newChannel({ kind: 'slack', url: receiver.url }, { key: 'slack' })
    for (const status of [301, 302, 307, 308]) {
      receiver.answer = { status, headers: { location: target.url }, body: 'inner secret' }
      await tell(`r${status}`, 'high', ['csm-alerts', 'slack'])
      await finishJobs(application)
    }
    expect(target.received).toEqual([])
    const rows = await log()
    expect(rows).toHaveLength(8)
    for (const row of rows) expect(row).toMatchObject({ state: 'failed', error: expect.stringMatching(/^HTTP 30\d/) })
    receiver.answer = { status: 500, body: 'inner secret' }
    await tell('e', 'high', ['csm-alerts', 'slack'])
    await finishJobs(application)
    expect(JSON.stringify(await log())).not.toContain('inner secret')
    await target.end()
  })

  it('an answer of 10 MB or one that drips for ever ends', async () => {
    await newChannel({ kind: 'webhook', url: receiver.url })
    receiver.answer = { status: 200, body: 'x'.repeat(10_000_000) }
    await tell('a')
    await finishJobs(application)
    expect((await log())[0]).toMatchObject({ state: 'sent' })
    receiver.answer = { status: 200, drips: true }
    await tell('b')
    const begin = performance.now()
    await finishJobs(application)
    expect(performance.now() - begin).toBeLessThan(14_000)
    expect((await log())[0]).toMatchObject({ state: 'waiting' })
  }, 30_000)
})
