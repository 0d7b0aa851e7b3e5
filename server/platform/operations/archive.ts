import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import tar from 'tar-stream'
import { AppError } from '../errors/app-error.ts'
import { flushFolder } from '../postgres/files.ts'

/** Length of the pieces in which streams are stored (bytes): a tar file says the length of an entry before its content. */
const pieceLength = 1 << 20

export interface ArchiveWriter {
  add(name: string, content: string | Buffer): Promise<void>
  /** Stores a stream of any length as the entries `name/000000`, `name/000001`, ... @returns its length and SHA-256 (hexadecimal) */
  addStream(name: string, source: Readable): Promise<{ bytes: number; sha256: string }>
  /** Gives the file its name once all of it is on the disk. */
  finish(): Promise<void>
  /** Leaves nothing behind. */
  abandon(): Promise<void>
}

/** Writes a .tar.gz that its owner alone can read. Until it is finished it has another name. */
export function writeArchive(path: string): ArchiveWriter {
  const draft = `${path}.${randomUUID()}.part`
  const pack = tar.pack()
  const written = pipeline(pack, createGzip(), createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }))
  // Whoever adds waits for `failed` as well; a full disk must not wait for ever.
  const failed = written.then(() => new Promise<never>(() => {}))
  failed.catch(() => {})

  const add = (name: string, content: string | Buffer) =>
    Promise.race([
      failed,
      new Promise<void>((resolve, reject) => {
        pack.entry({ name, mode: 0o600, type: 'file' }, content, error => (error ? reject(error) : resolve()))
      }),
    ])

  return {
    add,
    async addStream(name, source) {
      const hash = createHash('sha256')
      let bytes = 0
      let pieces = 0
      let waiting: Buffer[] = []
      let length = 0
      const flush = async () => {
        if (length === 0) return
        await add(`${name}/${String(pieces++).padStart(6, '0')}`, Buffer.concat(waiting))
        waiting = []
        length = 0
      }
      for await (const chunk of source) {
        hash.update(chunk)
        bytes += chunk.length
        length += chunk.length
        waiting.push(chunk)
        if (length >= pieceLength) await flush()
      }
      await flush()
      return { bytes, sha256: hash.digest('hex') }
    },
    async finish() {
      pack.finalize()
      await written
      await rename(draft, path)
      await flushFolder(dirname(path))
    },
    async abandon() {
      pack.destroy()
      await written.catch(() => {})
      await rm(draft, { force: true })
    },
  }
}

export interface ArchiveEntry {
  name: string
  content: AsyncIterable<Buffer>
}

/** The entries of an archive in their order; each is read to its end before the next. @throws AppError when it is damaged */
export async function* readArchive(path: string): AsyncGenerator<ArchiveEntry> {
  const extract = tar.extract()
  const read = pipeline(createReadStream(path), createGunzip(), extract)
  read.catch(() => {})
  try {
    for await (const entry of extract) {
      yield { name: entry.header.name, content: piecesOf(path, entry) }
      entry.resume()
    }
    await read
  } catch (error) {
    throw unreadable(path, error)
  } finally {
    extract.destroy()
  }
}

async function* piecesOf(path: string, entry: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  try {
    for await (const piece of entry) yield piece as Buffer
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** Why a file is no backup to restore from. */
export function damaged(path: string, why: { ja: string; en: string }): AppError {
  return new AppError('unavailable', {
    ja: `バックアップ ${path} は復元に使えません: ${why.ja}。何も変更していません。`,
    en: `The backup ${path} cannot be restored: ${why.en}. Nothing was changed.`,
  })
}

function unreadable(path: string, cause: unknown): AppError {
  const { code, message } = cause as NodeJS.ErrnoException
  if (cause instanceof AppError) return cause
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR' || code === 'EIO') {
    return new AppError('invalid_input', {
      ja: `ファイル ${path} を読めません（${code}）。`,
      en: `The file ${path} cannot be read (${code}).`,
    })
  }
  return damaged(path, {
    ja: `ファイルが途中で切れているか壊れています（${message}）`,
    en: `the file is cut short or damaged (${message})`,
  })
}
