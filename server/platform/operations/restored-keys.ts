import { copyFile, readFile } from 'node:fs/promises'
import { AppError } from '../errors/app-error.ts'
import {
  type Keyring,
  keyFile,
  keyringOf,
  keysOf,
  type NamedKey,
  parseKeys,
  rootName,
  saveKeys,
} from '../secrets/keyring.ts'
import { altered } from './inspect.ts'
import { type BackupHeader, entryNames, sealFits } from './manifest.ts'

interface Sealed {
  header: BackupHeader
  manifestText: string
  seal: string
  keys: NamedKey[] | undefined
}

/**
 * The keys that open a backup's secrets: those of the installation, else those in the backup.
 * @throws AppError when neither does, or the seal tells that the backup was altered
 */
export async function keysForBackup(
  path: string,
  backup: Sealed,
  settings: { keys: NamedKey[] | undefined; dataDir: string },
): Promise<{ keyring: Keyring; fromBackup: boolean }> {
  const own = settings.keys ?? (await storedKeys(settings.dataDir))
  // Keys of the environment are the operator's to set; those of the data folder can be put there.
  const wishes = [own, settings.keys ? undefined : backup.keys]
  for (const [index, keys] of wishes.entries()) {
    const keyring = keys && keyringOf(keys)
    if (!keyring || !opens(keyring, backup.header)) continue
    if (!sealFits(keyring, backup.manifestText, backup.seal)) throw altered(path, entryNames.manifest)
    return { keyring, fromBackup: index === 1 }
  }
  throw otherKeys(backup.header, own ?? [], backup.keys !== undefined)
}

/** Puts the keys of the backup into the data folder; those that were there stay beside them. */
export async function keepRestoredKeys(dataDir: string, keyring: Keyring): Promise<void> {
  const path = keyFile(dataDir)
  const stamp = new Date().toISOString().replace(/[:.]/g, '-')
  await copyFile(path, `${path}.before-restore-${stamp}`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await saveKeys(dataDir, keysOf(keyring))
}

/** Not made when missing: a new key would not open the backup. */
async function storedKeys(dataDir: string): Promise<NamedKey[] | undefined> {
  return parseKeys(await readFile(keyFile(dataDir), 'utf8').catch(() => ''))
}

function opens(keyring: Keyring, header: BackupHeader): boolean {
  return rootName(keyring) === header.rootName && header.keyIds.every(id => keyring.byId.has(id))
}

function otherKeys(header: BackupHeader, own: NamedKey[], inBackup: boolean): AppError {
  const wanted = header.keyIds.join(', ')
  const given = own.map(key => key.id).join(', ') || '-'
  const where = inBackup
    ? {
        ja: 'バックアップ内のファイル keys の鍵を KIZUNA_KEYS に指定してください。',
        en: 'Set KIZUNA_KEYS to the keys in the file "keys" inside the backup.',
      }
    : {
        ja: '元の keys ファイルをデータフォルダーに置いてから復元してください。鍵がなければ秘密情報を読めません。',
        en: 'Put the original file "keys" into the data folder, then restore: without the keys its secrets cannot be read.',
      }
  return new AppError('unavailable', {
    ja: `このバックアップの暗号鍵（${wanted}）がありません（現在の鍵: ${given}）。${where.ja}`,
    en: `The encryption keys of this backup (${wanted}) are not here (given: ${given}). ${where.en}`,
  })
}
