import { createHmac } from 'node:crypto'
import type { UsersInfoResponse } from '@slack/web-api'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newAlertRule } from '../../../tests/support/alert-rules.ts'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany, type TestMember } from '../../../tests/support/factories.ts'
import { dayAgo, newCustomer } from '../../../tests/support/facts.ts'
import { newFlow, runAt } from '../../../tests/support/flows.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { type Receiver, startReceiver } from '../../../tests/support/receiver.ts'
import { taskOf } from '../../../tests/support/tasks.ts'
import { getAlert, listAlerts } from '../alerts/contract/alerts.ts'
import { enrol, listRequests } from '../flows/contract/enrolments.ts'
import { completeTask, listTasks } from '../tasks/contract/tasks.ts'
import { subjectOf } from './card.ts'
import { createChannel } from './contract/channels.ts'
import { listNotices } from './contract/inbox.ts'
import { isFromSlack } from './slack-signature.ts'

const secret = '8f742231b10e8888abcd99edabcd85a5'
let application: TestApplication
let company: TestCompany
let csm: TestMember
let slack: Receiver
let channel: { id: string; path: string }
let alert: string

beforeAll(async () => {
  application = await testApplication({ privateTargets: ['127.0.0.1'] })
  slack = await startReceiver()
})
beforeEach(async () => {
  company = await newCompany(application)
  csm = await newMember(company, 'csm', { name: '田中 誠' })
  slack.received.length = 0
  slackKnows(csm.email)
  const { body } = await company.admin.call(createChannel, {
    body: {
      name: 'CSM',
      key: 'csm',
      target: {
        kind: 'slack_api',
        token: 'xoxb-1234567890-abcdefghij',
        channel: '#csm',
        apiUrl: `${slack.url}/api`,
        signingSecret: secret,
      },
    } as never,
  })
  channel = { id: body.channel.id, path: body.channel.interactionPath! }
  alert = await openAlert()
})
afterAll(async () => {
  await slack.end()
  await application.end()
})

/** What users.info says from now on; the same answer does for posting, since it says `ok`. */
function slackKnows(email: string, more: UsersInfoResponse['user'] = {}): void {
  const answer: UsersInfoResponse = {
    ok: true,
    user: { id: 'U1', is_email_confirmed: true, profile: { email }, ...more },
  }
  slack.answer = { status: 200, body: JSON.stringify(answer), headers: { 'content-type': 'application/json' } }
}

/** An alert of the csm's customer, told to the channel. */
async function openAlert(): Promise<string> {
  await newCustomer(company, { name: '東和', ownerId: csm.memberId, status: 'AT_RISK' })
  await newAlertRule(company, {
    trigger: { kind: 'condition', condition: { field: 'status', op: 'in', value: ['AT_RISK'] } },
    routing: [{ when: null, assign: [], notify: [], channels: ['csm'] }],
  })
  await finishJobs(application)
  const { body } = await company.admin.call(listAlerts, { query: {} })
  expect(body.items).toHaveLength(1)
  return body.items[0]!.id
}

const cards = () => slack.received.filter(({ path }) => path === '/api/chat.postMessage')
const answers = () => slack.received.filter(({ path }) => path === '/respond').map(({ body }) => JSON.parse(body))
const blocksOf = (body: string) => JSON.parse(new URLSearchParams(body).get('blocks')!)

interface Press {
  at?: number
  key?: string
  path?: string
  body?: string
}

function bodyOf(action: string, value: string): string {
  const payload = {
    type: 'block_actions',
    user: { id: 'U1', username: 'tanaka', team_id: 'T1' },
    response_url: `${slack.url}/respond`,
    message: {
      blocks: [{ type: 'section' }, { type: 'actions', elements: [{ action_id: action }, { action_id: 'open' }] }],
    },
    actions: [{ action_id: action, value, type: 'button' }],
  }
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
}

