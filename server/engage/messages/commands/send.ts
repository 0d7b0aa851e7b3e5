import { setTimeout } from 'node:timers/promises'
import { type Context, enqueue } from '../../../platform/context/context.ts'
import type { Installation } from '../../../platform/context/installation.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { OutgoingMail } from '../../../platform/mail/delivery.ts'
import { openLine } from '../../../platform/mail/lines.ts'
import { keepMails } from '../../../platform/mail/queue.ts'
import { type Inside, insideOf } from '../../../platform/tenancy/inside.ts'
import { type Sender, senderOf } from '../queries/senders.ts'
import { keepMessages } from './keep.ts'
import {
  beginSending,
  claimMessages,
  commonPause,
  type Ending,
  endLostSending,
  finishCampaigns,
  nextWork,
  releaseMessages,
  sendersWithWork,
  settleMessage,
} from './outbox.ts'
import { sendJob } from './queue.ts'
import { type WrittenMessage, writeMessages } from './write.ts'

/** Connections that a company's messages use at a time. */
export const linesAtOnce = 4
/** Messages that a line takes on at a time. */
const batch = 40
/** After so long another company may have its turn (ms). */
const turn = 15_000
/** What is due later than this is left to the minute's look (ms). */
const soon = 60_000

/** Sends what a company has queued, until nothing is left or its turn is over; what is left asks for the next turn. */
export async function sendQueued(installation: Installation, tenantId: string, signal: AbortSignal): Promise<void> {
  const inside = steadily(insideOf(installation, tenantId, sendJob))
  await inside(endLostSending)
  const until = performance.now() + turn
  let sent = 0
  for (const senderId of await inside(sendersWithWork)) {
    const sender = await inside(ctx => senderOf(ctx, senderId))
    const work = { inside, senderId, sender, goesOn: () => !signal.aborted && performance.now() < until }
    const lines = installation.smtp
      ? Array.from({ length: linesAtOnce }, () => workLine(work, installation.smtp!.url))
      : [keepAll(work)]
    for (const count of await Promise.all(lines)) sent += count
  }
  await inside(async ctx => {
    await finishCampaigns(ctx)
    const next = await nextWork(ctx)
    if (!next || next.getTime() > ctx.now.getTime() + soon) return
    // Where nothing moved, the pace of a sender or a lease is waited for. It has a key of its own: what is queued
    // meanwhile must not wait for it.
    const pause = sent > 0 ? 0 : 2_000
    enqueue(ctx, {
      name: sendJob,
      payload: { tenantId },
      key: 'go on',
      runAt: new Date(Math.max(next.getTime(), ctx.now.getTime() + pause)),
    })
  })
}

/** Tries of a transaction that lost to another one, or to a database that was away for a moment. */
const mostAttempts = 6

/**
 * Tries a transaction again that did not come about: a server has taken a message, so that it be noted is worth patience.
 * Each is fenced by the lease: what was committed after all is not done twice.
 */
function steadily(inside: Inside): Inside {
  return async work => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await inside(work)
      } catch (error) {
        if (attempt === mostAttempts || !(error instanceof AppError) || error.code !== 'unavailable') throw error
        await setTimeout(50 * 2 ** attempt * Math.random())
      }
    }
  }
}

interface LineWork {
  inside: Inside
  senderId: string | null
  sender: Sender
  goesOn(): boolean
}

/** One connection, one message after the other. @returns how many were begun */
async function workLine(work: LineWork, url: string): Promise<number> {
  const { inside, senderId, sender, goesOn } = work
  const line = openLine(url)
  let begun = 0
  try {
    while (goesOn()) {
      const taken = await inside(async ctx =>
        writeMessages(ctx, await claimMessages(ctx, senderId, { most: batch, perMinute: sender.perMinute })),
      )
      if (taken.length === 0) return begun
      let before: Ending | undefined
      for (const [place, written] of taken.entries()) {
        const rest = taken.slice(place).map(({ message }) => message)
        const ending = before
        before = undefined
        // A message is `sending` only on a line that stands: a death before leaves no doubt about it.
        const trouble = ending?.common ? undefined : await line.ready()
        // How one ended and that the next begins is one transaction: the next is told to the server after it.
        const isOn = await inside(async ctx => {
          if (ending) await settleMessage(ctx, ending)
          if (ending?.common || trouble !== undefined || !goesOn()) {
            await releaseMessages(ctx, rest, ending?.common || trouble !== undefined ? commonPause : 0, trouble)
            return 'stop'
          }
          return beginWritten(ctx, written)
        })
        if (isOn === 'stop') return begun
        if (!isOn) continue
        begun += 1
        before = { message: written.message, ...(await line.deliver(outgoing(sender, written))) }
      }
      const last = before
      if (last) await inside(ctx => settleMessage(ctx, last))
      if (last?.common) return begun
    }
    return begun
  } finally {
    line.close()
  }
}

/** @returns whether to send it; what cannot be written ends here */
async function beginWritten(ctx: Context, written: WrittenMessage): Promise<boolean> {
  const { message, email, index, fault } = written
  if (!(await beginSending(ctx, message, email, index))) {
    // Paused, or with another address by now: to be looked at again. Where somebody else has it, nothing happens.
    await releaseMessages(ctx, [message], 1)
    return false
  }
  if (fault === undefined) return true
  await settleMessage(ctx, { message, delivery: { state: 'refused', reason: fault, mailbox: false }, common: false })
  return false
}

function outgoing(sender: Sender, { message, email, subject, text, html, headers }: WrittenMessage): OutgoingMail {
  const domain = sender.from.address.split('@')[1] ?? 'localhost'
  return {
    from: sender.from,
    to: email ?? '',
    subject,
    text,
    html,
    messageId: `<${message.id}@${domain}>`,
    headers,
    ...(sender.replyTo !== undefined && { replyTo: sender.replyTo }),
    ...(sender.dkim && { dkim: sender.dkim }),
  }
}

/** Without a server messages are kept for the development mailbox. */
async function keepAll({ inside, senderId, goesOn }: LineWork): Promise<number> {
  let kept = 0
  while (goesOn()) {
    const count = await inside(async ctx => {
      const taken = await claimMessages(ctx, senderId, { most: batch, perMinute: null })
      const begun: WrittenMessage[] = []
      for (const written of await writeMessages(ctx, taken)) if (await beginWritten(ctx, written)) begun.push(written)
      await keepMails(
        ctx,
        'message',
        begun.map(({ email, subject, text, html }) => ({ to: email ?? '', content: { subject, text, html } })),
      )
      await keepMessages(
        ctx,
        begun.map(({ message }) => message.id),
      )
      return taken.length
    })
    if (count === 0) return kept
    kept += count
  }
  return kept
}
