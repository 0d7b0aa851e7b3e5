import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, newPerson, stranger, testPassword } from '../../../tests/support/factories.ts'
import { finishJobs, mailsTo } from '../../../tests/support/mails.ts'
import { listAuditEntries } from '../administration/contract/audit.ts'
import * as account from './contract/account.ts'
import { inviteMember, listMembers } from './contract/company.ts'

let application: TestApplication

beforeAll(async () => {
  application = await testApplication()
})
afterAll(() => application.end())

const signUpBody = (email: string) => ({
  company: '株式会社みなとみらい',
  slug: 'minato-mirai',
  name: '佐藤 美咲',
  email,
  password: testPassword,
  locale: 'ja',
})

const nobody = () => stranger(application)

describe('sign-up (TEN-1)', () => {
  it('provisions company, administrator and audit chain, and lets in after the address is confirmed', async () => {
    const caller = nobody()
    const email = 'sato@minato.example'
    expect((await caller.call(account.signUp, { body: signUpBody(email) })).status).toBe(202)
    const [mail] = await mailsTo(application, email)
    expect(mail?.kind).toBe('verify_email')
    const early = await caller.call(account.signIn, { body: { email, password: testPassword } })
    expect(early.status).toBe(401)
    expect((await caller.call(account.verifyEmail, { body: { token: mail!.token } })).body).toEqual({ email })
    expect((await caller.call(account.signIn, { body: { email, password: testPassword } })).body).toEqual({
      state: 'signed_in',
    })
    const session = await caller.call(account.getSession)
    expect(session.body).toMatchObject({
      tenant: { slug: 'minato-mirai', currency: 'JPY' },
      member: { role: 'administrator' },
    })
    await finishJobs(application)
    const log = await caller.call(listAuditEntries)
    expect(log.body.items.map(entry => entry.action)).toEqual(
      expect.arrayContaining(['company.created', 'member.joined', 'session.signed_in']),
    )
  })

  it('answers a known address as a new one, writes to its owner, and makes nothing (A7)', async () => {
    const fresh = await nobody().call(account.signUp, { body: signUpBody('new@minato.example') })
    const known = await nobody().call(account.signUp, {
      body: { ...signUpBody('sato@minato.example'), company: 'Fake' },
    })
    expect([known.status, known.text]).toEqual([fresh.status, fresh.text])
    expect((await mailsTo(application, 'sato@minato.example')).at(-1)?.kind).toBe('account_exists')
    const [mail] = await mailsTo(application, 'new@minato.example')
    await nobody().call(account.verifyEmail, { body: { token: mail!.token } })
    const { rows } = await application.pool.query(`select slug from tenant_directory order by slug`)
    expect(rows.map(row => row.slug)).toEqual(['minato-mirai', 'minato-mirai-2'])
  })

  it('makes one company of a form that was sent twice, and of a link that is opened twice', async () => {
    const caller = nobody()
    const email = 'twice@example.test'
    const body = { ...signUpBody(email), slug: 'twice' }
    await Promise.all([1, 2, 3].map(() => caller.call(account.signUp, { body })))
    const tokens = (await mailsTo(application, email)).map(mail => mail.token)
    const answers = await Promise.all(
      [...tokens, ...tokens].map(token => nobody().call(account.verifyEmail, { body: { token } })),
    )
    expect(answers.map(answer => answer.status)).toEqual(Array(6).fill(200))
    const { rows } = await application.pool.query(
      `select count(*)::int as n from tenant_directory where slug like 'twice%'`,
    )
    expect(rows[0].n).toBe(1)
  })

  it('lets nobody plant an account for somebody else: the link that is opened decides', async () => {
    const email = 'victim@example.test'
    const planted = { ...signUpBody(email), company: 'Planted', slug: 'planted', password: 'the attacker knows' }
    await nobody().call(account.signUp, { body: planted })
    await finishJobs(application)
    await nobody().call(account.signUp, { body: { ...signUpBody(email), slug: 'honest' } })
    const own = (await mailsTo(application, email)).at(-1)!
    await nobody().call(account.verifyEmail, { body: { token: own.token } })
    const intruder = await nobody().call(account.signIn, { body: { email, password: planted.password } })
    expect(intruder.status).toBe(401)
    const owner = nobody()
    expect((await owner.call(account.signIn, { body: { email, password: testPassword } })).status).toBe(200)
    expect((await owner.call(account.getSession)).body.tenant?.slug).toBe('honest')
  })

  it('fills nobody’s mailbox: five mails an hour to one address', async () => {
    const email = 'flooded@example.test'
    for (let count = 0; count < 8; count++) await nobody().call(account.signUp, { body: signUpBody(email) })
    expect(await mailsTo(application, email)).toHaveLength(5)
    expect((await nobody().call(account.resendVerification, { body: { email } })).status).toBe(202)
    expect(await mailsTo(application, email)).toHaveLength(5)
  })

  it('keeps neither password nor address of a waiting sign-up readable (E1)', async () => {
    await nobody().call(account.signUp, { body: signUpBody('waiting@example.test') })
    const { rows } = await application.pool.query(`select string_agg(payload::text, ' ') as text from job`)
    expect(rows[0].text).not.toMatch(/waiting@example|argon2/)
  })

  it('says what is wrong with each field, in the caller’s language (B9)', async () => {
    const body = { ...signUpBody('no-address'), slug: '-', password: 'password1' }
    const english = await nobody().call(account.signUp, { body, headers: { 'accept-language': 'en' } })
    expect(english.status).toBe(422)
    expect(english.problem.errors?.map(error => error.path)).toEqual(['body.slug', 'body.email'])
    const common = await nobody().call(account.signUp, {
      body: { ...signUpBody('ok@example.test'), password: 'password1' },
    })
    expect(common.problem.errors?.[0]).toMatchObject({ path: 'body.password' })
    expect(common.problem.detail).toContain('よく使われる')
  })
})

