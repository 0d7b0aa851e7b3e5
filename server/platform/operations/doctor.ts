import { access, constants, stat, statfs } from 'node:fs/promises'
import type pg from 'pg'
import type { Settings } from '../config/settings.ts'
import { pendingMigrations, refuseUnsafeDatabase } from '../db/migrate.ts'
import { applicationUrl, createPool } from '../db/pool.ts'
import type { TableScopes } from '../db/tables.ts'
import { refuseUnsafeRole } from '../db/verify.ts'
import { AppError } from '../errors/app-error.ts'
import type { Words } from '../errors/words.ts'
import { keyFile, loadKeyring } from '../secrets/keyring.ts'
import { proveKeys } from '../secrets/proof.ts'
import { connectOwner } from './catalogue.ts'
import { examineAuditHeads, examineJobs, examineRowSecurity } from './findings.ts'
import { greetSmtp } from './smtp-probe.ts'

/** What one examination found. `warning`: works, but somebody should look. */
export interface Finding {
  name: ExaminationName
  state: 'well' | 'warning' | 'failed'
  words: Words
}

export type ExaminationName =
  | 'node'
  | 'settings'
  | 'data_folder'
  | 'disk_space'
  | 'key_file'
  | 'database'
  | 'keys'
  | 'migrations'
  | 'role'
  | 'row_security'
  | 'smtp'
  | 'jobs'
  | 'audit'

type Result = Pick<Finding, 'state' | 'words'>

const gigabyte = 2 ** 30

/** What can be told without the database. */
export async function examineMachine(settings: Settings): Promise<Finding[]> {
  return [
    examineNode(),
    { name: 'settings', state: 'well', words: { ja: 'すべて有効です。', en: 'All are valid.' } },
    await examine('data_folder', () => examineFolder(settings.dataDir)),
    await examine('disk_space', () => examineSpace(settings.dataDir)),
    await examine('key_file', () => examineKeyFile(settings)),
    await examine('smtp', () => examineSmtp(settings.smtpUrl)),
  ]
}

/** What the database tells. It is changed in nothing but the notes about keys. */
export async function examineDatabase(settings: Settings, ownerUrl: string, scopes: TableScopes): Promise<Finding[]> {
  let owner: pg.Client
  try {
    owner = await connectOwner(ownerUrl, 'doctor')
  } catch (error) {
    return [unreachable(error)]
  }
  const findings: Finding[] = []
  try {
    findings.push(await examine('database', () => examineServer(owner)))
    const migrations = await examine('migrations', () => examineMigrations(owner))
    findings.push(migrations)
    findings.push(await examine('keys', () => examineKeys(settings, ownerUrl)))
    // Without its tables there is nothing more to look at.
    if (migrations.state === 'failed') return findings
    findings.push(await examine('row_security', () => examineRowSecurity(owner, scopes)))
    const { root } = await loadKeyring(settings)
    const pool = createPool(applicationUrl(ownerUrl, root), 1)
    try {
      findings.push(await examine('role', () => examineRole(pool)))
      findings.push(await examine('jobs', () => examineJobs(pool)))
      findings.push(await examine('audit', () => examineAuditHeads(pool)))
    } finally {
      await pool.end()
    }
    return findings
  } finally {
    await owner.end()
  }
}

/** The database cannot be had at all. */
export function unreachable(error: unknown): Finding {
  return { name: 'database', state: 'failed', words: wordsOf(error) }
}

async function examine(name: ExaminationName, work: () => Promise<Result>): Promise<Finding> {
  try {
    return { name, ...(await work()) }
  } catch (error) {
    return { name, state: 'failed', words: wordsOf(error) }
  }
}

function wordsOf(error: unknown): Words {
  if (error instanceof AppError) return error.words
  const message = error instanceof Error ? error.message : String(error)
  return { ja: message, en: message }
}

