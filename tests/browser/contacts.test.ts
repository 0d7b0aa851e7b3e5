import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCustomers } from '../../server/customers/accounts/commands/save.ts'
import { createPlan } from '../../server/engage/plans/contract.ts'
import { listTasks } from '../../server/engage/tasks/contract/tasks.ts'
import {
  asSystem,
  newCompany,
  newMember,
  type TestCompany,
  type TestMember,
  testPassword,
} from '../support/factories.ts'
import { runAt, startedFlow } from '../support/flows.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'
import { newTask } from '../support/tasks.ts'

const customer = '01900000-0000-7000-8000-0000000000ab'

let site: Site
let company: TestCompany
let csm: TestMember
beforeAll(async () => {
  site = await startSite()
  company = await newCompany(site.application)
  csm = await newMember(company, 'csm', { name: '田中 誠' })
  await asSystem(company, ctx =>
    createCustomers(ctx, [{ id: customer, values: { name: 'Aster', ownerId: csm.memberId } }], { origin: 'person' }),
  )
})
afterAll(() => site.end())

async function visit(caller: TestMember, width = 1440) {
  const visitor = await site.visitAs(caller, { locale: 'en', width })
  await visitor.context.addInitScript("localStorage.setItem('kizuna.locale', 'en')")
  return visitor
}

it('TSK-1: a task is linked to a flow and a plan, and says how it reaches the customer', async () => {
  const body = { name: 'Adoption 2027', type: 'QUARTERLY' as const }
  expect((await company.admin.call(createPlan, { params: { id: customer }, body: body as never })).status).toBe(201)
  const ring = [
    { key: 'ring', kind: 'call' as const, title: 'Ring {customer}', assign: { kind: 'owner' as const }, next: null },
  ]
  await startedFlow(company, ring, [customer])
  await runAt(company)
  await newTask(csm, { title: 'Make the offer', customerId: customer, dueOn: new Date().toISOString().slice(0, 10) })
  const visitor = await visit(csm)
  const { page } = visitor
  await page.goto('/tasks')
  await page.getByRole('button', { name: 'Make the offer', exact: true }).click()
  await page.getByRole('button', { name: 'Edit…' }).click()
  const dialog = page.getByRole('dialog', { name: /Edit/ })
  await dialog.getByLabel('Add a linked record…').selectOption('flow')
  await dialog.getByRole('button', { name: 'Flow' }).click()
  await page.getByRole('option', { name: 'Flow' }).click()
  await dialog.getByLabel('Add a linked record…').selectOption('plan')
  await dialog.getByRole('button', { name: 'Success plan' }).click()
  await page.getByRole('option', { name: 'Adoption 2027' }).click()
  await dialog.getByText('Adoption 2027').waitFor()
  await dialog.getByLabel('Contact with the customer').selectOption('offer')
  await expectAccessibleInBothThemes(visitor)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.locator('.t-links').getByText('Adoption 2027').waitFor()
  await page.locator('.t-links').getByRole('link', { name: 'Flow' }).waitFor()
  await visitor.close()
})

it('PLB-2, PLB-4: contacts, win-back and success by step are read on the screens of flows', async () => {
  const visitor = await visit(company.admin)
  const { page } = visitor
  await page.goto('/flows?tab=contacts')
  await page.getByRole('cell', { name: 'Ring Aster' }).waitFor()
  await page.getByRole('cell', { name: 'Make the offer' }).waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('combobox', { name: 'Way' }).selectOption('offer')
  await page.getByRole('cell', { name: 'Ring Aster' }).waitFor({ state: 'detached' })
  await page.getByRole('tab', { name: 'Win-back' }).click()
  await page.getByText('Nobody to win back yet').waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('tab', { name: 'All flows' }).click()
  await page.locator('tbody').getByRole('link', { name: 'Flow' }).click()
  await page.getByRole('tab', { name: 'Result' }).click()
  await page.getByRole('rowheader', { name: 'Ring {customer}' }).waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.goto(`/customers/${customer}?tab=tasks`)
  await page.getByText('Ring Aster').first().waitFor()
  await visitor.close()
})

it('TSK-1: tasks for the customers that are ticked in their table', async () => {
  const visitor = await visit(csm)
  const { page } = visitor
  await page.goto('/customers')
  await page.getByRole('checkbox', { name: /Aster/ }).first().check()
  await page.getByRole('button', { name: 'Create tasks' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Title').fill('Ask for a reference')
  await expectAccessibleInBothThemes(visitor)
  await dialog.getByRole('button', { name: 'Count' }).click()
  await dialog.getByText('Aster').waitFor()
  await dialog.getByRole('button', { name: /^Create 1/ }).click()
  await dialog.waitFor({ state: 'hidden' })
  const { items } = (await csm.call(listTasks, { query: { q: 'Ask for a reference' } })).body
  expect(items.map(task => [task.title, task.customerId, task.assigneeId])).toEqual([
    ['Ask for a reference', customer, csm.memberId],
  ])
  await visitor.close()
})

it('TSK-1: a card is carried over the board by a finger that rests on it', async () => {
  await newTask(csm, { title: 'Carry me' })
  const visitor = await visit(csm, 1024)
  const { page } = visitor
  await page.goto('/tasks?view=board')
  const card = page.locator('.tp-card', { hasText: 'Carry me' })
  const from = (await card.boundingBox())!
  const target = (await page.locator('[data-status="in_progress"]').boundingBox())!
  const session = await visitor.context.newCDPSession(page)
  await session.send('Emulation.setTouchEmulationEnabled', { enabled: true })
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x: number, y: number) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] })
  const start = { x: from.x + 12, y: from.y + from.height - 8 }
  await touch('touchStart', start.x, start.y)
  await card.and(page.locator('[data-carried]')).waitFor()
  const end = { x: target.x + target.width / 2, y: target.y + 60 }
  for (let part = 1; part <= 5; part += 1) {
    await touch('touchMove', start.x + ((end.x - start.x) * part) / 5, start.y + ((end.y - start.y) * part) / 5)
  }
  await page.locator('[data-status="in_progress"][data-aim]').waitFor()
  await touch('touchEnd', end.x, end.y)
  await page.locator('[data-status="in_progress"]').getByText('Carry me').waitFor()
  const { items } = (await csm.call(listTasks, { query: { q: 'Carry me' } })).body
  expect(items[0]!.status).toBe('in_progress')
  await visitor.close()
})

it('the link of a card keeps its token through the sign-in, and no server sees it in an address', async () => {
  const { page, close } = await site.visit({ locale: 'ja' })
  const addresses: string[] = []
  page.on('request', request => addresses.push(request.url()))
  await page.goto('/card#secret-token')
  await page.getByLabel('メールアドレス').fill(csm.email)
  const signIn = new URL(page.url())
  expect([signIn.pathname, signIn.searchParams.get('to'), signIn.hash]).toEqual(['/sign-in', '/card', '#secret-token'])
  await page.getByLabel('パスワード', { exact: true }).fill(testPassword)
  const asked = page.waitForRequest(request => request.postData()?.includes('secret-token') ?? false)
  await page.getByRole('button', { name: 'サインイン', exact: true }).click()
  expect((await asked).postDataJSON()).toEqual({ token: 'secret-token' })
  await page.locator('main [role=alert]').waitFor()
  expect(addresses.filter(address => address.includes('secret-token'))).toEqual([])
  await close()
})
