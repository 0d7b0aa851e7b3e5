import { v7 as uuidv7 } from 'uuid'
import { openInstallation } from './installation.ts'
import { runMigrate } from './migrate.ts'
import { type OwnDatabase, withDatabase } from './own-database.ts'
import { settings } from './platform/config/environment.ts'
import { publicUrl } from './platform/config/settings.ts'
import type { Actor, Origin } from './platform/context/context.ts'
import type { Installation } from './platform/context/installation.ts'

/**
 * The third gate: what the operator does on the machine itself, beside what comes in by HTTP and by jobs. It works on a
 * running installation, on a stopped one (whose database it starts for that long) and with DATABASE_URL.
 */
export const operator: Actor = { kind: 'system', id: undefined, name: 'operator' }

/**
 * Opens the installation for one command. A schema behind this program is mended only where nobody else works with it.
 * @param poolSize connections that the work needs at a time
 */
export async function operate<Result>(
  work: (installation: Installation, database: OwnDatabase) => Promise<Result>,
  poolSize = 2,
): Promise<Result> {
  return withDatabase(settings(), async database => {
    if (database.alone) await runMigrate(settings(), database.ownerUrl)
    const address = database.address ?? publicUrl(settings())
    const installation = await openInstallation({ ...settings(), poolSize }, database.ownerUrl, address)
    try {
      return await work(installation, database)
    } finally {
      await installation.pool.end()
    }
  })
}

/** Surroundings of one command of the operator. */
export function origin(): Origin {
  return { requestId: `operator ${uuidv7()}`, network: undefined, locale: 'en', now: new Date() }
}
