import { sql } from 'kysely'
import type { z } from 'zod'
import { notFound } from '../../errors/app-error.ts'
import type { PersonContext } from '../../http/implement.ts'
import type { updateMe } from '../contract/account.ts'
import { endSession, endSessions } from '../session.ts'
import { enqueueAccountRecord } from './account-record.ts'

/** Changes one's own name, language or time zone. */
export async function changeAccount(person: PersonContext, input: z.output<typeof updateMe.body>): Promise<void> {
  await sql`
    update app_user set
      name = coalesce(${input.name ?? null}, name), locale = coalesce(${input.locale ?? null}, locale),
      time_zone = coalesce(${input.timeZone ?? null}, time_zone), updated_at = ${person.now}
    where id = ${person.userId}`.execute(person.tx)
  enqueueAccountRecord(person, person.userId, 'account.changed')
}

/** Ends one of one's own sessions. @throws AppError `not_found`, also for a session of somebody else */
export async function endOwnSession(person: PersonContext, id: string): Promise<void> {
  const { numAffectedRows } = await sql`
    delete from user_session where user_id = ${person.userId} and id = ${id}`.execute(person.tx)
  if (numAffectedRows !== 1n) throw notFound()
  enqueueAccountRecord(person, person.userId, 'session.revoked')
}

/** Ends the session one is in. */
export async function signOutHere(person: PersonContext): Promise<void> {
  await endSession(person, person.sessionId)
  if (!person.secondFactorPending) enqueueAccountRecord(person, person.userId, 'session.signed_out')
}

/** Ends all of one's own sessions but this one. */
export async function endOtherSessions(person: PersonContext): Promise<void> {
  await endSessions(person, person.userId, person.sessionId)
  enqueueAccountRecord(person, person.userId, 'session.others_revoked')
}
