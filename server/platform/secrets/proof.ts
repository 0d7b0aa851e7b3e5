import type pg from 'pg'
import { openConnection } from '../db/connection.ts'
import { AppError } from '../errors/app-error.ts'
import { seal, unseal } from './box.ts'
import { type Keyring, keyringOf, keysOf, type NamedKey, rootName } from './keyring.ts'

/**
 * Holds the keys against those that closed boxes in this database, and notes the ones that are new to it. A database
 * that was not migrated yet has no boxes.
 * @throws AppError `unavailable` when a key is missing, is another one under the same name, or the root differs
 */
export async function proveKeys(ownerUrl: string, keyring: Keyring): Promise<void> {
  const client = await openConnection(ownerUrl, 'keys')
  try {
    const { rows } = await client.query("select to_regclass('public.encryption_key') is not null as present")
    if (rows[0].present) await compareKeys(client, keyring)
  } finally {
    await client.end()
  }
}

/** As `proveKeys`, on a connection of the owner's. */
export async function compareKeys(owner: pg.ClientBase, keyring: Keyring): Promise<void> {
  const { rows } = await owner.query<{ key_id: string; proof: string }>('select key_id, proof from encryption_key')
  const foreign = rows.filter(row => !opens(keyring, row)).map(row => row.key_id)
  if (foreign.length > 0) throw wrongKeys(foreign, [...keyring.byId.keys()])
  const noted = new Set(rows.map(row => row.key_id))
  // Boxes are closed with the current key from now on, and the root holds the blind indexes; the others are needed only
  // as long as they stand in the table.
  for (const key of [keyring.current, keysOf(keyring).at(-1)]) {
    if (key && !noted.has(key.id)) await noteKey(owner, keyring, key)
  }
}

async function noteKey(owner: pg.ClientBase, keyring: Keyring, key: NamedKey): Promise<void> {
  const proof = seal(keyringOf([key]), placeOf(key.id), rootName(keyring))
  await owner.query('insert into encryption_key (key_id, proof) values ($1, $2) on conflict do nothing', [
    key.id,
    proof,
  ])
}

/** The box of a proof holds the name of the root, so that the right keys in a wrong order are found, too. */
function opens(keyring: Keyring, row: { key_id: string; proof: string }): boolean {
  try {
    return unseal(keyring, placeOf(row.key_id), row.proof) === rootName(keyring)
  } catch {
    return false
  }
}

function placeOf(keyId: string) {
  return { tenant: '-', table: 'encryption_key', column: 'proof', row: keyId }
}

function wrongKeys(wanted: string[], given: string[]): AppError {
  return new AppError('unavailable', {
    ja: `暗号鍵がデータベースと一致しません。必要な鍵: ${wanted.join('、')}。現在の鍵: ${given.join('、')}。元の keys ファイルをデータフォルダーに戻すか、KIZUNA_KEYSに正しい鍵を正しい順（先頭が現在、末尾が最初）で指定してください。`,
    en: `The encryption keys are not those of the database. It needs: ${wanted.join(', ')}. Given: ${given.join(', ')}. Put the original file "keys" back into the data folder, or set KIZUNA_KEYS to the right keys in the right order (current first, oldest last).`,
  })
}
