import { randomBytes, randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DemoWish } from './collect/demo/commands/fill.ts'
import { predictDemo } from './demo-churn.ts'
import { demoBatch, fillDemo } from './demo-customers.ts'
import { flowDemo } from './demo-flows.ts'
import { interestDemo } from './demo-leads.ts'
import { stageDemo } from './demo-lifecycle.ts'
import { messageDemo } from './demo-messages.ts'
import { onboardDemo } from './demo-onboarding.ts'
import { judgeDemo } from './demo-signals.ts'
import { taskDemo } from './demo-tasks.ts'
import { upsellDemo } from './demo-upsell.ts'
import type { Actor, Context } from './platform/context/context.ts'
import type { Installation } from './platform/context/installation.ts'
import { AppError } from './platform/errors/app-error.ts'
import { createDemoCompany, demoEmail } from './platform/identity/commands/demo.ts'
import { findPerson } from './platform/identity/commands/sign-up.ts'
import { inAccount, inTenant } from './platform/tenancy/transaction.ts'

/** What the first start fills the demo company with. */
const firstDemo = { customers: 300, months: 18, seed: 1 }

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
    const ctx = await createDemoCompany(account, signIn.password)
    if (!ctx) return
    for (let first = 0; first < firstDemo.customers; first += demoBatch) await fillDemo(ctx, firstDemo, first)
    await enliven(ctx, firstDemo)
    // Mails to everybody: of a demo of many thousands of customers that is a load, not a picture.
    await messageDemo(ctx)
    // Before the commit, under the lock of the demo: one whose password nobody has would be there for ever. A file
    // whose demo was rolled back gives the next one its password.
    await keepSignIn(file, signIn)
  })
  // Another process of this data folder may have made the demo meanwhile.
  return known ?? readSignIn(file)
}

/** What judges customers and works with them, once they are there: each part stands on those before it. */
async function enliven(ctx: Context, wish: DemoWish): Promise<void> {
  await judgeDemo(ctx, wish.months)
  await interestDemo(ctx, wish)
  await stageDemo(ctx)
  await predictDemo(ctx)
  await taskDemo(ctx)
  await onboardDemo(ctx)
  await flowDemo(ctx)
  await upsellDemo(ctx)
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

export interface DemoReport {
  tenantId: string
  slug: string
  email: string
  /** Only where the people of the demo were made now; else they have the one of the first demo. */
  password: string | null
}

/**
 * Makes another demo company of any size, a batch of customers a transaction.
 * @param tell is told how many customers there are so far
 * @throws AppError `conflict` where there is one of this address already
 */
export async function makeDemo(
  installation: Installation,
  wish: DemoWish & { slug: string },
  tell: (done: number) => void,
): Promise<DemoReport> {
  const origin = { requestId: `demo ${randomUUID()}`, network: undefined, locale: 'ja', now: new Date() } as const
  const password = randomBytes(9).toString('base64url')
  const { tenantId, isNew } = await inAccount(installation, origin, async account => {
    const isNew = (await findPerson(account, demoEmail)) === undefined
    const name = `デモ株式会社（${wish.customers.toLocaleString('ja-JP')}社）`
    const ctx = await createDemoCompany(account, password, { name, slug: wish.slug })
    if (ctx) return { tenantId: ctx.tenantId, isNew }
    throw new AppError('conflict', {
      ja: `「${wish.slug}」という会社はすでにあります。--slug で別の名前を指定してください。`,
      en: `There is a company "${wish.slug}" already. Give another name by --slug.`,
    })
  })
  const actor: Actor = { kind: 'system', id: undefined, name: 'demo' }
  for (let first = 0; first < wish.customers; first += demoBatch) {
    await inTenant(installation, origin, tenantId, actor, ctx => fillDemo(ctx, wish, first))
    tell(Math.min(first + demoBatch, wish.customers))
  }
  await inTenant(installation, origin, tenantId, actor, ctx => enliven(ctx, wish))
  return { tenantId, slug: wish.slug, email: demoEmail, password: isNew ? password : null }
}
