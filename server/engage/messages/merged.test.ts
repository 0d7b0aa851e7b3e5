import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { writeContacts, writeTemplate } from '../../../tests/support/messages.ts'
import { updateContacts } from '../../customers/contacts/commands/save.ts'
import { merge, undoMerge } from '../../customers/duplicates/contract.ts'

let application: TestApplication
let company: TestCompany
let parts: { topic: string; template: string }

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  parts = await writeTemplate(company)
})
afterAll(() => application.end())

const choose = (contactId: string, subscribed: boolean) =>
  asSystem(company, ctx =>
    sql`insert into topic_choice (tenant_id, contact_id, topic_id, subscribed, at, via)
      select ${ctx.tenantId}, ${contactId}, t.id, ${subscribed}, ${ctx.now}, 'one_click' from message_topic t
      where t.tenant_id = ${ctx.tenantId} and t.id = ${parts.topic}`.execute(ctx.tx),
  )
const wishesOf = async (contactId: string) =>
  (
    await asSystem(company, ctx =>
      sql<{ state: string; consent: string; topics: boolean[] }>`
        select c.email_state as state, c.email_consent as consent, array(select o.subscribed from topic_choice o
          where o.tenant_id = ${ctx.tenantId} and o.contact_id = c.id) as topics
        from contact c where c.tenant_id = ${ctx.tenantId} and c.id = ${contactId}`.execute(ctx.tx),
    )
  ).rows[0]!
const write = (id: string, values: object) => asSystem(company, ctx => updateContacts(ctx, [{ id, values }]))

async function joined(keptId: string, mergedId: string): Promise<string> {
  const done = await company.admin.call(merge, { body: { record: 'contact', keptId, mergedId } })
  expect(done.status).toBe(201)
  return done.body.id
}

describe('EML-2: contacts that are merged', () => {
  it('EML-2: keep what either of them turned off, and undoing gives back what was', async () => {
    const [kept, gone, other] = await writeContacts(company, 3)
    await choose(kept!, true)
    await choose(gone!, false)
    await write(kept!, { emailState: 'SUBSCRIBED', emailConsent: 'GRANTED' })
    await write(gone!, { emailState: 'UNSUBSCRIBED', emailConsent: 'DENIED' })
    const before = await wishesOf(kept!)
    const id = await joined(kept!, gone!)
    expect(await wishesOf(kept!)).toEqual({ state: 'UNSUBSCRIBED', consent: 'DENIED', topics: [false] })
    expect((await company.admin.call(undoMerge, { params: { id } })).status).toBe(204)
    expect(await wishesOf(kept!)).toEqual(before)
    expect(await wishesOf(gone!)).toEqual({ state: 'UNSUBSCRIBED', consent: 'DENIED', topics: [false] })

    // Where the kept one had chosen nothing, it has nothing again.
    const second = await joined(other!, gone!)
    expect((await wishesOf(other!)).topics).toEqual([false])
    expect((await company.admin.call(undoMerge, { params: { id: second } })).status).toBe(204)
    expect((await wishesOf(other!)).topics).toEqual([])
  })

  it('EML-2: an address that bounced stays with its record, and consent is not made of what nobody said', async () => {
    const [kept, gone] = await writeContacts(company, 2)
    await write(kept!, { emailState: 'SUBSCRIBED', emailConsent: 'UNKNOWN' })
    await write(gone!, { emailState: 'BOUNCED', emailConsent: 'GRANTED' })
    await joined(kept!, gone!)
    expect(await wishesOf(kept!)).toEqual({ state: 'SUBSCRIBED', consent: 'UNKNOWN', topics: [] })
  })
})
