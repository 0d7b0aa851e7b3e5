import { tableScopes } from './modules.ts'
import type { Settings } from './platform/config/settings.ts'
import { migrate } from './platform/db/migrate.ts'
import { applicationPassword } from './platform/db/pool.ts'
import { loadKeyring } from './platform/secrets/keyring.ts'
import { proveKeys } from './platform/secrets/proof.ts'

/** Brings the settings' database to the newest schema. @returns names of the migrations that were applied now */
export async function runMigrate(settings: Settings, ownerUrl: string): Promise<string[]> {
  const keyring = await loadKeyring(settings)
  // First, since migrating sets the password that derives from the keys: wrong ones would lock out other servers.
  await proveKeys(ownerUrl, keyring)
  return migrate(ownerUrl, { applicationPassword: applicationPassword(keyring.root), tableScopes })
}
