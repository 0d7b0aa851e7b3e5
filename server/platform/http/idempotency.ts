import { createHmac } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import type { Database } from '../db/kysely.ts'
import { AppError } from '../errors/app-error.ts'
import { seal, unseal } from '../secrets/box.ts'
import { derivedKey, type Keyring } from '../secrets/keyring.ts'

/** Whose key it is: one actor of one tenant, or a person outside of any. */
export interface KeyOwner {
  tenantId: string | null
  actorId: string
}

/** A reply that was stored with the effect of the first call. */
export interface StoredReply {
  status: number
  text: string
}

/**
 * Claims an Idempotency-Key in the transaction of the write. A concurrent call with the same key waits here until
 * the first has committed or gone.
 * @returns the reply of the first call, undefined when this is the first
 * @throws AppError `idempotency_mismatch` when the key was used for something else
 */
export async function claimKey(
  tx: Database,
  keyring: Keyring,
  owner: KeyOwner,
  key: string,
  request: FastifyRequest,
): Promise<StoredReply | undefined> {
  // With a key: a body may hold a password, which a bare hash would let somebody with a dump guess quickly.
  const hash = createHmac('sha256', derivedKey(keyring, 'idempotency key'))
    .update(`${request.method} ${request.url}\n`)
    .update(Buffer.isBuffer(request.body) ? request.body : JSON.stringify(request.body ?? null))
    .digest()
  const claimed =
    owner.tenantId === null
      ? await sql`insert into account_idempotency_key (user_id, key, request_hash) values (${owner.actorId}, ${key}, ${hash})
          on conflict do nothing`.execute(tx)
      : await sql`insert into idempotency_key (tenant_id, actor_id, key, request_hash)
          values (${owner.tenantId}, ${owner.actorId}, ${key}, ${hash}) on conflict do nothing`.execute(tx)
  if (claimed.numAffectedRows === 1n) return undefined
  const stored = await (owner.tenantId === null
    ? sql<{ request_hash: Buffer; status: number; reply_box: string }>`
        select request_hash, status, reply_box from account_idempotency_key where user_id = ${owner.actorId} and key = ${key}`
    : sql<{ request_hash: Buffer; status: number; reply_box: string }>`
        select request_hash, status, reply_box from idempotency_key
        where tenant_id = ${owner.tenantId} and actor_id = ${owner.actorId} and key = ${key}`
  ).execute(tx)
  const [first] = stored.rows
  if (!first?.request_hash.equals(hash)) {
    throw new AppError('idempotency_mismatch', {
      ja: 'この Idempotency-Key は別の内容のリクエストで使われています。新しいキーで送ってください。',
      en: 'This Idempotency-Key was used for another request. Send a new key.',
    })
  }
  return { status: first.status, text: unseal(keyring, placeOf(owner, key), first.reply_box) }
}

/** Gives a claimed key back. */
export async function releaseKey(tx: Database, owner: KeyOwner, key: string): Promise<void> {
  if (owner.tenantId === null) {
    await sql`delete from account_idempotency_key where user_id = ${owner.actorId} and key = ${key}`.execute(tx)
  } else {
    await sql`
      delete from idempotency_key
      where tenant_id = ${owner.tenantId} and actor_id = ${owner.actorId} and key = ${key}`.execute(tx)
  }
}

/** Keeps the reply with the effect. It may hold a secret that is shown once, so it is encrypted. */
export async function storeReply(
  tx: Database,
  keyring: Keyring,
  owner: KeyOwner,
  key: string,
  reply: StoredReply,
): Promise<void> {
  const box = seal(keyring, placeOf(owner, key), reply.text)
  if (owner.tenantId === null) {
    await sql`update account_idempotency_key set status = ${reply.status}, reply_box = ${box}
      where user_id = ${owner.actorId} and key = ${key}`.execute(tx)
  } else {
    await sql`update idempotency_key set status = ${reply.status}, reply_box = ${box}
      where tenant_id = ${owner.tenantId} and actor_id = ${owner.actorId} and key = ${key}`.execute(tx)
  }
}

function placeOf(owner: KeyOwner, key: string) {
  const table = owner.tenantId === null ? 'account_idempotency_key' : 'idempotency_key'
  return { tenant: owner.tenantId ?? '-', table, column: 'reply_box', row: `${owner.actorId} ${key}` }
}
