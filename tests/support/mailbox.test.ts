import nodemailer from 'nodemailer'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Mailbox, startMailbox } from './mailbox.ts'

let mailbox: Mailbox
beforeAll(async () => {
  mailbox = await startMailbox()
})
beforeEach(() => {
  mailbox.behave({ kind: 'accept' })
  mailbox.received.length = 0
})
afterAll(() => mailbox?.close())

const send = (to: string) =>
  nodemailer
    .createTransport(mailbox.url)
    .sendMail({ from: 'kizuna@example.com', to, subject: '確認のお願い', text: '本文です' })

test('keeps what it accepts, parsed', async () => {
  await send('hanako@example.com')
  const mail = await mailbox.waitFor('hanako@example.com', { subject: /確認/ })
  expect(mail.text?.trim()).toBe('本文です')
  expect(mail.envelope).toEqual({ from: 'kizuna@example.com', to: ['hanako@example.com'] })
})

test('refuses for now with 451', async () => {
  mailbox.behave({ kind: 'refuse_for_now' })
  await expect(send('hanako@example.com')).rejects.toMatchObject({ responseCode: 451 })
  expect(mailbox.received).toEqual([])
})

test('refuses one address with 550 and takes others', async () => {
  mailbox.behave({ kind: 'unknown_address', address: 'gone@example.com' })
  await expect(send('gone@example.com')).rejects.toMatchObject({ responseCode: 550 })
  await send('hanako@example.com')
  expect(mailbox.received).toHaveLength(1)
})

test('cuts the connection after the message', async () => {
  mailbox.behave({ kind: 'drop_after_data' })
  await expect(send('hanako@example.com')).rejects.toThrow()
  expect(mailbox.received).toHaveLength(1)
})

test('waits before it acknowledges', async () => {
  mailbox.behave({ kind: 'slow', milliseconds: 300 })
  const started = performance.now()
  await send('hanako@example.com')
  expect(performance.now() - started).toBeGreaterThan(280)
})

test('says what arrived when the awaited mail does not', async () => {
  await send('hanako@example.com')
  await expect(mailbox.waitFor('taro@example.com', { timeoutMilliseconds: 60 })).rejects.toThrow(
    /No mail to taro@example.com[\s\S]*hanako@example.com: 確認のお願い/,
  )
})
