import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Context } from '../../context/context.ts'
import { locks } from '../../db/locks.ts'
import type { Role } from '../../permissions/contract.ts'
import type { AccountContext } from '../../tenancy/transaction.ts'
import { hashPassword } from '../password.ts'
import { addMember, createPerson, provisionCompany } from './provision.ts'
import { findPerson } from './sign-up.ts'
import { makeTeam } from './teams.ts'

/** Who signs in to the demo. */
export const demoEmail = 'admin@demo.kizuna.example'

const people: { name: string; address: string; role: Role; team?: string }[] = [
  { name: '橋本 健太郎', address: 'hashimoto', role: 'head_of_cs' },
  { name: '大西 茜', address: 'onishi', role: 'cs_manager', team: 'エンタープライズ' },
  { name: '佐々木 悠斗', address: 'sasaki', role: 'csm', team: 'エンタープライズ' },
  { name: 'González-Ikeda Mariana', address: 'mariana', role: 'csm', team: 'エンタープライズ' },
  { name: '小林 結衣', address: 'kobayashi', role: 'cs_manager', team: 'ミッドマーケット' },
  { name: '三浦 大輔', address: 'miura', role: 'csm', team: 'ミッドマーケット' },
  { name: 'Priya Raman', address: 'priya', role: 'csm', team: 'ミッドマーケット' },
  { name: '長谷川 さくら', address: 'hasegawa', role: 'onboarding', team: '導入支援' },
  { name: '石井 直樹', address: 'ishii', role: 'education', team: '導入支援' },
  { name: '藤田 真由美', address: 'fujita', role: 'support_l1' },
  { name: 'Tom Lindqvist', address: 'tom', role: 'support_l2' },
  { name: '中村 亮', address: 'nakamura', role: 'analyst' },
  { name: '岡本 千尋', address: 'okamoto', role: 'sales_marketing' },
  { name: '清水 一馬', address: 'shimizu', role: 'read_only' },
]

/**
 * Makes a demo company with its colleagues and teams. The same people work in every demo; only the administrator's
 * password is known to anybody, and only where they are made now.
 * @returns its surroundings; undefined when there is one of this address already
 */
export async function createDemoCompany(
  account: AccountContext,
  password: string,
  { name: companyName, slug } = { name: 'デモ株式会社', slug: 'demo' },
): Promise<Context | undefined> {
  await waitForDemo(account)
  const known = await sql`select 1 from tenant_directory where slug = ${slug}`.execute(account.tx)
  if (known.rows.length > 0) return undefined
  const passwordHash = await hashPassword(password)
  const person = async (name: string, email: string, hash: string) =>
    (await findPerson(account, email))?.id ??
    createPerson(account, { name, email, passwordHash: hash, locale: 'ja', timeZone: 'Asia/Tokyo' })
  const administrator = await person('佐藤 美咲', demoEmail, passwordHash)
  if (!administrator) return undefined
  const company = { name: companyName, slug, locale: 'ja', timeZone: 'Asia/Tokyo', demo: true } as const
  const ctx = await provisionCompany(account, company, administrator)
  const teams = new Map<string, string[]>()
  for (const { name, address, role, team } of people) {
    // A hash that no password has: these colleagues are there to be looked at.
    const userId = await person(name, `${address}@demo.kizuna.example`, passwordHash.replace(/[^$]+$/, 'none'))
    const memberId = userId && (await addMember(ctx, userId, role))
    if (team && memberId) teams.set(team, [...(teams.get(team) ?? []), memberId])
  }
  ctx.actor = { kind: 'system', id: undefined, name: 'demo' }
  for (const [name, memberIds] of teams) await makeTeam(ctx, { name, memberIds })
  return ctx
}

/** Whoever comes second asks until the first demo is whole: on a slow machine that takes longer than a statement may. */
async function waitForDemo(account: AccountContext): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ free: boolean }>`select pg_try_advisory_xact_lock(${locks.demo}) as free`.execute(
      account.tx,
    )
    if (rows[0]!.free) return
    await setTimeout(500)
  }
}
