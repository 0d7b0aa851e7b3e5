import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import type { z } from 'zod'
import packageManifest from '../package.json' with { type: 'json' }
import { exitCode, exitCodeOf } from './exit-code.ts'
import { runMigrate } from './migrate.ts'
import { boxedColumns, tableScopes } from './modules.ts'
import { operate, operator, origin } from './operate.ts'
import { directory, tenantOf } from './operator-companies.ts'
import { apiKeyWish, checked, companyWish, userWish } from './operator-wishes.ts'
import { withDatabase } from './own-database.ts'
import { type Verification, verifyChain } from './platform/audit/verify.ts'
import { settings } from './platform/config/environment.ts'
import { record, type TenantId } from './platform/context/context.ts'
import type { Installation } from './platform/context/installation.ts'
import { AppError } from './platform/errors/app-error.ts'
import type { Words } from './platform/errors/words.ts'
import { makeApiKey } from './platform/identity/commands/api-keys.ts'
import { addMember, createPerson, provisionCompany } from './platform/identity/commands/provision.ts'
import { findPerson } from './platform/identity/commands/sign-up.ts'
import { hashPassword, refuseCommonPassword } from './platform/identity/password.ts'
import { type BackupReport, makeBackup } from './platform/operations/backup.ts'
import { examineDatabase, examineMachine, type Finding, unreachable } from './platform/operations/doctor.ts'
import { type KeptMail, readKeptMails } from './platform/operations/kept-mails.ts'
import { type RestoreReport, restoreBackup } from './platform/operations/restore.ts'
import { type RotationReport, rotateKeys } from './platform/operations/rotate.ts'
import { type AccountContext, inAccount, inTenant } from './platform/tenancy/transaction.ts'
import { unavailable } from './platform/tenancy/unavailable.ts'

export { exitCode } from './exit-code.ts'
export { applyOf, driftFrom, exportTo, planOf } from './operator-blueprints.ts'
export { type ChurnEvaluation, evaluateChurnFile } from './operator-churn.ts'
export { createDemo } from './operator-demo.ts'
export { type ImportReport, importFile } from './operator-imports.ts'
export { cancelJob, listJobs, retryJob } from './operator-jobs.ts'
export { explainOf, predictOf, trainOf } from './operator-predictions.ts'
export { terminalLocale } from './platform/config/environment.ts'

/** A company as `tenant list` shows it. */
export interface CompanyLine {
  id: string
  slug: string
  name: string
  members: number
  createdAt: string
}

/** Somebody who may sign in now. `password` only where one was made for a new person: it is shown once. */
export interface NewSignIn {
  userId: string
  email: string
  newPerson: boolean
  password: string | null
}

/** Runs the whole product until a signal asks it to stop, like `npm start`. @returns exit code */
export async function start(): Promise<number> {
  const { supervise } = await import('./supervise.ts')
  const script = fileURLToPath(new URL('./main.ts', import.meta.url))
  return supervise(settings(), { script, migrate: runMigrate })
}

/** Brings the database to the newest schema. @returns names of the migrations that were applied now */
export async function migrateDatabase(): Promise<string[]> {
  return withDatabase(settings(), ({ ownerUrl }) => runMigrate(settings(), ownerUrl))
}

/** Makes a company with an administrator whose address counts as confirmed. @throws AppError `invalid_input`, `conflict` */
export async function createCompany(
  wish: z.input<typeof companyWish>,
): Promise<NewSignIn & { tenantId: string; slug: string }> {
  const { name, slug, locale, timeZone, adminEmail, adminName, password } = checked(companyWish, wish)
  return operate(async installation =>
    inAccount(installation, origin(), async account => {
      await refuseTakenSlug(account, slug)
      const person = { name: adminName, email: adminEmail, locale, timeZone }
      const signIn = await findOrMake(account, person, password)
      const company = { name, slug, locale, timeZone }
      const ctx = await provisionCompany(asOperator(account), company, signIn.userId)
      return { tenantId: ctx.tenantId, slug, ...signIn }
    }),
  )
}

