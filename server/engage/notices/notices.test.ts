import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import {
  asSystem,
  newCompany,
  newKey,
  newMember,
  type TestCompany,
  type TestMember,
} from '../../../tests/support/factories.ts'
import { finishJobs, mailsTo } from '../../../tests/support/mails.ts'
import { type NewNotice, notify } from './commands/notify.ts'
import { releaseHeld } from './commands/release.ts'
import { countNotices } from './contract/counts.ts'
import { listDeliveries } from './contract/deliveries.ts'
import { listNotices, readNotices } from './contract/inbox.ts'
import { changePreferences, readPreferences } from './contract/preferences.ts'
import { presetTimes } from './preference.ts'

let application: TestApplication
let company: TestCompany
let csm: TestMember

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
  csm = await newMember(company, 'csm')
})
afterAll(() => application.end())

const thursdayNoon = new Date('2026-11-26T12:00:00+09:00')
const thursdayNight = new Date('2026-11-26T22:00:00+09:00')

/** Tells at a moment; jobs of later moments stay. */
function tell(moment: Date, wishes: Partial<NewNotice> = {}): Promise<number> {
  return asSystem(company, ctx =>
    notify({ ...ctx, now: moment }, [
      {
        topic: 'risk',
        severity: 'high',
        title: { ja: '健全度がRed: 東和', en: 'Health is Red: Towa' },
        text: { ja: '健全度: 38（40未満）', en: 'Health score: 38 (below 40)' },
        link: '/alerts?open=1',
        key: 'k',
        to: { members: [csm.memberId] },
        ...wishes,
      },
    ]),
  )
}

async function log(query: Record<string, string> = {}) {
  const { body } = await company.admin.call(listDeliveries, { query })
  return body.items.map(({ way, state, reason, recipientName }) => [way, state, reason, recipientName !== null])
}