describe('sign-in', () => {
  it('says the same for a wrong password and an unknown address (A7)', async () => {
    const { email } = await newPerson(application)
    const answers = [
      await nobody().call(account.signIn, { body: { email, password: 'wrong password' } }),
      await nobody().call(account.signIn, { body: { email: 'nobody@example.test', password: 'wrong password' } }),
    ]
    expect(new Set(answers.map(answer => JSON.stringify({ ...answer.problem, requestId: '' }))).size).toBe(1)
    expect(answers[0]?.problem.code).toBe('unauthenticated')
  })

  it('slows down a thousand guesses, whatever X-Forwarded-For says, and never the owner elsewhere (B3)', async () => {
    const { email } = await newPerson(application)
    const owner = nobody()
    await owner.call(account.signIn, { body: { email, password: testPassword } })
    const attacker = nobody()
    const statuses: number[] = []
    for (let guess = 0; guess < 14; guess++) {
      const headers = { 'x-forwarded-for': `203.0.113.${guess}` }
      statuses.push(
        (await attacker.call(account.signIn, { headers, body: { email, password: `wrong ${guess}` } })).status,
      )
    }
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401))
    expect(statuses.slice(10)).toEqual(Array(4).fill(429))
    expect((await attacker.call(account.signIn, { body: { email, password: testPassword } })).status).toBe(429)
    for (let network = 0; network < 6; network++) {
      const bot = nobody()
      for (let guess = 0; guess < 9; guess++) await bot.call(account.signIn, { body: { email, password: 'wrong' } })
    }
    expect((await nobody().call(account.signIn, { body: { email, password: testPassword } })).status).toBe(429)
    expect((await owner.call(account.signIn, { body: { email, password: testPassword } })).status).toBe(200)
  })

  it('believes X-Forwarded-For of a configured proxy only', async () => {
    const behind = await testApplication({ trustedProxies: ['10.0.0.0/8'] })
    const { email } = await newPerson(behind)
    const statuses: number[] = []
    for (let guess = 0; guess < 24; guess++) {
      const answer = await new Caller(behind).send({
        method: 'POST',
        url: '/api/v1/session',
        remoteAddress: '10.1.1.1',
        headers: { 'x-forwarded-for': `203.0.113.${guess % 2}` },
        payload: { email, password: 'wrong' },
      })
      statuses.push(answer.status)
    }
    expect(statuses.filter(status => status === 401)).toHaveLength(20)
    await behind.end()
  })

  it('gives each sign-in a token of its own, in a cookie that scripts cannot read (B1, B2)', async () => {
    const { email } = await newPerson(application)
    const caller = nobody()
    const first = await caller.call(account.signIn, { body: { email, password: testPassword } })
    expect(first.headers['set-cookie']).toMatch(/^kizuna=kzs_[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/)
    const before = caller.cookie
    await caller.call(account.signIn, { body: { email, password: testPassword } })
    expect(caller.cookie).not.toBe(before)
    await caller.call(account.signOut)
    expect(caller.cookie).toBeUndefined()
    const { rows } = await application.pool.query(`select encode(token_hash, 'escape') as hash from user_session`)
    expect(JSON.stringify(rows)).not.toContain('kzs_')
  })
})