/** All companies, oldest first. */
export async function listCompanies(): Promise<CompanyLine[]> {
  return operate(async installation => {
    const lines: CompanyLine[] = []
    for (const { tenantId, slug } of await directory(installation)) {
      const line = await inTenant(installation, origin(), tenantId, operator, async ctx => {
        const { rows } = await sql<{ name: string; members: number; createdAt: Date }>`
          select t.name, t.created_at as "createdAt",
            (select count(*)::int from member m where m.tenant_id = ${tenantId}) as members
          from tenant t where t.id = ${tenantId}`.execute(ctx.tx)
        return rows[0]
      })
      if (line) lines.push({ id: tenantId, slug, ...line, createdAt: line.createdAt.toISOString() })
    }
    return lines
  })
}

/** Makes somebody a member of a company; who is new gets an account. @throws AppError `not_found`, `conflict` for a member */
export async function createUser(wish: z.input<typeof userWish>): Promise<NewSignIn & { memberId: string }> {
  const { tenant, email, name, role, password } = checked(userWish, wish)
  return operate(async installation => {
    const tenantId = await tenantOf(installation, tenant)
    return inAccount(installation, origin(), async account => {
      const ctx = await account.enter(tenantId, operator)
      const { rows } = await sql<{ locale: 'ja' | 'en'; timeZone: string }>`
        select locale, time_zone as "timeZone" from tenant where id = ${tenantId}`.execute(ctx.tx)
      const signIn = await findOrMake(account, { name, email, ...rows[0]! }, password)
      const memberId = await addMember(ctx, signIn.userId, role)
      if (!memberId)
        throw new AppError('conflict', { ja: `${email} はすでにメンバーです。`, en: `${email} is a member already.` })
      return { memberId, ...signIn }
    })
  })
}

/** Makes an API key of a company. @returns the key itself, which is kept nowhere */
export async function createApiKey(wish: z.input<typeof apiKeyWish>): Promise<{ id: string; key: string }> {
  const { tenant, name, role, scopes, expires } = checked(apiKeyWish, wish)
  return operate(async installation =>
    inTenant(installation, origin(), await tenantOf(installation, tenant), operator, ctx =>
      makeApiKey(ctx, { name, role, scopes, expiresAt: expires?.toISOString() ?? null }),
    ),
  )
}

/** Recomputes the audit chain of one company, or of all. */
export async function verifyAudit(slug: string | undefined): Promise<(Verification & { slug: string })[]> {
  return operate(async installation => {
    const results: (Verification & { slug: string })[] = []
    const wanted = slug === undefined ? undefined : await tenantOf(installation, slug)
    for (const tenant of await directory(installation)) {
      if (wanted !== undefined && tenant.tenantId !== wanted) continue
      const result = await inTenant(installation, origin(), tenant.tenantId, operator, async ctx => {
        return verifyChain(ctx)
      })
      results.push({ slug: tenant.slug, ...result })
    }
    return results
  })
}

/** Gives the installation a new key and closes all secrets with it. */
export async function rotateSecrets(): Promise<RotationReport> {
  return operate(async (installation, { ownerUrl }) => {
    const { pool } = installation
    const report = await rotateKeys({
      ownerUrl,
      pool,
      settings: settings(),
      boxes: boxedColumns,
      scopes: tableScopes,
    })
    if (report.state !== 'set_keys') await recordEverywhere(installation, 'secrets.rotated', { key: report.current })
    return report
  })
}

/** The newest mails that were kept, since there is no SMTP server. */
export async function keptMails(limit: number): Promise<KeptMail[]> {
  return operate(({ pool, keyring }) => readKeptMails(pool, keyring, limit))
}

/** Writes a backup while the installation runs. */
export async function backup(path: string, withKeys: boolean): Promise<BackupReport> {
  return operate(async (installation, { ownerUrl }) => {
    const { keyring } = installation
    const { version } = packageManifest
    const report = await makeBackup({
      ownerUrl,
      keyring,
      scopes: tableScopes,
      version,
      path: resolve(path),
      withKeys,
    })
    await recordEverywhere(installation, 'backup.made', { takenAt: report.takenAt, withKeys })
    return report
  })
}