describe('ALR-4 notices', () => {
  it('reach a person in the product and by mail at once, in their language, and once by their key', async () => {
    expect([await tell(thursdayNoon), await tell(thursdayNoon)]).toEqual([1, 0])
    expect((await csm.call(countNotices)).body).toEqual({ unread: 1 })
    expect((await company.admin.call(countNotices)).body).toEqual({ unread: 0 })
    const { items } = (await csm.call(listNotices, { query: {} })).body
    expect(items).toMatchObject([{ severity: 'high', title: { en: 'Health is Red: Towa' }, readAt: null }])
    const [mail, ...others] = await mailsTo(application, csm.email)
    expect(others).toEqual([])
    expect(mail).toMatchObject({ kind: 'notice', subject: '健全度がRed: 東和' })
    expect(mail!.text).toContain('健全度: 38（40未満）')
    expect(mail!.text).toContain('/alerts?open=1')
    expect(await log()).toEqual([
      ['mail', 'sent', null, true],
      ['in_app', 'sent', null, true],
    ])
    expect((await csm.call(readNotices, { body: { ids: [items[0]!.id] } })).body).toEqual({ read: 1 })
    expect((await csm.call(readNotices, { body: {} })).body).toEqual({ read: 0 })
    expect((await csm.call(countNotices)).body).toEqual({ unread: 0 })
  })

  it('a name with markup stays a text in the mail', async () => {
    await tell(thursdayNoon, { title: { ja: '<b>甲</b>', en: 'x' }, text: { ja: '一行目\n<script>', en: 'x' } })
    const [mail] = await mailsTo(application, csm.email)
    expect(mail!.html).not.toContain('<script>')
    expect(mail!.html).toContain('一行目<br>&#60;script&#62;')
  })

  it('keep to what a person chose: nothing, the product only, the digest', async () => {
    const chosen = await csm.call(changePreferences, {
      body: { choices: [{ topic: 'risk', severity: 'high', inApp: false, mail: 'off' }] },
    })
    expect(chosen.body.choices).toHaveLength(36)
    expect(chosen.body.choices.find(each => each.topic === 'risk' && each.severity === 'high')).toMatchObject({
      mail: 'off',
    })
    await tell(thursdayNoon)
    expect(await mailsTo(application, csm.email)).toEqual([])
    expect(await log()).toEqual([
      ['mail', 'skipped', 'preference', true],
      ['in_app', 'skipped', 'preference', true],
    ])
    expect((await csm.call(countNotices)).body.unread).toBe(0)
    expect((await company.admin.call(readPreferences)).body).toMatchObject({
      times: presetTimes,
      timeZone: 'Asia/Tokyo',
    })
  })

  it('several of a day come as one digest, the gravest first; a preset digest waits for its time', async () => {
    await tell(thursdayNoon, { key: 'a', severity: 'medium', title: { ja: '中の件', en: 'Medium' } })
    await tell(thursdayNoon, { key: 'b', severity: 'high', pace: 'digest', title: { ja: '高の件', en: 'High' } })
    expect(await log({ state: 'held', way: 'mail' })).toEqual([
      ['mail', 'held', 'digest', true],
      ['mail', 'held', 'digest', true],
    ])
    const release = (moment: string) => asSystem(company, ctx => releaseHeld({ ...ctx, now: new Date(moment) }))
    expect(await release('2026-11-27T08:59:00+09:00')).toBe(0)
    expect(await release('2026-11-27T09:00:00+09:00')).toBe(1)
    expect(await release('2026-11-27T09:00:00+09:00')).toBe(0)
    const mails = await mailsTo(application, csm.email)
    expect(mails.map(mail => [mail.kind, mail.subject])).toEqual([['notice_digest', 'お知らせ2件のまとめ']])
    expect(mails[0]!.text.indexOf('高の件')).toBeLessThan(mails[0]!.text.indexOf('中の件'))
    expect(await log({ way: 'mail' })).toEqual([
      ['mail', 'sent', null, true],
      ['mail', 'sent', null, true],
    ])
  })

  it('wait in quiet hours and on days off, critical ones by choice', async () => {
    await tell(thursdayNight, { key: 'a' })
    await tell(thursdayNight, { key: 'b', severity: 'critical' })
    await csm.call(changePreferences, { body: { times: { ...presetTimes, criticalPasses: false } } })
    await tell(thursdayNight, { key: 'c', severity: 'critical' })
    await csm.call(changePreferences, {
      body: { times: { ...presetTimes, quiet: null, workingDays: [1, 2, 3, 5, 6, 7] } },
    })
    await tell(thursdayNight, { key: 'd' })
    const { items } = (await company.admin.call(listDeliveries, { query: { way: 'mail' } })).body
    const held = items.map(({ state, reason, heldUntil }) => [
      state,
      reason,
      heldUntil && new Date(heldUntil).toISOString(),
    ])
    expect(held.sort()).toEqual([
      ['held', 'quiet_hours', '2026-11-26T15:00:00.000Z'],
      ['held', 'quiet_hours', '2026-11-26T23:00:00.000Z'],
      ['held', 'quiet_hours', '2026-11-26T23:00:00.000Z'],
      ['sent', null, null],
    ])
    expect((await csm.call(countNotices)).body.unread).toBe(4)
  })

  it('what is held is let go by a job of its moment, and not to somebody who has left', async () => {
    await tell(thursdayNight, { key: 'a' })
    const { rows } = await application.pool.query(
      "select run_at from job where tenant_id = $1 and name = 'notices.release' order by run_at",
      [company.tenantId],
    )
    expect(rows.map(row => row.run_at.toISOString())).toContain('2026-11-26T23:00:00.000Z')
    await asSystem(company, async ctx => {
      await sql`delete from member where tenant_id = ${ctx.tenantId} and id = ${csm.memberId}`.execute(ctx.tx)
    })
    await asSystem(company, ctx => releaseHeld({ ...ctx, now: new Date('2026-11-27T08:00:00+09:00') }))
    await finishJobs(application)
    expect(await log({ way: 'mail' })).toEqual([['mail', 'skipped', 'member_left', false]])
  })

  it('a notice of a transaction that failed is none', async () => {
    await asSystem(company, async ctx => {
      await notify(ctx, [])
      throw new Error('no')
    }).catch(() => {})
    await expect(
      asSystem(company, async ctx => {
        await notify({ ...ctx, now: thursdayNoon }, [
          {
            topic: 'risk',
            severity: 'high',
            title: { ja: 'x', en: 'x' },
            text: { ja: 'x', en: 'x' },
            link: '/',
            key: 'z',
            to: { members: [csm.memberId] },
          },
        ])
        throw new Error('rolled back')
      }),
    ).rejects.toThrow('rolled back')
    expect((await csm.call(countNotices)).body.unread).toBe(0)
    expect(await mailsTo(application, csm.email)).toEqual([])
  })

  it('are for people: a program has none, and times that are none are refused', async () => {
    const key = await newKey(company, 'administrator')
    expect((await key.call(listNotices, { query: {} })).status).toBe(403)
    const wrong = await csm.call(changePreferences, {
      body: { times: { ...presetTimes, digestAt: '25:00', workingDays: [] } },
    })
    expect([wrong.status, wrong.problem.errors?.map(({ path }) => path).sort()]).toEqual([
      422,
      ['body.times.digestAt', 'body.times.workingDays'],
    ])
  })
})
