import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { testOrigin } from '../../../tests/support/factories.ts'
import { type Mailbox, startMailbox } from '../../../tests/support/mailbox.ts'
import { inAccount } from '../tenancy/transaction.ts'
import { deliver } from './client.ts'
import { queueMail } from './queue.ts'
import { sendMail } from './send.ts'

let mailbox: Mailbox
let application: TestApplication

beforeAll(async () => {
  mailbox = await startMailbox()
  const from = { name: 'Kizuna', address: 'no-reply@kizuna.test' }
  application = await testApplication({ smtp: { url: mailbox.url, from } })
})
afterAll(async () => {
  await application.end()
  await mailbox.close()
})
beforeEach(() => {
  mailbox.behave({ kind: 'accept' })
  mailbox.received.length = 0
})

async function queued(to: string): Promise<string> {
  return inAccount(application.installation, testOrigin(), async account => {
    await queueMail(account, to, 'ja', { kind: 'reset_password', name: '<b>山田</b> 太郎', token: 'kzr_token' })
    const { rows } = await sql<{
      id: string
    }>`select id from system_mail order by created_at desc, id desc limit 1`.execute(account.tx)
    return rows[0]!.id
  })
}

async function stateOf(id: string): Promise<{ state: string; last_error: string | null; attempts: number }> {
  const { rows } = await application.pool.query('select state, last_error, attempts from system_mail where id = $1', [
    id,
  ])
  return rows[0]
}

describe('sending a system mail', () => {
  it('delivers text and HTML in the receiver’s language, with inserted values escaped, once (C3, C5)', async () => {
    const id = await queued('yamada@example.test')
    await Promise.allSettled([sendMail(application.installation, id), sendMail(application.installation, id)])
    await sendMail(application.installation, id)
    expect(await stateOf(id)).toMatchObject({ state: 'accepted', last_error: null })
    expect(mailbox.received).toHaveLength(1)
    const [mail] = mailbox.received
    expect(mail?.subject).toBe('パスワードの再設定')
    expect(mail?.text).toContain('/reset#kzr_token')
    expect(mail?.html).toContain('&#60;b&#62;山田')
    expect(mail?.messageId).toBe(`<${id}@kizuna.test>`)
  })

  it('keeps neither address nor link readable in the database (E1)', async () => {
    const id = await queued('secret-person@example.test')
    const { rows } = await application.pool.query('select system_mail::text as row from system_mail where id = $1', [
      id,
    ])
    expect(rows[0].row).not.toMatch(/secret-person|kzr_token/)
  })

  it('tries again later after a 451 and after a refused connection', async () => {
    mailbox.behave({ kind: 'refuse_for_now' })
    const id = await queued('busy@example.test')
    await sendMail(application.installation, id)
    expect(await stateOf(id)).toMatchObject({ state: 'pending', attempts: 1 })
    const { rows } = await application.pool.query(
      `select run_at > now() + interval '30 seconds' as later from job where payload->>'id' = $1 order by id desc`,
      [id],
    )
    expect(rows[0].later).toBe(true)
    mailbox.behave({ kind: 'accept' })
    await sendMail(application.installation, id)
    expect(await stateOf(id)).toMatchObject({ state: 'accepted', attempts: 2 })
    expect((await deliver('smtp://127.0.0.1:1', mailTo('a@example.test'))).state).toBe('later')
  })

  it('gives up on an address that does not exist and does not try it again', async () => {
    mailbox.behave({ kind: 'unknown_address', address: 'gone@example.test' })
    const id = await queued('gone@example.test')
    await sendMail(application.installation, id)
    expect((await stateOf(id)).state).toBe('failed')
    const second = await queued('gone@example.test')
    await sendMail(application.installation, second)
    expect((await stateOf(second)).state).toBe('suppressed')
  })

  it('does not know after a line that went dead behind the message, and never sends it again (finding 6)', async () => {
    mailbox.behave({ kind: 'drop_after_data' })
    const id = await queued('lost@example.test')
    await sendMail(application.installation, id)
    expect((await stateOf(id)).state).toBe('uncertain')
    mailbox.behave({ kind: 'accept' })
    await sendMail(application.installation, id)
    expect(mailbox.received).toHaveLength(1)
  })

  it('calls a mail uncertain whose worker died while speaking to the server', async () => {
    const id = await queued('crash@example.test')
    await application.pool.query(
      `update system_mail set state = 'sending', lease_until = now() + interval '1 minute' where id = $1`,
      [id],
    )
    await expect(sendMail(application.installation, id)).rejects.toThrow('another worker')
    await application.pool.query(`update system_mail set lease_until = now() - interval '1 second' where id = $1`, [id])
    await sendMail(application.installation, id)
    expect((await stateOf(id)).state).toBe('uncertain')
    expect(mailbox.received).toHaveLength(0)
  })

  it('refuses an address that smuggles in a second receiver (finding 7)', async () => {
    const outcome = await deliver(mailbox.url, mailTo('a@example.test\r\nRCPT TO:<evil@example.test>'))
    expect(outcome.state).toBe('refused')
    expect(mailbox.received).toHaveLength(0)
  })
})

function mailTo(to: string) {
  const from = { name: 'Kizuna', address: 'no-reply@kizuna.test' }
  return { from, to, subject: 's', text: 't', html: '<p>t</p>', messageId: '<1@kizuna.test>' }
}
