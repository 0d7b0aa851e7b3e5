import { sql } from 'kysely'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer } from '../../../tests/support/facts.ts'
import { enrolmentsOf, inDays, logOf, runAt, startedFlow } from '../../../tests/support/flows.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { type Receiver, startReceiver } from '../../../tests/support/receiver.ts'
import { removeMember } from '../../platform/identity/contract/company.ts'
import { subjectOf } from '../notices/card.ts'
import { createChannel } from '../notices/contract/channels.ts'
import { actOnEnrolments, decideRequest, listRequests } from './contract/enrolments.ts'

let application: TestApplication
let company: TestCompany
let receiver: Receiver

beforeAll(async () => {
  application = await testApplication({ privateTargets: ['127.0.0.1'] })
  company = await newCompany(application)
  receiver = await startReceiver()
})
afterAll(async () => {
  await receiver.end()
  await application.end()
})

const end = { key: 'end', kind: 'end' } as const

describe('FLW-2 steps that ask', () => {
  it('approval: only who is asked decides; approved, refused, silent', async () => {
    const lead = await newMember(company, 'head_of_cs')
    const csm = await newMember(company, 'csm')
    const ids = await Promise.all([1, 2, 3].map(() => newCustomer(company)))
    const id = await startedFlow(
      company,
      [
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
        end,
      ],
      ids,
    )
    await runAt(company)
    const { body } = await lead.call(listRequests, { query: { mine: 'true' } })
    expect(body.items.map(each => [each.question, each.mayDecide])).toEqual(
      ids.map(() => ['東和に割引を提案しますか', true]),
    )
    const [first, second] = body.items
    const refused = await csm.call(decideRequest, { params: { id: first!.id }, body: { approve: true } })
    expect(refused.status).toBe(403)
    await lead.call(decideRequest, { params: { id: first!.id }, body: { approve: true, note: '良い' } })
    await lead.call(decideRequest, { params: { id: second!.id }, body: { approve: false } })
    const again = await lead.call(decideRequest, { params: { id: first!.id }, body: { approve: false } })
    expect(again.status).toBe(409)
    await finishJobs(application)
    await runAt(company, inDays(2.1))
    const ways = (await enrolmentsOf(company, id)).map(({ log }) => log[0]!.way).sort()
    expect(ways).toEqual(['approved', 'refused', 'silent'])
    expect((await lead.call(listRequests, { query: { mine: 'true' } })).body.items).toEqual([])
  })

  it('approval: once all who were asked have left, whoever looks after flows sees and decides it', async () => {
    const [lead, csm] = [await newMember(company, 'head_of_cs'), await newMember(company, 'csm')]
    const step = { key: 'offer', kind: 'approval', question: '提案しますか', withinHours: 48, approved: 'end' } as const
    const approvers = [{ kind: 'member' as const, id: lead.memberId }]
    const id = await startedFlow(
      company,
      [{ ...step, approvers, refused: null, silent: null }, end],
      [await newCustomer(company)],
    )
    await runAt(company)
    const waiting = async () => (await company.admin.call(listRequests, { query: { mine: 'true' } })).body.items
    expect(await waiting()).toEqual([])
    expect((await company.admin.call(removeMember, { params: { id: lead.memberId } })).status).toBe(204)
    const [asked] = await waiting()
    expect(asked).toMatchObject({ flowId: id, mayDecide: true })
    const decide = { params: { id: asked!.id }, body: { approve: true } }
    expect((await csm.call(decideRequest, decide)).status).toBe(403)
    expect((await company.admin.call(decideRequest, decide)).status).toBe(200)
  })

  it('skipping decides nothing: an approval goes on as if nobody had answered', async () => {
    const csm = await newMember(company, 'csm')
    const customer = await newCustomer(company, { ownerId: csm.memberId })
    const id = await startedFlow(
      company,
      [
        {
          key: 'offer',
          kind: 'approval',
          question: '割引を提案しますか',
          approvers: [{ kind: 'role', role: 'head_of_cs' }],
          withinHours: 48,
          approved: 'end',
          refused: null,
          silent: null,
        },
        end,
      ],
      [customer],
    )
    await runAt(company)
    const [waiting] = await enrolmentsOf(company, id)
    await csm.call(actOnEnrolments, { body: { action: 'skip', ids: [waiting!.id] } })
    const [skipped] = await enrolmentsOf(company, id)
    expect(skipped!.log.map(({ step, way, reason }) => [step, way, reason])).toEqual([
      ['offer', 'silent', 'skipped_by_hand'],
    ])
    // The card of the question can be answered where it was posted.
    const { rows } = await asSystem(company, ctx =>
      sql<{ link: string }>`
        select link from notice where tenant_id = ${ctx.tenantId} and key like 'flow-approval:%' order by created_at desc limit 1`.execute(
        ctx.tx,
      ),
    )
    expect(subjectOf(rows[0]!.link)).toMatchObject({ kind: 'flow_request' })
  })

  it('webhook and provision: signed, by a channel; the signed answer decides, a forged one does not', async () => {
    const channel = await company.admin.call(createChannel, {
      body: { name: '製品', key: 'product', target: { kind: 'webhook', url: `${receiver.url}/hook` } } as never,
    })
    const secret = channel.body.secret!
    const [one, other] = [await newCustomer(company, { externalId: 'acme' }), await newCustomer(company)]
    const id = await startedFlow(
      company,
      [
        { key: 'tell', kind: 'webhook', channel: 'product', next: 'seats' },
        {
          key: 'seats',
          kind: 'provision',
          channel: 'product',
          action: 'seats.add',
          withinHours: 24,
          done: 'end',
          failed: null,
          timeout: null,
        },
        end,
      ],
      [one, other],
    )
    await runAt(company)
    await finishJobs(application)
    const bodies = receiver.received.map(({ body }) => JSON.parse(body))
    const asked = bodies.filter(({ type }) => type === 'provision.requested')
    expect(bodies.filter(({ type }) => type === 'flow.step').map(({ data }) => data.step)).toEqual(['tell', 'tell'])
    const mine = asked.find(({ data }) => data.externalId === 'acme')
    expect([asked.length, mine.data.action]).toEqual([2, 'seats.add'])
    const reply = (key: string) => {
      const body = JSON.stringify({ status: 'done', message: '5席を追加' })
      const now = new Date()
      return company.admin.send({
        method: 'POST',
        url: new URL(mine.data.answerTo).pathname,
        payload: body,
        headers: {
          'content-type': 'application/json',
          'webhook-id': 'msg_1',
          'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
          'webhook-signature': new Webhook(key).sign('msg_1', now, body),
        },
      })
    }
    expect((await reply(`whsec_${Buffer.alloc(32).toString('base64')}`)).status).toBe(401)
    expect((await reply(secret)).status).toBe(200)
    expect((await reply(secret)).status).toBe(200)
    await finishJobs(application)
    const done = (await enrolmentsOf(company, id)).find(each => each.subjectId === one)!
    expect(logOf(done)).toEqual(['tell next', 'seats done', 'end next'])
    await runAt(company, inDays(1.1))
    const late = (await enrolmentsOf(company, id)).find(each => each.subjectId === other)!
    expect(logOf(late)).toEqual(['tell next', 'seats timeout'])
  })
})
