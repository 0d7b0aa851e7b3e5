import { sql } from 'kysely'
import type { Context } from '../../platform/context/context.ts'
import { membersOf } from '../../platform/identity/queries/members.ts'
import { settingsOf } from '../../signals/scoring/queries/definition.ts'
import { type NewNotice, notify } from '../notices/commands/notify.ts'

interface Named {
  name: string
  company: string | null
  assignee: string | null
  reasons: { nameJa: string; nameEn: string; from: number; to: number }[] | null
}

/** Reasons that a notice names. */
const mostReasons = 4

/** Tells the colleague whose it is now, and those who want to know, that a lead got hot. A lead that is gone is none. */
export async function tellHotLead(
  ctx: Context,
  id: string,
  { at, score, hotAt, assigneeId }: { at: string; score: number; hotAt: number; assigneeId: string | null },
): Promise<void> {
  const { rows } = await sql<Named>`
    select k.name, k.company, (select u.name from member m join app_user u on u.id = m.user_id
        where m.tenant_id = ${ctx.tenantId} and m.id = ${assigneeId}::uuid) as assignee, h.reasons
    from contact k
    left join lead_score_change h on h.tenant_id = ${ctx.tenantId} and h.contact_id = k.id and h.at = ${at}::timestamptz
    where k.tenant_id = ${ctx.tenantId} and k.id = ${id} and k.merged_into is null`.execute(ctx.tx)
  const [lead] = rows
  if (!lead) return
  const who = lead.company
    ? { ja: `${lead.name}（${lead.company}）`, en: `${lead.name} (${lead.company})` }
    : both(lead.name)
  const reasons = (lead.reasons ?? []).slice(0, mostReasons)
  const signed = (points: number) => `${points > 0 ? '+' : ''}${points}`
  const why = (name: 'nameJa' | 'nameEn') => reasons.map(each => `${each[name]} ${signed(each.to - each.from)}`)
  const points = Math.round(score * 10) / 10
  await notify(ctx, [
    {
      topic: 'opportunity',
      severity: 'high',
      subject: { kind: 'contact', id },
      title: { ja: `ホットリード: ${who.ja} ${points}点`, en: `Hot lead: ${who.en}, ${points} points` },
      text: {
        ja: [
          `スコアが${hotAt}点に達しました。`,
          reasons.length > 0 ? `要因: ${why('nameJa').join('、')}。` : '',
          lead.assignee ? `担当は${lead.assignee}さんです。早めにご連絡ください。` : '担当者は未定です。',
        ].join(''),
        en: [
          `The score reached ${hotAt} points.`,
          reasons.length > 0 ? `Why: ${why('nameEn').join(', ')}.` : '',
          lead.assignee ? `It is given to ${lead.assignee}: get in touch soon.` : 'Nobody has it yet.',
        ]
          .filter(Boolean)
          .join(' '),
      },
      link: `/contacts/${id}`,
      key: `lead:${id}:hot:${at}`,
      to: await receivers(ctx, assigneeId),
    },
  ])
}

/** Tells once that many leads got hot together, as after a change of the rules: everybody how many are theirs. */
export async function tellHotLeads(
  ctx: Context,
  { at, leads, hotAt }: { at: string; leads: number; hotAt: number },
): Promise<void> {
  const { rows } = await sql<{ assignee: string; leads: number }>`
    select assignee_id as assignee, count(*)::int as leads from lead_score_state
    where tenant_id = ${ctx.tenantId} and changed_at = ${at}::timestamptz and hot_since = ${at}::timestamptz and assignee_id is not null
    group by 1`.execute(ctx.tx)
  const about = { topic: 'opportunity', severity: 'high', link: '/leads?hot=true' } as const
  const own = rows.map(
    (line): NewNotice => ({
      ...about,
      title: { ja: `ホットリード${line.leads}件の担当になりました`, en: `${line.leads} hot leads are yours` },
      text: {
        ja: `${hotAt}点に達したリードが割り当てられました。スコアの高い順にご連絡ください。`,
        en: `They reached ${hotAt} points. Begin with the highest score.`,
      },
      key: `leads:hot:${at}:${line.assignee}`,
      to: { members: [line.assignee] },
    }),
  )
  await notify(ctx, [
    ...own,
    {
      ...about,
      title: { ja: `${leads}件のリードがホットになりました`, en: `${leads} leads got hot` },
      text: {
        ja: `一度に${leads}件が${hotAt}点に達しました。配点ルールの変更や取り込みの影響をご確認ください。`,
        en: `${leads} reached ${hotAt} points at once, as after a change of rules or an import.`,
      },
      key: `leads:hot:${at}`,
      to: await receivers(ctx, null),
    },
  ])
}

async function receivers(ctx: Context, assigneeId: string | null): Promise<NewNotice['to']> {
  const { notify: told, channels } = await settingsOf(ctx)
  const members = await membersOf(ctx, told)
  return { members: [...new Set([...(assigneeId ? [assigneeId] : []), ...members])], channels }
}

function both(text: string) {
  return { ja: text, en: text }
}
