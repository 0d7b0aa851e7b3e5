import { tableScopes } from './modules.ts'
import type { Settings } from './platform/config/settings.ts'
import { migrate } from './platform/db/migrate.ts'
import { applicationPassword } from './platform/db/pool.ts'
import { loadKeyring } from './platform/secrets/keyring.ts'

/** Brings the settings' database to the newest schema. @returns names of the migrations that were applied now */
export async function runMigrate(settings: Settings, ownerUrl: string): Promise<string[]> {
  const keyring = await loadKeyring(settings)
  return migrate(ownerUrl, { applicationPassword: applicationPassword(keyring.root), tableScopes })
}
