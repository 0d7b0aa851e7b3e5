import type pg from 'pg'
import { tenantIdOf } from '../context/context.ts'
import type { TableScopes } from '../db/tables.ts'
import type { Words } from '../errors/words.ts'

interface Result {
  state: 'well' | 'warning' | 'failed'
  words: Words
}

/** Whether every table of tenants has row-level security, forced, with its policy. */
export async function examineRowSecurity(owner: pg.ClientBase, scopes: TableScopes): Promise<Result> {
  const wanted = Object.entries(scopes).flatMap(([name, scope]) => (scope === 'tenant' ? [name] : []))
  const { rows } = await owner.query<{ name: string }>(
    `select c.relname as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relname = any($1) and c.relrowsecurity and c.relforcerowsecurity
      and exists (select 1 from pg_policy p where p.polrelid = c.oid)`,
    [wanted],
  )
  const guarded = new Set(rows.map(row => row.name))
  const open = wanted.filter(name => !guarded.has(name))
  if (open.length === 0) {
    return {
      state: 'well',
      words: { ja: `${wanted.length}個のテーブルで有効です。`, en: `On and forced for ${wanted.length} tables.` },
    }
  }
  return {
    state: 'failed',
    words: { ja: `無効なテーブル: ${open.join('、')}`, en: `Not on and forced for: ${open.join(', ')}` },
  }
}

/** Jobs that nobody works on although they are due, or that wait for a person. */
export async function examineJobs(pool: pg.Pool): Promise<Result> {
  const { rows } = await pool.query<{ stuck: number; failed: number }>(`
    select count(*) filter (where state = 'failed')::int as failed,
      count(*) filter (where (state = 'leased' and lease_until < now() - interval '5 minutes')
        or (state not in ('leased', 'failed', 'cancelled') and run_at < now() - interval '10 minutes'))::int as stuck
    from job /* all tenants */`)
  const { stuck = 0, failed = 0 } = rows[0] ?? {}
  if (stuck > 0) {
    return {
      state: 'failed',
      words: {
        ja: `${stuck}件のジョブが処理されていません。ワーカーが動いているか確認してください（失敗: ${failed}件）。`,
        en: `${stuck} jobs are due and nobody works on them: is a worker running? (${failed} failed.)`,
      },
    }
  }
  return {
    state: failed > 0 ? 'warning' : 'well',
    words:
      failed > 0
        ? {
            ja: `${failed}件のジョブが失敗しています。「kizuna jobs list --failed」で確認してください。`,
            en: `${failed} jobs failed and wait for a person; see "kizuna jobs list --failed".`,
          }
        : { ja: '滞留はありません。', en: 'None is stuck.' },
  }
}

/** Whether the head of every company's audit chain is its last line; `audit verify` recomputes all of it. */
export async function examineAuditHeads(pool: pg.Pool): Promise<Result> {
  const tenants = await pool.query<{ tenant_id: string }>('select tenant_id from tenant_directory order by tenant_id')
  const broken: string[] = []
  const client = await pool.connect()
  try {
    for (const { tenant_id } of tenants.rows) {
      await client.query(
        `begin isolation level repeatable read, read only; set local app.tenant = '${tenantIdOf(tenant_id)}'`,
      )
      const { rows } = await client.query<{ fits: boolean }>(
        `select h.sequence = coalesce(e.sequence, 0) and (e.hash is null or e.hash = h.hash) as fits
        from audit_head h left join lateral (
          select sequence, hash from audit_entry where tenant_id = $1 order by sequence desc limit 1) e on true
        where h.tenant_id = $1`,
        [tenant_id],
      )
      await client.query('commit')
      if (!rows[0]?.fits) broken.push(tenant_id)
    }
    client.release()
  } catch (error) {
    client.release(true)
    throw error
  }
  if (broken.length === 0) {
    const count = tenants.rows.length
    return {
      state: 'well',
      words: { ja: `${count}社の監査ログの末尾を確認しました。`, en: `The ends of all chains fit (${count}).` },
    }
  }
  return {
    state: 'failed',
    words: {
      ja: `監査ログの末尾が一致しません: ${broken.join('、')}。「kizuna audit verify」を実行してください。`,
      en: `The end of the chain does not fit for: ${broken.join(', ')}. Run "kizuna audit verify".`,
    },
  }
}