/** A request as Slack signs it. */
function press(action: string, value: string, wishes: Press = {}) {
  const body = wishes.body ?? bodyOf(action, value)
  const timestamp = String(Math.floor(Date.now() / 1_000) + (wishes.at ?? 0))
  const digest = createHmac('sha256', wishes.key ?? secret)
    .update(`v0:${timestamp}:${bodyOf(action, value)}`)
    .digest('hex')
  return company.admin.send({
    method: 'POST',
    url: wishes.path ?? channel.path,
    payload: body,
    headers: {
      cookie: '',
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${digest}`,
    },
  })
}

async function alertNow() {
  return (await company.admin.call(getAlert, { params: { id: alert } })).body
}

describe('ALR-4 buttons of Slack cards', () => {
  it('the signature is that of Slack’s own example', () => {
    const body = Buffer.from(
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
    )
    const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503'
    const signed = { timestamp: '1531420618', signature, body }
    const key = '8f742231b10e8888abcd99yyyzzz85a5'
    expect(isFromSlack(key, signed, new Date(1_531_420_618_000))).toBe(true)
    expect(isFromSlack(key, signed, new Date(1_531_420_618_000 + 301_000))).toBe(false)
    expect(isFromSlack(key, { ...signed, signature: 'v0=' }, new Date(1_531_420_618_000))).toBe(false)
    expect(isFromSlack(key, { ...signed, body: Buffer.from('x') }, new Date(1_531_420_618_000))).toBe(false)
  })

  it('a card of an alert carries them; taking it over acts as the member, with an audit line, and changes the card', async () => {
    const buttons = blocksOf(cards()[0]!.body).find(({ type }: { type: string }) => type === 'actions').elements
    expect(buttons.map((each: { action_id: string }) => each.action_id)).toEqual([
      'alert.acknowledge',
      'alert.assign',
      'alert.snooze',
      'open',
    ])
    expect((await press('alert.assign', alert)).status).toBe(200)
    await finishJobs(application)
    expect((await press('alert.acknowledge', alert)).status).toBe(200)
    await finishJobs(application)
    expect(await alertNow()).toMatchObject({ ownerId: csm.memberId, state: 'acknowledged' })
    const [, acknowledged] = answers()
    expect(acknowledged).toMatchObject({ replace_original: true, text: '田中 誠さんが対応を始めました' })
    expect(acknowledged.blocks[1].elements).toEqual([{ action_id: 'open' }])
    const { rows } = await asSystem(company, ctx =>
      sql<{ action: string; actor: string }>`
        select action, actor_id as actor from audit_entry where tenant_id = ${ctx.tenantId} and action in ('notice_card.used', 'alerts.acknowledged')
        order by sequence`.execute(ctx.tx),
    )
    expect(rows.map(({ action, actor }) => [action, actor])).toEqual([
      ['notice_card.used', csm.memberId],
      ['alerts.acknowledged', csm.memberId],
      ['notice_card.used', csm.memberId],
    ])
    await press('alert.snooze', alert)
    await finishJobs(application)
    expect((await alertNow()).state).toBe('snoozed')
  })

  it('forged, changed, old, replayed, or by another channel’s secret: refused without effect', async () => {
    const other = await newCompany(application)
    const foreign = channel.path.replace(company.tenantId, other.tenantId)
    const refused = [
      await press('alert.acknowledge', alert, { key: 'f'.repeat(32) }),
      await press('alert.acknowledge', alert, { body: bodyOf('alert.snooze', alert) }),
      await press('alert.acknowledge', alert, { at: -301 }),
      await press('alert.acknowledge', alert, { at: 301 }),
      await press('alert.acknowledge', alert, { path: foreign }),
      await press('alert.acknowledge', alert, {
        path: channel.path.replace(channel.id, '01890000-0000-7000-8000-00000000dead'),
      }),
      await press('alert.acknowledge', alert, { path: '/v1/slack/x/y' }),
    ]
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 401))
    await finishJobs(application)
    expect([(await alertNow()).state, answers()]).toEqual(['open', []])
    expect((await press('alert.acknowledge', alert, { at: -20 })).status).toBe(200)
    await finishJobs(application)
    const { status } = await company.admin.send({ method: 'POST', url: channel.path, payload: 'payload=x' })
    expect(status).toBe(401)
  })

  it('the same request a second time is refused', async () => {
    const now = Date.now()
    const first = await press('alert.acknowledge', alert, { at: 0 })
    const second = await press('alert.acknowledge', alert, {
      at: Math.floor(now / 1_000) - Math.floor(Date.now() / 1_000),
    })
    expect([first.status, second.status]).toEqual([200, 401])
    await finishJobs(application)
    expect(answers()).toHaveLength(1)
  })

  it('somebody unknown, a guest, an unconfirmed address, no permission, a foreign alert: told so, nothing done', async () => {
    const reader = await newMember(company, 'portal_user')
    const other = await newCompany(application)
    const stranger = await newMember(other, 'csm')
    let at = -100
    for (const [email, more] of [
      ['nobody@example.test', {}],
      [stranger.email, {}],
      [csm.email, { is_stranger: true }],
      [csm.email, { is_restricted: true }],
      [csm.email, { is_email_confirmed: false }],
      [csm.email, { deleted: true }],
      [csm.email, { id: 'U2' }],
      [reader.email, {}],
    ] as const) {
      slackKnows(email, more)
      expect((await press('alert.acknowledge', alert, { at: at++ })).status).toBe(200)
      await finishJobs(application)
      expect(answers().at(-1), email).toMatchObject({ response_type: 'ephemeral', replace_original: false })
    }
    slackKnows(csm.email)
    await press('alert.acknowledge', '01890000-0000-7000-8000-00000000dead', { at: at++ })
    await press('alert.resolve', alert, { at: at++ })
    await press('flow_request.approve', alert, { at: at++ })
    await finishJobs(application)
    expect(answers()).toHaveLength(11)
    expect(answers().every(({ response_type }) => response_type === 'ephemeral')).toBe(true)
    slack.answer = {
      status: 200,
      body: '{"ok":false,"error":"missing_scope"}',
      headers: { 'content-type': 'application/json' },
    }
    await press('alert.acknowledge', alert, { at: at++ })
    await finishJobs(application)
    expect(answers().at(-1).text).toContain('処理できませんでした')
    expect((await alertNow()).state).toBe('open')
  })

  it('FLW-2: an approval that a flow asks for is decided by who was asked, and by nobody else', async () => {
    const lead = await newMember(company, 'head_of_cs')
    const id = await newCustomer(company)
    const flow = await newFlow(company, {
      steps: [
        {
          key: 'offer',
          kind: 'approval',
          question: '{name}に割引を提案しますか',
          approvers: [{ kind: 'member', id: lead.memberId }],
          withinHours: 48,
          approved: 'end',
          refused: null,
          silent: null,
        },
        { key: 'end', kind: 'end' },
      ],
    })
    await company.admin.call(enrol, { params: { id: flow.id }, body: { subjectIds: [id] } })
    await runAt(company)
    const request = async () => (await lead.call(listRequests, { query: { mine: 'true' } })).body.items
    const [asked] = await request()
    await press('flow_request.approve', asked!.id, { at: -10 })
    await finishJobs(application)
    expect([answers().at(-1).response_type, (await request()).length]).toEqual(['ephemeral', 1])
    slackKnows(lead.email)
    await press('flow_request.approve', asked!.id)
    await finishJobs(application)
    expect(answers().at(-1)).toMatchObject({ replace_original: true })
    expect(await request()).toEqual([])
  })

  it('FLW-2: the card of a step that asks somebody to act takes its task over, begins it and puts it off', async () => {
    const csm = await newMember(company, 'csm')
    const id = await newCustomer(company, { ownerId: csm.memberId })
    const flow = await newFlow(company, {
      steps: [
        {
          key: 'tell',
          kind: 'notice',
          title: { ja: '{name}に連絡する', en: 'Talk to {name}' },
          text: { ja: '', en: '' },
          to: [{ kind: 'owner' }],
          task: true,
          next: null,
        },
      ],
    })
    await company.admin.call(enrol, { params: { id: flow.id }, body: { subjectIds: [id] } })
    await runAt(company)
    const [made] = (await csm.call(listTasks, { query: { customerId: id } })).body.items
    const { id: taskId, assigneeId } = made!
    const task = () => taskOf(csm, taskId)
    const { items } = (await csm.call(listNotices, { query: {} })).body
    expect([assigneeId, subjectOf(items[0]!.link!)]).toEqual([null, { kind: 'task', id: taskId }])
    await press('task.assign', taskId, { at: -10 })
    await finishJobs(application)
    expect((await task()).assigneeId).toBeNull()
    slackKnows(csm.email)
    for (const verb of ['assign', 'acknowledge', 'snooze']) await press(`task.${verb}`, taskId)
    await finishJobs(application)
    expect(await task()).toMatchObject({ assigneeId: csm.memberId, status: 'in_progress', dueOn: dayAgo(-1) })
    await csm.call(completeTask, { params: { id: taskId } })
    // Another second: the same press again would be taken for a replay.
    await press('task.acknowledge', taskId, { at: -5 })
    await finishJobs(application)
    expect([answers().at(-1).response_type, (await task()).status]).toEqual(['ephemeral', 'done'])
  })
})
