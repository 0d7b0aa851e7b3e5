import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { atStake } from './customers/accounts/queries/stake.ts'
import { writeChanges } from './engage/tasks/commands/change.ts'
import { createTasks, type TaskDraft } from './engage/tasks/commands/create.ts'
import type { Priority } from './engage/tasks/contract/shapes.ts'
import { lockTasks, type TaskValues } from './engage/tasks/queries/stored.ts'
import type { Context } from './platform/context/context.ts'

/** What colleagues of the demo have to do, and in how many days; one a customer, those with most at stake first. */
const plan: readonly [title: string, days: number | null, priority: Priority, items?: readonly string[]][] = [
  ['更新条件の見積もりを送付する', -2, 'high'],
  [
    '利用減少の理由をヒアリングする',
    -1,
    'urgent',
    ['利用者の一覧を確認する', '推進担当者に電話する', '対応方針を記録する'],
  ],
  ['四半期レビューの資料を準備する', 0, 'high', ['利用実績をまとめる', 'ROIを試算する', '先方と日程を調整する']],
  ['未解決チケットの状況を報告する', 0, 'urgent'],
  ['新しい管理者に操作説明をする', 0, 'medium'],
  ['NPSのコメントに返信する', 1, 'medium'],
  ['契約書の変更点を法務に確認する', 2, 'medium'],
  ['追加ライセンスを提案する', 3, 'high'],
  ['導入事例の取材を依頼する', 5, 'low'],
  ['定例会の議題を送る', 6, 'medium'],
  ['請求先の変更を確認する', 9, 'low'],
  ['活用セミナーを案内する', null, 'low'],
]

/** How far some of them are, so that the board shows it; the others are open. */
const progress: readonly Partial<TaskValues>[] = [
  { status: 'in_progress' },
  {},
  { status: 'waiting', reason: '先方の回答待ち' },
  {},
  { status: 'done' },
  {},
]

/** The tasks of a demo company; each fifth is the administrator's, as whom the demo is looked at. */
export async function taskDemo(ctx: Context): Promise<void> {
  const { rows } = await sql<{ id: string; owner_id: string | null; due: (string | null)[] }>`
    select c.id, c.owner_id, array(select ((${ctx.now}::timestamptz at time zone company.time_zone)::date + line.days)::text
      from unnest(${plan.map(([, days]) => days)}::int[]) with ordinality as line (days, place) order by line.place) as due
    from customer c join tenant company on company.id = ${ctx.tenantId}
    where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.status <> 'CHURNED' and c.owner_id is not null
    order by ${atStake(ctx)} desc, c.id limit 60`.execute(ctx.tx)
  const drafts = rows.map(({ id, due }, place): TaskDraft => {
    const at = place % plan.length
    const [title, , priority, items = []] = plan[at]!
    return {
      title,
      customerId: id,
      dueOn: due[at] ?? null,
      priority,
      checklist: items.map((text, item) => ({ id: randomUUID(), text, done: item === 0 && place % 2 === 0 })),
      source: 'manual',
      assign: place % 5 === 0 ? { kind: 'role', role: 'administrator', by: 'load' } : { kind: 'owner' },
    }
  })
  const ids = (await createTasks(ctx, drafts)).map(({ id }) => id)
  const tasks = await lockTasks(ctx, sql`t.id = any(${ids}::uuid[])`)
  await writeChanges(
    ctx,
    tasks.map((task, place) => ({ task, next: { ...task.values, ...progress[place % progress.length] } })),
  )
}
