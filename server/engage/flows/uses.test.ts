import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { newFlow } from '../../../tests/support/flows.ts'
import { writeTemplate } from '../../../tests/support/messages.ts'
import { type Receiver, startReceiver } from '../../../tests/support/receiver.ts'
import { createInAppMessage, deleteInAppMessage, updateInAppMessage } from '../in-app/contract/messages.ts'
import { getTemplate, updateTemplate } from '../messages/contract/templates.ts'
import { createChannel, deleteChannel } from '../notices/contract/channels.ts'
import { changeFlowState, createFlow } from './contract/flows.ts'

let application: TestApplication
let company: TestCompany
let receiver: Receiver

beforeAll(async () => {
  receiver = await startReceiver()
  application = await testApplication({ privateTargets: ['127.0.0.1'] })
  company = await newCompany(application)
})
afterAll(async () => {
  await application.end()
  await receiver.end()
})

it('FLW-2: what a running flow sends, shows or tells by is neither archived nor deleted, until the flow goes', async () => {
  const { admin } = company
  const { template } = await writeTemplate(company)
  const { key } = (await admin.call(getTemplate, { params: { id: template }, query: {} })).body
  const content = { ja: { title: 'お知らせ' } }
  const shown = (
    await admin.call(createInAppMessage, {
      body: { key: 'news', name: 'お知らせ', document: { kind: 'banner', content } },
    })
  ).body.id
  await admin.call(updateInAppMessage, { params: { id: shown }, body: { state: 'enabled' } })
  const target = { kind: 'webhook', url: `${receiver.url}/hook` }
  const channel = (await admin.call(createChannel, { body: { name: '通知先', key: 'told', target } as never })).body
    .channel.id
  const steps = [
    { key: 'mail', kind: 'email', template: key, next: 'show' },
    { key: 'show', kind: 'in_app', message: 'news', next: 'tell' },
    {
      key: 'tell',
      kind: 'notice',
      title: { ja: 'a', en: 'a' },
      text: { ja: 'a', en: 'a' },
      channels: ['told'],
      next: null,
    },
  ] as const
  const document = { subject: 'customer' as const, triggers: [{ kind: 'manual' as const }], start: 'mail' }
  const draft = { nameJa: '下書き', nameEn: 'Draft', document: { ...document, steps: [...steps] } }
  expect((await admin.call(createFlow, { body: draft })).status).toBe(201)
  const flow = await newFlow(company, { ...document, steps: [...steps] as never })
  const takeAway = async () => [
    await admin.call(updateTemplate, { params: { id: template }, body: { state: 'archived' } }),
    await admin.call(deleteInAppMessage, { params: { id: shown } }),
    await admin.call(deleteChannel, { params: { id: channel } }),
  ]
  for (const to of ['paused', 'enabled'] as const) {
    await admin.call(changeFlowState, { params: { id: flow.id }, body: { to } })
    for (const { status, problem } of await takeAway()) {
      expect([status, problem.detail]).toEqual([409, expect.stringContaining('（フロー）')])
    }
  }
  // A draft that names them stops nobody.
  await admin.call(changeFlowState, { params: { id: flow.id }, body: { to: 'archived' } })
  expect((await takeAway()).map(({ status }) => status)).toEqual([200, 204, 204])
})