function examineNode(): Finding {
  const version = process.versions.node
  const fits = Number(version.split('.')[0]) >= 24
  return {
    name: 'node',
    state: fits ? 'well' : 'failed',
    words: {
      ja: fits ? `Node.js ${version}` : `Node.js ${version} は古すぎます。bin/kizuna から実行してください。`,
      en: fits ? `Node.js ${version}` : `Node.js ${version} is too old. Run bin/kizuna, which brings its own.`,
    },
  }
}

async function examineFolder(dataDir: string): Promise<Result> {
  await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  return { state: 'well', words: { ja: dataDir, en: dataDir } }
}

async function examineSpace(dataDir: string): Promise<Result> {
  const { bavail, bsize } = await statfs(dataDir)
  const free = (bavail * bsize) / gigabyte
  const text = free.toFixed(1)
  return {
    state: free < 1 ? 'failed' : free < 5 ? 'warning' : 'well',
    words: { ja: `空き容量 ${text} GiB（${dataDir}）`, en: `${text} GiB free (${dataDir})` },
  }
}

async function examineKeyFile(settings: Settings): Promise<Result> {
  if (settings.keys) {
    return { state: 'well', words: { ja: 'KIZUNA_KEYSの鍵を使用します。', en: 'The keys come from KIZUNA_KEYS.' } }
  }
  const path = keyFile(settings.dataDir)
  const found = await stat(path).catch(() => undefined)
  if (!found) {
    return {
      state: 'warning',
      words: { ja: `${path} は初回起動時に作成されます。`, en: `${path} is made at the first start.` },
    }
  }
  if ((found.mode & 0o077) === 0) return { state: 'well', words: { ja: path, en: path } }
  return {
    state: 'failed',
    words: {
      ja: `${path} をほかのユーザーが読めます。chmod 600 を実行してください。`,
      en: `Other users may read ${path}. Run chmod 600 on it.`,
    },
  }
}

async function examineSmtp(url: string | undefined): Promise<Result> {
  if (!url) {
    return {
      state: 'warning',
      words: {
        ja: 'SMTP_URLが未設定のため、メールは送信されません（kizuna mailbox で表示できます）。',
        en: 'SMTP_URL is not set: mails are kept instead of sent (kizuna mailbox shows them).',
      },
    }
  }
  const { host } = new URL(url)
  try {
    await greetSmtp(url)
    return { state: 'well', words: { ja: `${host} が応答しました。`, en: `${host} answers.` } }
  } catch (error) {
    const { message } = error as Error
    return {
      state: 'failed',
      words: { ja: `${host} に接続できません: ${message}`, en: `${host} cannot be used: ${message}` },
    }
  }
}

async function examineServer(owner: pg.Client): Promise<Result> {
  await refuseUnsafeDatabase(owner)
  const { rows } = await owner.query<{ version: string }>("select current_setting('server_version') as version")
  const version = `PostgreSQL ${rows[0]?.version}`
  return { state: 'well', words: { ja: version, en: version } }
}

async function examineMigrations(owner: pg.Client): Promise<Result> {
  const pending = await pendingMigrations(owner)
  if (pending.length === 0) return { state: 'well', words: { ja: '最新です。', en: 'Up to date.' } }
  const names = pending.map(({ name }) => name).join(', ')
  return {
    state: 'failed',
    words: {
      ja: `未適用: ${names}。「kizuna migrate」を実行してください。`,
      en: `Not applied: ${names}. Run "kizuna migrate".`,
    },
  }
}

async function examineKeys(settings: Settings, ownerUrl: string): Promise<Result> {
  const keyring = await loadKeyring(settings)
  await proveKeys(ownerUrl, keyring)
  const ids = [...keyring.byId.keys()].join(', ')
  return { state: 'well', words: { ja: `データベースと一致: ${ids}`, en: `They fit the database: ${ids}` } }
}

async function examineRole(pool: pg.Pool): Promise<Result> {
  await refuseUnsafeRole(pool)
  return {
    state: 'well',
    words: { ja: '行レベルセキュリティが適用されます。', en: 'Row-level security binds it.' },
  }
}
