import { sql } from 'kysely'
import type { z } from 'zod'
import type { Context } from '../context/context.ts'
import { notFound } from '../errors/app-error.ts'
import type { RouteReply } from '../http/contract.ts'
import { cursorOf, readCursor } from '../http/paging.ts'
import { unseal } from '../secrets/box.ts'
import type { getMail, listMails } from './contract.ts'
import { mailPlace } from './queue.ts'
import type { MailContent } from './templates.ts'

interface Row {
  id: string
  kind: string
  recipient_box: string
  content_box: string
  state: RouteReply<typeof getMail>['state']
  last_error: string | null
  created_at: Date
  position: string
}

/**
 * The kept mails of the whole installation, newest first: only for the demo company and only while no SMTP server is set,
 * since they hold links that sign people in.
 * @throws AppError `not_found` otherwise
 */
export async function readMails(
  ctx: Context,
  page: z.output<typeof listMails.query>,
): Promise<RouteReply<typeof listMails>> {
  await refuseOutsideDemo(ctx)
  const before = readCursor(page.cursor, 2)
  const { rows } = await sql<Row>`
    select id, kind, recipient_box, content_box, state, last_error, created_at, created_at::text as position from system_mail
    where state = 'kept' ${before ? sql`and (created_at, id) < (${before[0]}::timestamptz, ${before[1]}::uuid)` : sql``}
    order by created_at desc, id desc limit ${page.limit + 1}`.execute(ctx.tx)
  const shown = rows.slice(0, page.limit)
  const last = shown.at(-1)
  return {
    items: shown.map(row => openMail(ctx, row)),
    next: rows.length > page.limit && last ? cursorOf([last.position, last.id]) : null,
  }
}

/** @throws AppError `not_found` */
export async function readMail(ctx: Context, id: string): Promise<RouteReply<typeof getMail>> {
  await refuseOutsideDemo(ctx)
  const { rows } = await sql<Row>`
    select id, kind, recipient_box, content_box, state, last_error, created_at, '' as position from system_mail
    where id = ${id} and state = 'kept'`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return openMail(ctx, rows[0])
}

function openMail(ctx: Context, row: Row): RouteReply<typeof getMail> {
  const { keyring } = ctx.installation
  const content: MailContent = JSON.parse(unseal(keyring, mailPlace('content_box', row.id), row.content_box))
  return {
    id: row.id,
    kind: row.kind,
    recipient: unseal(keyring, mailPlace('recipient_box', row.id), row.recipient_box),
    state: row.state,
    lastError: row.last_error,
    createdAt: row.created_at.toISOString(),
    ...content,
  }
}

async function refuseOutsideDemo(ctx: Context): Promise<void> {
  const { rows } = await sql`select 1 from tenant where id = ${ctx.tenantId} and demo`.execute(ctx.tx)
  if (ctx.installation.smtp || rows.length === 0) throw notFound()
}
