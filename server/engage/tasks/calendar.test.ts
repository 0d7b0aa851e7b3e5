import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, newKey, newMember, stranger, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, newCustomer } from '../../../tests/support/facts.ts'
import { newTask } from '../../../tests/support/tasks.ts'
import { createCalendarLink, listCalendarLinks, revokeCalendarLink } from './contract/calendar.ts'

let application: TestApplication
let company: TestCompany
beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
})
afterAll(() => application.end())

/** Reads a calendar as RFC 5545 says: lines are unfolded, names split off, texts unescaped. */
function parsed(text: string): Record<string, string>[] {
  expect(text.endsWith('\r\n')).toBe(true)
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
  expect(text.replace(/\r\n/g, '')).not.toMatch(/[\r\n]/)
  const events: Record<string, string>[] = []
  for (const line of text
    .replace(/\r\n[ \t]/g, '')
    .trimEnd()
    .split('\r\n')) {
    const [name, value] = [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]
    if (name === 'BEGIN' && value === 'VEVENT') events.push({})
    else if (events.length > 0)
      events.at(-1)![name] ??= value.replace(/\\([\\;,nN])/g, (_, c) => (c === 'n' ? '\n' : c))
  }
  return events
}

const read = (address: string) =>
  stranger(application).send({ method: 'GET', url: address.replace(/^https?:\/\/[^/]+/, '') })

describe('TSK-1: calendar feed', () => {
  it('TSK-1: shows one’s own open tasks with a due day, well-formed, until the address is revoked', async () => {
    const csm = await newMember(company, 'csm')
    const customer = await newCustomer(company, { name: '東和,工業', ownerId: csm.memberId })
    const title = '更新の提案; 「長い題名」を折り返しても文字が壊れないことを確かめるための、とても長いタスクの題名です'
    const whole = await newTask(csm, {
      title,
      customerId: customer,
      description: '一行目\n二行目, 続き\\',
      dueOn: dayAgo(-1),
    })
    const timed = await newTask(csm, { title: '会議', dueOn: dayAgo(-2), dueTime: '09:30', priority: 'urgent' })
    await newTask(csm, { title: '期限なし' })
    await newTask(company.admin, { title: 'ほかの人', dueOn: dayAgo(-1) })
    const made = await csm.call(createCalendarLink, { body: { name: 'Google' } })
    expect(made.status).toBe(201)
    const answer = await read(made.body.address)
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8'])
    expect(answer.text).toMatch(/^BEGIN:VCALENDAR\r\nVERSION:2\.0\r\nPRODID:/)
    const [first, second, ...rest] = parsed(answer.text)
    expect(rest).toEqual([])
    expect(first).toMatchObject({
      UID: `task-${whole.id}@kizuna`,
      SUMMARY: `${title}（東和,工業）`,
      DESCRIPTION: `一行目\n二行目, 続き\\\n${application.installation.address}/tasks?open=${whole.id}`,
      'DTSTART;VALUE=DATE': dayAgo(-1).replaceAll('-', ''),
      'DTEND;VALUE=DATE': dayAgo(-2).replaceAll('-', ''),
    })
    expect(first!.DTSTAMP).toMatch(/^\d{8}T\d{6}Z$/)
    expect(second).toMatchObject({
      UID: `task-${timed.id}@kizuna`,
      DTSTART: `${dayAgo(-2).replaceAll('-', '')}T003000Z`,
      PRIORITY: '1',
    })
    const own = async () => (await csm.call(listCalendarLinks)).body.items
    // The answer does not wait for the note of its use.
    await expect.poll(own).toMatchObject([{ name: 'Google', lastUsedAt: expect.any(String) }])
    const links = await own()
    expect(JSON.stringify(links)).not.toContain('kzc_')
    const params = { id: made.body.id }
    expect((await company.admin.call(revokeCalendarLink, { params })).status).toBe(404)
    expect((await csm.call(revokeCalendarLink, { params })).status).toBe(204)
    expect((await read(made.body.address)).status).toBe(404)
    expect((await read('/api/v1/tasks/calendar.ics?token=kzc_nothing')).status).toBe(404)
  })

  it('TSK-1: programs have none', async () => {
    const key = await newKey(company, 'administrator')
    expect((await key.call(createCalendarLink, { body: { name: 'x' } })).status).toBe(403)
  })
})
