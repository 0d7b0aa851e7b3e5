import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { locks } from '../db/locks.ts'
import type { TableScopes } from '../db/tables.ts'
import { AppError } from '../errors/app-error.ts'
import type { BoxedColumn } from '../secrets/boxed-column.ts'
import {
  formatKey,
  type Keyring,
  keyringOf,
  keysOf,
  loadKeyring,
  type NamedKey,
  newKey,
  refreshInterval,
  saveKeys,
} from '../secrets/keyring.ts'
import { compareKeys } from '../secrets/proof.ts'
import { connectOwner } from './catalogue.ts'
import { countOldBoxes, resealAll } from './reseal.ts'

/** How long to wait for transactions that began before every process knew the new key (ms). */
const patience = 120_000

export interface RotationWish {
  ownerUrl: string
  /** The application's role: it may change rows, and sees its own transactions. */
  pool: pg.Pool
  settings: { keys: NamedKey[] | undefined; dataDir: string }
  boxes: readonly BoxedColumn[]
  scopes: TableScopes
}

export interface RotationReport {
  /**
   * `set_keys`: KIZUNA_KEYS must be set to `keys`, everything started again, and this run again. `unfinished`: some boxes
   * could not be opened, or were written by a program that does not know the key; no key was dropped.
   */
  state: 'finished' | 'unfinished' | 'set_keys'
  /** The key that closes new boxes. */
  current: string
  /** Whether an interrupted rotation was taken up instead of a new one begun. */
  resumed: boolean
  /** Boxes that were closed anew. */
  resealed: number
  /** Boxes that still have an older key. */
  left: number
  /** Keys that no box needs any more and that are gone. */
  dropped: string[]
  /** The value for KIZUNA_KEYS, where the keys are kept there and have to change. */
  keys: string | undefined
}

/**
 * Gives the installation a new key, closes every box with it, and drops the keys that none needs any more; the oldest
 * stays, as blind indexes derive from it. Killed at any point, the next run goes on where this one was.
 */
export async function rotateKeys(wish: RotationWish): Promise<RotationReport> {
  const owner = await connectOwner(wish.ownerUrl, 'rotate')
  try {
    const lock = await owner.query<{ taken: boolean }>(`select pg_try_advisory_lock(${locks.rotation}) as taken`)
    if (!lock.rows[0]?.taken) throw alreadyRunning()
    const keyring = await loadKeyring(wish.settings)
    await compareKeys(owner, keyring)
    const resumed = (await countOldBoxes(wish, keyring)) > 0
    if (wish.settings.keys) {
      if (!resumed && unneeded(keyring).length === 0) return proposeKey(keyring)
      return await reseal(wish, owner, keyring, resumed)
    }
    return await reseal(wish, owner, resumed ? keyring : await addKey(wish, owner, keyring), resumed)
  } finally {
    await owner.end()
  }
}

/** Closes every box that has another key than the current one, then drops what no box needs. */
async function reseal(
  wish: RotationWish,
  owner: pg.Client,
  keyring: Keyring,
  resumed: boolean,
): Promise<RotationReport> {
  // Running processes look at the file of keys once in an interval; those of other keys are told by the operator.
  if (!wish.settings.keys) await delay(2 * refreshInterval)
  const { rows } = await owner.query<{ at: Date }>('select clock_timestamp() as at')
  let resealed = await resealAll(wish, keyring)
  // A transaction that began before may still have written a box of the old key behind the pass over its table.
  const quiet = await transactionsEnded(wish.pool, rows[0]!.at)
  resealed += await resealAll(wish, keyring)
  const left = await countOldBoxes(wish, keyring)
  const dropped = quiet && left === 0 ? unneeded(keyring) : []
  // First the notes, then the file: a key may be there without need, but never missing.
  await owner.query('delete from encryption_key where key_id = any($1)', [dropped.map(key => key.id)])
  const kept = keysOf(keyring).filter(key => !dropped.includes(key))
  if (dropped.length > 0 && !wish.settings.keys) await saveKeys(wish.settings.dataDir, kept)
  return {
    state: left === 0 ? 'finished' : 'unfinished',
    current: keyring.current.id,
    resumed,
    resealed,
    left,
    dropped: dropped.map(key => key.id),
    keys: wish.settings.keys && dropped.length > 0 ? listOf(kept) : undefined,
  }
}

/** Adds a key in front; from the moment the file is there, whoever looks closes boxes with it. */
async function addKey({ settings }: RotationWish, owner: pg.Client, before: Keyring): Promise<Keyring> {
  const keyring = keyringOf([newKey(), ...keysOf(before)])
  // First the file, then the note: a key that is noted and nowhere else would keep every program from starting.
  await saveKeys(settings.dataDir, keysOf(keyring))
  await compareKeys(owner, keyring)
  return keyring
}

/** Keys of the environment are the operator's to change. */
function proposeKey(keyring: Keyring): RotationReport {
  return {
    state: 'set_keys',
    current: keyring.current.id,
    resumed: false,
    resealed: 0,
    left: 0,
    dropped: [],
    keys: listOf([newKey(), ...keysOf(keyring)]),
  }
}

/** Neither the current key nor the root. */
function unneeded(keyring: Keyring): NamedKey[] {
  return keysOf(keyring).slice(1, -1)
}

function listOf(keys: NamedKey[]): string {
  return keys.map(formatKey).join(',')
}

/** Waits until the application's transactions that began before the moment have ended. @returns false when time was up */
async function transactionsEnded(pool: pg.Pool, moment: Date): Promise<boolean> {
  const deadline = Date.now() + patience
  while (Date.now() < deadline) {
    const { rows } = await pool.query<{ open: number }>(
      `select count(*)::int as open from pg_stat_activity
      where datname = current_database() and usename = current_user and pid <> pg_backend_pid() and xact_start < $1`,
      [moment],
    )
    if (rows[0]?.open === 0) return true
    await delay(250)
  }
  return false
}

function alreadyRunning(): AppError {
  return new AppError('conflict', {
    ja: '鍵の更新は別のプロセスですでに実行中です。',
    en: 'Another process is rotating the keys at this moment.',
  })
}
