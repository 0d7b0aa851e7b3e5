import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany, type TestMember } from '../../../tests/support/factories.ts'
import { newCustomer } from '../../../tests/support/facts.ts'
import { type Mailbox, startMailbox } from '../../../tests/support/mailbox.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { updateMe } from '../../platform/identity/contract/account.ts'
import { createTeam } from '../../platform/identity/contract/company.ts'
import { sendWeeklyReports } from './commands/weekly.ts'
import { changePreferences } from './contract/preferences.ts'
import { presetTimes } from './preference.ts'
import { lineWords, weekDue } from './weekly.ts'

const tokyo = 'Asia/Tokyo'
const at = (local: string) => new Date(`${local}:00+09:00`)

describe('ALR-3: when the weekly report is due', () => {
  it('ALR-3: on Mondays at 08:00 where the person is, once a week, never in between', () => {
    expect(weekDue(at('2026-11-30T07:59'), presetTimes, tokyo)).toBeUndefined()
    expect(weekDue(at('2026-11-30T08:00'), presetTimes, tokyo)).toBe('2026-11-30')
    expect(weekDue(at('2026-12-01T07:59'), presetTimes, tokyo)).toBe('2026-11-30')
    expect(weekDue(at('2026-12-01T08:00'), presetTimes, tokyo)).toBeUndefined()
    // 08:00 in New York is 22:00 in Tokyo; clocks went back there on 1 November.
    expect(weekDue(at('2026-11-30T21:59'), presetTimes, 'America/New_York')).toBeUndefined()
    expect(weekDue(at('2026-11-30T22:00'), presetTimes, 'America/New_York')).toBe('2026-11-30')
    expect(weekDue(at('2026-10-26T21:00'), presetTimes, 'America/New_York')).toBe('2026-10-26')
  })

  it('ALR-3: waits over a holiday and longer quiet hours; a preference turns it off', () => {
    // 23 November 2026 is a holiday, a Monday.
    expect(weekDue(at('2026-11-23T08:00'), presetTimes, tokyo)).toBeUndefined()
    expect(weekDue(at('2026-11-24T08:00'), presetTimes, tokyo)).toBe('2026-11-23')
    const late = { ...presetTimes, quiet: { from: '20:00', to: '10:00' } }
    expect(weekDue(at('2026-11-30T09:59'), late, tokyo)).toBeUndefined()
    expect(weekDue(at('2026-11-30T10:00'), late, tokyo)).toBe('2026-11-30')
    expect(weekDue(at('2026-11-30T08:00'), { ...presetTimes, weeklyReport: false }, tokyo)).toBeUndefined()
  })

  it('ALR-3: says the change since last week', () => {
    const line = { id: 'x', name: '甲', owner: '佐藤', score: 72, before: 65, now: 'in', reason: null } as const
    expect(lineWords(line).text).toEqual({
      ja: '解約スコア 72（先週比 +7） ・ 担当: 佐藤',
      en: 'Churn score 72 (+7 since last week) · CSM: 佐藤',
    })
    expect(lineWords({ ...line, before: null, owner: null }).text.en).toBe(
      'Churn score 72 (no score last week) · CSM: nobody',
    )
    const reason = { ja: 'ログイン日数が21日から4日に下がりました', en: 'Login days fell from 21 to 4' }
    expect(lineWords({ ...line, reason }).text.ja).toContain('先週比 +7） ・ 主な理由: ログイン日数が21日から4日')
    expect(lineWords({ ...line, score: 58, now: 'below' }).text.ja).toContain('先週比 −7） ・ 60未満に低下')
  })
})

