import { sql } from 'kysely'
import { origin } from './operate.ts'
import { type TenantId, tenantIdOf } from './platform/context/context.ts'
import type { Installation } from './platform/context/installation.ts'
import { AppError } from './platform/errors/app-error.ts'
import { inAccount } from './platform/tenancy/transaction.ts'

/** Every company with its address. */
export async function directory(installation: Installation): Promise<{ tenantId: TenantId; slug: string }[]> {
  const { rows } = await inAccount(installation, origin(), account =>
    sql<{ tenant_id: string; slug: string }>`
      select tenant_id, slug from tenant_directory order by tenant_id`.execute(account.tx),
  )
  return rows.map(row => ({ tenantId: tenantIdOf(row.tenant_id), slug: row.slug }))
}

/** @param slug address or id of a company @throws AppError `not_found` */
export async function tenantOf(installation: Installation, slug: string): Promise<TenantId> {
  const found = (await directory(installation)).find(tenant => tenant.slug === slug || tenant.tenantId === slug)
  if (found) return found.tenantId
  throw new AppError('not_found', {
    ja: `会社「${slug}」はありません。「kizuna tenant list」で確認してください。`,
    en: `There is no company "${slug}". See "kizuna tenant list".`,
  })
}

/** The company that is meant where none is named: the only one there is. @throws AppError `invalid_input` when there are several */
export async function tenantOrOnly(installation: Installation, slug: string | undefined): Promise<TenantId> {
  if (slug !== undefined) return tenantOf(installation, slug)
  const all = await directory(installation)
  if (all.length === 1) return all[0]!.tenantId
  throw new AppError('invalid_input', {
    ja: `会社が${all.length}社あります。--tenant で指定してください。「kizuna tenant list」で確認できます。`,
    en: `There are ${all.length} companies. Name one by --tenant; see "kizuna tenant list".`,
  })
}
