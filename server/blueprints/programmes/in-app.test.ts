import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { getInAppMessage, listInAppMessages, updateInAppMessage } from '../../engage/in-app/contract/messages.ts'
import * as contract from './contract/blueprints.ts'

let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
})
afterAll(() => application.end())

const text = (enabled: boolean, segment: string) => `
segments:
  - { key: loyal, record: contact, nameJa: 常連, nameEn: Loyal, kind: dynamic, condition: { field: title, op: is_set } }
inAppMessages:
  - key: hello
    name: { ja: ごあいさつ, en: Hello }
    enabled: ${enabled}
    document:
      kind: banner
      content: { ja: { title: こんにちは }, en: { title: Hello } }
      audience: { kind: segment, segment: ${segment} }
`
const plan = async (of: TestCompany, source: contract.BlueprintSource) =>
  (await of.admin.call(contract.planBlueprint, { body: { source, replaceOthers: false } })).body
const file = (words: string): contract.BlueprintSource => ({ files: [{ name: 'own.yaml', text: words }] })
async function apply(of: TestCompany, source: contract.BlueprintSource) {
  const { fingerprint, changes } = await plan(of, source)
  expect(changes.filter(({ problem }) => problem)).toEqual([])
  return of.admin.call(contract.applyBlueprint, { body: { source, replaceOthers: false, fingerprint } })
}
const messages = async (of = company) => (await of.admin.call(listInAppMessages)).body.items

it('a message inside the product is made, paused, exported and taken back; its segment goes by its key', async () => {
  expect((await apply(company, file(text(true, 'loyal')))).status).toBe(201)
  const [made] = await messages()
  expect(made).toMatchObject({ key: 'hello', name: 'ごあいさつ', state: 'enabled' })
  const { audience } = (await company.admin.call(getInAppMessage, { params: { id: made!.id } })).body.document
  expect(audience).toMatchObject({ kind: 'segment', id: expect.stringMatching(/^[0-9a-f-]{36}$/) })

  const { text: exported } = (await company.admin.call(contract.exportBlueprint, { query: {} })) as { text: string }
  expect(exported).toContain('segment: loyal')
  expect((await plan(company, file(exported))).changes).toEqual([])
  const other = await newCompany(application)
  expect((await apply(other, file(exported))).status).toBe(201)
  expect((await messages(other)).map(({ key, state }) => [key, state])).toEqual([['hello', 'enabled']])

  await company.admin.call(updateInAppMessage, { params: { id: made!.id }, body: { name: '改名' } })
  const changed = await plan(company, file(text(false, 'loyal')))
  expect(changed.changes).toMatchObject([{ section: 'inAppMessages', key: 'hello' }])
  const { body } = await apply(company, file(text(false, 'loyal')))
  expect((await messages())[0]).toMatchObject({ name: 'ごあいさつ', state: 'paused' })
  await apply(company, { rollback: body.id })
  expect((await messages())[0]).toMatchObject({ name: '改名', state: 'enabled' })
})

it('a segment that there is not is a problem of the plan, and nothing is made', async () => {
  const fresh = await newCompany(application)
  const { changes } = await plan(fresh, file(text(true, 'nobody')))
  expect(changes.find(({ section }) => section === 'inAppMessages')?.problem?.en).toContain('nobody')
  expect(await messages(fresh)).toEqual([])
})