describe('ALR-3: the weekly report by mail', () => {
  let application: TestApplication
  let company: TestCompany
  let mailbox: Mailbox
  let csm: TestMember
  let other: TestMember
  const monday = at('2026-11-30T08:00')
  const weekBefore = at('2026-11-23T08:00')

  beforeAll(async () => {
    mailbox = await startMailbox()
    const from = { name: 'Kizuna', address: 'no-reply@kizuna.test' }
    application = await testApplication({ smtp: { url: mailbox.url, from }, privateTargets: ['127.0.0.1'] })
  })
  beforeEach(async () => {
    company = await newCompany(application)
    csm = await newMember(company, 'csm', { name: '佐藤 美咲' })
    other = await newMember(company, 'csm', { name: '鈴木 一郎' })
    mailbox.received.length = 0
  })
  afterAll(async () => {
    await application.end()
    await mailbox.close()
  })

  /** Customers with their churn scores, all of one CSM. */
  async function customers(owner: TestMember, scores: Record<string, number>): Promise<void> {
    for (const [name, score] of Object.entries(scores)) {
      const id = await newCustomer(company, { name, ownerId: owner.memberId })
      await asSystem(company, ctx =>
        sql`update customer set churn_score = ${score} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
          ctx.tx,
        ),
      )
    }
  }
  const become = (name: string, score: number) =>
    asSystem(company, ctx =>
      sql`update customer set churn_score = ${score} where tenant_id = ${ctx.tenantId} and name = ${name}`.execute(
        ctx.tx,
      ),
    )
  const send = async (now: Date) => {
    const sent = await asSystem(company, ctx => sendWeeklyReports({ ...ctx, now }))
    await finishJobs(application)
    return sent
  }
  const mailOf = (member: TestMember) => mailbox.received.filter(mail => mail.envelope.to.includes(member.email))

  it('ALR-3: tells a CSM of their own customers from 60 to 79, with the change, once', async () => {
    await customers(csm, { 五九: 59, 六〇: 60, 七九: 79, 八〇: 80, 下がる: 70, 上がる: 75 })
    await customers(other, { よその: 70 })
    // The week before is a holiday: its scores are kept all the same.
    expect(await send(weekBefore)).toBe(0)
    await become('六〇', 66)
    await become('五九', 61)
    await become('下がる', 40)
    await become('上がる', 92)
    expect(await send(monday)).toBe(2)
    expect(await send(new Date(monday.getTime() + 900_000))).toBe(0)
    const [mail, ...others] = mailOf(csm)
    expect(others).toEqual([])
    expect(mail!.subject).toBe('週次レポート（2026-11-30）: 解約スコア60〜79の顧客')
    const text = mail!.text!.replaceAll('\r\n', '\n')
    expect(text).toContain('あわせて5社です')
    expect(text.match(/■ (.*)\n(.*)/g)).toEqual([
      '■ 七九\n解約スコア 79（先週比 ±0） ・ 担当: 佐藤 美咲',
      '■ 六〇\n解約スコア 66（先週比 +6） ・ 担当: 佐藤 美咲',
      '■ 五九\n解約スコア 61（先週比 +2） ・ 担当: 佐藤 美咲',
      '■ 上がる\n解約スコア 92（先週比 +17） ・ 80以上に上昇 ・ 担当: 佐藤 美咲',
      '■ 下がる\n解約スコア 40（先週比 −30） ・ 60未満に低下 ・ 担当: 佐藤 美咲',
    ])
    expect(mailOf(other)[0]!.text).toContain('よその')
    expect(mailOf(company.admin)).toEqual([])
  })

  it('ALR-3: tells a CS manager of the team’s customers, and of everybody’s where they are in no team', async () => {
    const manager = await newMember(company, 'cs_manager')
    const alone = await newMember(company, 'cs_manager')
    const memberIds = [manager.memberId, csm.memberId]
    expect((await company.admin.call(createTeam, { body: { name: '東', memberIds } })).status).toBe(201)
    await customers(csm, { チームの: 65 })
    await customers(other, { チーム外の: 65 })
    expect(await send(monday)).toBe(4)
    expect([mailOf(manager)[0]!.text!.includes('チームの'), mailOf(manager)[0]!.text!.includes('チーム外の')]).toEqual([
      true,
      false,
    ])
    expect(mailOf(alone)[0]!.text).toContain('チーム外の')
  })

  it('CHN-2: tells a head of CS of the 50 highest scores of all, whatever they are', async () => {
    const head = await newMember(company, 'head_of_cs')
    const scores = Object.fromEntries(Array.from({ length: 53 }, (_, place) => [`顧客${place}号`, place + 1]))
    await customers(csm, scores)
    await send(monday)
    const [mail, ...others] = mailOf(head)
    expect([others.length, mail!.subject]).toEqual([0, '週次レポート（2026-11-30）: 解約スコアの高い顧客'])
    const names = mail!.text!.match(/■ .*/g)!.map(line => line.trim())
    expect([names.length, names[0], names[49]]).toEqual([50, '■ 顧客52号', '■ 顧客3号'])
  })

  it('ALR-3: in English, without a mail where there is nothing to say, and not to who turned it off', async () => {
    await customers(csm, { 'O’Neill <Co>': 65 })
    expect((await csm.call(updateMe, { body: { locale: 'en' } })).status).toBe(204)
    expect(await send(monday)).toBe(1)
    const [mail] = mailOf(csm)
    expect(mail!.subject).toBe('Weekly report (2026-11-30): churn scores of 60 to 79')
    expect(mail!.text).toContain('Churn score 65 (no score last week) · CSM: 佐藤 美咲')
    expect(mail!.html).toContain('O’Neill &#60;Co&#62;')
    expect(mailOf(other)).toEqual([])
    const nextWeek = at('2026-12-07T08:00')
    await csm.call(changePreferences, { body: { times: { ...presetTimes, weeklyReport: false } } })
    expect(await send(nextWeek)).toBe(0)
  })
})
