import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../errors/app-error.ts'
import { writeWhole } from './files.ts'

/** What a running Kizuna tells others of the same data folder. */
export interface Instance {
  pid: number
  /** Connection of the database's owner; unknown while the database starts. */
  ownerUrl?: string
  /** Where people open it; unknown until it listens. */
  address?: string
}

export interface InstanceLock {
  /** Replaces what others can learn. */
  tell(instance: Instance): Promise<void>
  release(): Promise<void>
}

/**
 * Takes the data folder for this process. The lock is one of the operating system (held through SQLite, since Node
 * offers no other way to it): it ends with the process however that ends, and no process number is ever compared.
 * @returns `undefined` when another process holds it
 */
export async function lockInstance(dataDir: string): Promise<InstanceLock | undefined> {
  await mkdir(dataDir, { recursive: true })
  const lock = openLock(dataDir)
  if (!holds(lock, 'begin exclusive')) {
    lock.close()
    return undefined
  }
  // What a killed predecessor told is no longer true.
  await rm(noteFile(dataDir), { force: true })
  return {
    tell: instance => writeWhole(noteFile(dataDir), `${JSON.stringify(instance)}\n`),
    async release() {
      await rm(noteFile(dataDir), { force: true })
      lock.close()
    },
  }
}

/** The Kizuna that runs on the data folder; `undefined` when none does. */
export async function runningInstance(dataDir: string): Promise<Partial<Instance> | undefined> {
  await mkdir(dataDir, { recursive: true })
  const lock = openLock(dataDir)
  const free = holds(lock, 'select count(*) from sqlite_schema')
  lock.close()
  if (free) return undefined
  // Without a note it has only just begun to start.
  return JSON.parse(await readFile(noteFile(dataDir), 'utf8').catch(() => '{}'))
}

function openLock(dataDir: string): DatabaseSync {
  try {
    // Long enough for somebody's short look, far too short for a running instance.
    return new DatabaseSync(join(dataDir, 'lock'), { timeout: 500 })
  } catch (cause) {
    throw cannotLock(dataDir, cause)
  }
}

function holds(lock: DatabaseSync, statement: string): boolean {
  try {
    lock.exec(statement)
    return true
  } catch (error) {
    const busy = 5
    if ((error as { errcode?: number }).errcode === busy) return false
    throw cannotLock(lock.location() ?? '', error)
  }
}

function noteFile(dataDir: string): string {
  return join(dataDir, 'running.json')
}

function cannotLock(path: string, cause: unknown): AppError {
  return new AppError(
    'unavailable',
    {
      ja: `データフォルダー ${path} をロックできません（${(cause as Error).message}）。書き込み権限を確認してください。`,
      en: `The data folder ${path} cannot be locked (${(cause as Error).message}). Check that it can be written.`,
    },
    { cause },
  )
}