/** Puts the state of a backup in place of what is there. @throws AppError while Kizuna runs, and as `restoreBackup` */
export async function restore(path: string, replace: boolean): Promise<RestoreReport> {
  return withDatabase(settings(), ({ ownerUrl, alone }) => {
    if (!alone && !settings().databaseUrl) {
      throw new AppError('unavailable', {
        ja: 'Kizunaが起動しています。停止してから復元してください。',
        en: 'Kizuna is running. Stop it, then restore.',
      })
    }
    const { requestId } = origin()
    return restoreBackup({ ownerUrl, keys: settings(), scopes: tableScopes, path: resolve(path), replace, requestId })
  })
}

/** Examines the installation. Whatever is wrong is a finding, not an error. */
export async function diagnose(): Promise<Finding[]> {
  const findings: Finding[] = []
  try {
    findings.push(...(await examineMachine(settings())))
  } catch (error) {
    return [{ name: 'settings', state: 'failed', words: failureOf(error).words }]
  }
  try {
    return await withDatabase(settings(), async ({ ownerUrl }) => [
      ...findings,
      ...(await examineDatabase(settings(), ownerUrl, tableScopes)),
    ])
  } catch (error) {
    return [...findings, unreachable(error)]
  }
}

/** What a failure means to the operator: words, code, and how the program ends. */
export function failureOf(error: unknown): { code: string; words: Words; exitCode: number } {
  const known = unavailable(error)
  if (known instanceof AppError) return { code: known.code, words: known.words, exitCode: exitCodeOf(known) }
  const message = error instanceof Error ? error.message : String(error)
  return {
    code: 'internal',
    words: { ja: `予期しないエラーが発生しました: ${message}`, en: `Something unexpected went wrong: ${message}` },
    exitCode: exitCode.fault,
  }
}

/** The same surroundings, in which the operator acts whoever the command takes for the actor. */
function asOperator(account: AccountContext): AccountContext {
  const { tx, installation, requestId, network, locale, now, pending } = account
  const enter = (tenantId: TenantId) => account.enter(tenantId, operator)
  return { tx, installation, requestId, network, locale, now, pending, enter }
}

async function refuseTakenSlug(account: AccountContext, slug: string): Promise<void> {
  const { rows } = await sql`select 1 from tenant_directory where slug = ${slug}`.execute(account.tx)
  if (rows.length > 0)
    throw new AppError('conflict', {
      ja: `「${slug}」はすでに使われています。`,
      en: `"${slug}" is taken by another company.`,
    })
}

/** Somebody known keeps their password; somebody new gets the wished one, or one that is shown once. */
async function findOrMake(
  account: AccountContext,
  person: { name: string; email: string; locale: 'ja' | 'en'; timeZone: string },
  wished: string | undefined,
): Promise<NewSignIn> {
  const { email } = person
  const known = await findPerson(account, email)
  if (known) return { userId: known.id, email, newPerson: false, password: null }
  if (wished !== undefined) refuseCommonPassword(wished, '--password-stdin')
  const password = wished ?? randomBytes(15).toString('base64url')
  const userId = await createPerson(account, { ...person, passwordHash: await hashPassword(password) })
  if (userId) return { userId, email, newPerson: true, password: wished === undefined ? password : null }
  throw new AppError('conflict', {
    ja: `${email} のアカウントが同時に作成されました。もう一度実行してください。`,
    en: `The account of ${email} was made at this moment by somebody else. Run this again.`,
  })
}

async function recordEverywhere(
  installation: Installation,
  action: string,
  details: Record<string, string | boolean>,
): Promise<void> {
  for (const { tenantId } of await directory(installation)) {
    await inTenant(installation, origin(), tenantId, operator, async ctx => record(ctx, { action, details }))
  }
}
