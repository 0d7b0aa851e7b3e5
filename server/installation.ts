import { setTimeout as delay } from 'node:timers/promises'
import { reactions, vocabulary } from './modules.ts'
import type { Settings } from './platform/config/settings.ts'
import type { Installation } from './platform/context/installation.ts'
import { refuseOtherSchema } from './platform/db/migrate.ts'
import { applicationUrl, createPool } from './platform/db/pool.ts'
import { refuseUnsafeRole } from './platform/db/verify.ts'
import { AppError } from './platform/errors/app-error.ts'
import { loadKeyring } from './platform/secrets/keyring.ts'
import { proveKeys } from './platform/secrets/proof.ts'
import { unavailable } from './platform/tenancy/unavailable.ts'

/**
 * What a process of the product works with, from its settings. The pool is the caller's to end.
 * @param address public address of the pages
 * @throws AppError when the schema is another version's, the keys are not those of the database, or its role is not safe
 */
export async function openInstallation(settings: Settings, ownerUrl: string, address: string): Promise<Installation> {
  await patiently(() => refuseOtherSchema(ownerUrl))
  const keyring = await loadKeyring(settings)
  await proveKeys(ownerUrl, keyring)
  const pool = createPool(applicationUrl(ownerUrl, keyring.root), settings.poolSize)
  await refuseUnsafeRole(pool).catch(async error => {
    await pool.end()
    throw error
  })
  return {
    pool,
    keyring,
    reactions,
    vocabulary,
    address,
    importFolder: settings.importDir,
    privateTargets: settings.privateTargets,
    smtp: settings.smtpUrl ? { url: settings.smtpUrl, from: senderOf(settings.mailFrom) } : undefined,
  }
}

/** How long a database that starts or recovers is waited for (ms). */
const patience = 25_000

/** Tries again while the database cannot be reached yet: after a crash it needs a few seconds. */
async function patiently(attempt: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + patience
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      const failure = unavailable(error)
      // A refusal of ours is final; only what `unavailable` made of a lost connection has a time to retry.
      const passing = failure instanceof AppError && failure.retryAfter !== undefined
      if (!passing || Date.now() > deadline) throw failure
      await delay(200)
    }
  }
}

/** `Name <address>` or a bare address, as the settings were checked to be. */
function senderOf(text: string): { name: string; address: string } {
  const named = /^(.*?)\s*<(.+)>$/.exec(text)
  return named ? { name: named[1]!, address: named[2]! } : { name: 'Kizuna', address: text }
}