describe('second factor (B4)', () => {
  it('is set up, asked for, works once per code, and leaves no way around it', async () => {
    const company = await newCompany(application)
    const { admin } = company
    const started = await admin.call(account.startSecondFactor, { body: { password: testPassword } })
    const app = new TOTP({ secret: Secret.fromBase32(started.body.secret) })
    const { rows } = await application.pool.query('select second_factor_box from app_user where id = $1', [
      admin.userId,
    ])
    expect(rows[0].second_factor_box).not.toContain(started.body.secret)
    const enabled = await admin.call(account.enableSecondFactor, { body: { code: app.generate() } })
    expect(enabled.body.recoveryCodes).toHaveLength(10)

    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
    const half = nobody()
    const answer = await half.call(account.signIn, { body: { email: admin.email, password: testPassword } })
    expect(answer.body).toEqual({ state: 'second_factor' })
    expect((await half.call(listMembers)).problem.code).toBe('second_factor_required')
    expect((await half.call(account.listMySessions)).problem.code).toBe('second_factor_required')
    expect(
      (await half.call(account.disableSecondFactor, { body: { password: testPassword, code: '123456' } })).status,
    ).toBe(401)
    expect((await half.call(account.getSession)).body).toMatchObject({ state: 'second_factor', tenants: [] })

    const code = app.generate({ timestamp: Date.now() })
    const tries = await Promise.all(
      Array.from({ length: 5 }, () => {
        const copy = nobody()
        copy.cookie = half.cookie
        return copy.call(account.confirmSecondFactor, { body: { code } }).then(result => ({ result, copy }))
      }),
    )
    vi.useRealTimers()
    const winners = tries.filter(({ result }) => result.status === 200)
    expect(winners).toHaveLength(1)
    expect((await winners[0]!.copy.call(listMembers)).status).toBe(200)
    expect((await half.call(account.getSession)).status).toBe(401)
  })

  it('accepts a recovery code once, and stops guessing after five tries', async () => {
    const { admin } = await newCompany(application)
    const started = await admin.call(account.startSecondFactor, { body: { password: testPassword } })
    const app = new TOTP({ secret: Secret.fromBase32(started.body.secret) })
    const { recoveryCodes } = (await admin.call(account.enableSecondFactor, { body: { code: app.generate() } })).body
    const signInHalf = async () => {
      const caller = nobody()
      await caller.call(account.signIn, { body: { email: admin.email, password: testPassword } })
      return caller
    }
    expect(
      (await (await signInHalf()).call(account.confirmSecondFactor, { body: { code: recoveryCodes[0] } })).status,
    ).toBe(200)
    expect(
      (await (await signInHalf()).call(account.confirmSecondFactor, { body: { code: recoveryCodes[0] } })).status,
    ).toBe(422)
    const guesser = await signInHalf()
    const statuses: number[] = []
    for (let guess = 0; guess < 6; guess++) {
      statuses.push((await guesser.call(account.confirmSecondFactor, { body: { code: `00000${guess}` } })).status)
    }
    expect(statuses.at(-1)).toBe(429)
  })
})

describe('password', () => {
  it('is reset by a link that works once; sessions end; an unknown address gets the same answer', async () => {
    const { admin } = await newCompany(application)
    const caller = nobody()
    const asked = await caller.call(account.requestPasswordReset, { body: { email: admin.email } })
    const unknown = await caller.call(account.requestPasswordReset, { body: { email: 'nobody@example.test' } })
    expect([asked.status, asked.text]).toEqual([unknown.status, unknown.text])
    const [mail] = await mailsTo(application, admin.email)
    const password = 'まったく新しい合言葉'
    expect((await caller.call(account.resetPassword, { body: { token: mail!.token, password } })).status).toBe(204)
    expect((await caller.call(account.resetPassword, { body: { token: mail!.token, password } })).problem.code).toBe(
      'expired',
    )
    expect((await admin.call(account.getSession)).status).toBe(401)
    expect((await caller.call(account.signIn, { body: { email: admin.email, password } })).status).toBe(200)
    expect((await mailsTo(application, admin.email)).at(-1)?.kind).toBe('password_changed')
  })

  it('is changed with the old one; other sessions end, this one is renewed', async () => {
    const { admin } = await newCompany(application)
    const other = nobody()
    await other.call(account.signIn, { body: { email: admin.email, password: testPassword } })
    const wrong = await admin.call(account.changePassword, { body: { current: 'x', password: 'another one 1' } })
    expect(wrong.problem.errors?.[0]?.path).toBe('body.current')
    const before = admin.cookie
    const changed = await admin.call(account.changePassword, {
      body: { current: testPassword, password: 'another one 1' },
    })
    expect(changed.status).toBe(204)
    expect(admin.cookie).not.toBe(before)
    expect((await other.call(account.getSession)).status).toBe(401)
    expect((await admin.call(account.getSession)).status).toBe(200)
  })

  it('does not take a token of another purpose (D4)', async () => {
    const company = await newCompany(application)
    await company.admin.call(inviteMember, { body: { email: 'purpose@example.test', role: 'csm' } })
    const [mail] = await mailsTo(application, 'purpose@example.test')
    const body = { token: mail!.token, password: 'long enough 1' }
    expect((await nobody().call(account.resetPassword, { body })).problem.code).toBe('expired')
    expect((await nobody().call(account.verifyEmail, { body: { token: mail!.token } })).problem.code).toBe('expired')
  })
})
