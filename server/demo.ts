import { randomBytes, randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Installation } from './platform/context/installation.ts'
import { createDemoCompany, demoEmail } from './platform/identity/commands/demo.ts'
import { inAccount } from './platform/tenancy/transaction.ts'

export interface DemoSignIn {
  email: string
  password: string
}

/**
 * Makes the demo company at the first start. Its password is random and kept in the data folder (readable by its
 * owner only), so that no installation can be entered with a password that is written in a manual.
 * @returns how to sign in; undefined when the demo was made from another data folder
 */
export async function openDemo(installation: Installation, dataDir: string): Promise<DemoSignIn | undefined> {
  const file = join(dataDir, 'demo-sign-in.json')
  const known = await readSignIn(file)
  const signIn = known ?? { email: demoEmail, password: randomBytes(9).toString('base64url') }
  const origin = { requestId: `demo ${randomUUID()}`, network: undefined, locale: 'ja', now: new Date() } as const
  await inAccount(installation, origin, async account => {
    // Before the commit, under the lock of the demo: one whose password nobody has would be there for ever. A file
    // whose demo was rolled back gives the next one its password.
    if (await createDemoCompany(account, signIn.password)) await keepSignIn(file, signIn)
  })
  // Another process of this data folder may have made the demo meanwhile.
  return known ?? readSignIn(file)
}

async function keepSignIn(file: string, signIn: DemoSignIn): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(signIn), { mode: 0o600 })
  await rename(`${file}.new`, file)
}

async function readSignIn(file: string): Promise<DemoSignIn | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
}
