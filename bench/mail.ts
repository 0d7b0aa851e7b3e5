/**
 * How many messages a second the outbox hands to a local SMTP server: each written for its recipient, `sending` committed
 * before and the outcome after it. Beside it nodemailer alone with as many connections and one text for all.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import nodemailer from 'nodemailer'
import { queueMessages } from '../server/engage/messages/commands/queue.ts'
import { linesAtOnce, sendQueued } from '../server/engage/messages/commands/send.ts'
import { createTemplate } from '../server/engage/messages/commands/templates.ts'
import { createTopic } from '../server/engage/messages/commands/topics.ts'
import { reactions, vocabulary } from '../server/modules.ts'
import { applicationUrl, createPool } from '../server/platform/db/pool.ts'
import { keyringOf } from '../server/platform/secrets/keyring.ts'
import type { TestApplication } from '../tests/support/application.ts'
import { asSystem, newCompany } from '../tests/support/factories.ts'
import { content, writeContacts } from '../tests/support/messages.ts'
import { startTestPostgres } from '../tests/support/postgres.ts'
import { testRootKey } from '../tests/support/root-key.ts'
import { median, report } from './support/report.ts'

const messages = 2_000
const rounds = 3

const postgres = await startTestPostgres()
const sink = fork(new URL('support/smtp-sink.ts', import.meta.url), { execArgv: [] })
const [{ port }] = (await once(sink, 'message')) as [{ port: number }]
const from = { name: 'Kizuna', address: 'no-reply@kizuna.test' }
const installation = {
  pool: createPool(applicationUrl(postgres.url, testRootKey), 8),
  keyring: keyringOf([{ id: 'test', bytes: testRootKey }]),
  reactions,
  vocabulary,
  address: 'http://kizuna.test',
  smtp: { url: `smtp://127.0.0.1:${port}`, from },
}
try {
  const company = await newCompany({ installation } as TestApplication)
  const contacts = await writeContacts(company, messages)
  const { topicId, templateId } = await asSystem(company, async ctx => {
    const texts = { descriptionJa: '', descriptionEn: '', position: 0 }
    const topic = await createTopic(ctx, { key: 'news', nameJa: '話題', nameEn: 'News', kind: 'marketing', ...texts })
    return { topicId: topic, templateId: await createTemplate(ctx, { name: '話題', topicId: topic, content }) }
  })
  const [ours, theirs]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    await asSystem(company, ctx =>
      queueMessages(ctx, {
        templateId,
        topic: topicId,
        recipients: contacts.map(contactId => ({ contactId, key: `${round} ${contactId}` })),
        source: { kind: 'flow', id: templateId },
      }),
    )
    ours.push(await rate(() => sendQueued(installation, company.tenantId, new AbortController().signal)))
    theirs.push(await rate(alone))
  }
  const [figure, peerFigure] = [median(ours), median(theirs)]
  console.log(`kizuna ${figure.toFixed(0)} messages/s, nodemailer alone ${peerFigure.toFixed(0)} messages/s`)
  const peer = `nodemailer alone, ${linesAtOnce} connections, no outbox, one text for all`
  report({ bench: 'mail', figure, unit: 'messages/s', peer, peerFigure, ratio: figure / peerFigure, aim: 0.3 })
} finally {
  sink.disconnect()
  await installation.pool.end()
  await postgres.end()
}

async function rate(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return messages / ((performance.now() - begun) / 1_000)
}

async function alone(): Promise<void> {
  const transport = nodemailer.createTransport({
    pool: true,
    maxConnections: linesAtOnce,
    maxMessages: Number.POSITIVE_INFINITY,
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
  })
  const html = `<p>${'こんにちは。'.repeat(300)}</p>`
  const send = (place: number) =>
    transport.sendMail({ from, to: `r${place}@example.test`, subject: 'お知らせ', text: 'こんにちは。', html })
  await Promise.all(Array.from({ length: messages }, (_, place) => send(place)))
  transport.close()
}
