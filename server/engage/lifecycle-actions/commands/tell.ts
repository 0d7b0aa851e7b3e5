import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { Words } from '../../../platform/errors/words.ts'
import { membersOf } from '../../../platform/identity/queries/members.ts'
import type { StageAction } from '../../../signals/lifecycle/contract/stages.ts'
import { type NewNotice, notify } from '../../notices/commands/notify.ts'
import { settle } from './settle.ts'

/** Leads that are told one by one; of more that come into a stage at once, everybody is told once. */
const mostSingle = 5
/** Leads that a notice about many names. */
const mostNamed = 10

export interface Moved {
  id: string
  contact_id: string
  action: StageAction
  stage_id: string
  stage: Words
  from: Words | null
  name: string
  company: string | null
  lead_score: number | null
  reason: string | null
}

/** Actions with the moves for which they are done. */
export async function movedOf(ctx: Context, ids: readonly string[]): Promise<Moved[]> {
  const { rows } = await sql<Moved>`
    select a.id, a.contact_id, a.action, m.to_stage as stage_id, jsonb_build_object('ja', s.name_ja, 'en', s.name_en) as stage,
      case when here.id is not null then jsonb_build_object('ja', here.name_ja, 'en', here.name_en) end as "from",
      c.name, coalesce(c.company, (select k.name from customer k where k.tenant_id = ${ctx.tenantId} and k.id = c.customer_id)) as company,
      m.lead_score::float8 as lead_score, m.reason
    from lifecycle_action a
    join lifecycle_move m on m.tenant_id = ${ctx.tenantId} and m.id = a.move_id
    join contact c on c.tenant_id = ${ctx.tenantId} and c.id = a.contact_id
    join lifecycle_stage s on s.tenant_id = ${ctx.tenantId} and s.id = m.to_stage
    left join lifecycle_stage here on here.tenant_id = ${ctx.tenantId} and here.id = m.from_stage
    where a.tenant_id = ${ctx.tenantId} and a.id = any(${ids}::uuid[]) order by m.id`.execute(ctx.tx)
  return rows
}

/** Tells colleagues and channels who came into a stage. */
export async function tellAll(ctx: Context, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const groups = Map.groupBy(await movedOf(ctx, ids), ({ stage_id, action }) => stage_id + JSON.stringify(action))
  for (const moved of groups.values()) {
    const { action } = moved[0]!
    if (action.kind !== 'notify') continue
    const members = await membersOf(ctx, action.to)
    if (members.length + action.channels.length === 0) {
      await settle(ctx, idsOf(moved), { state: 'skipped', reason: 'nobody' })
      continue
    }
    const to = { members, channels: action.channels }
    const single = moved.length <= mostSingle
    const notices = single ? moved.map(each => noticeOf(each, to)) : [noticeOfMany(moved, to)]
    await notify(ctx, notices)
    for (const [place, { key }] of notices.entries()) {
      const told = single ? [moved[place]!] : moved
      await settle(ctx, idsOf(told), { state: 'done', reason: 'told', noticeKey: key })
    }
  }
}

const idsOf = (moved: readonly Moved[]) => moved.map(({ id }) => id)

/** A lead that came into a stage, in words. */
export function noticeOf(moved: Moved, to: NewNotice['to']): NewNotice {
  const { id, contact_id, stage, from, name, company, lead_score, reason } = moved
  const who = { ja: company ? `${name}（${company}）` : name, en: company ? `${name} (${company})` : name }
  const facts = (locale: 'ja' | 'en', words: { from: string; score: string; reason: string }) =>
    [
      ...(from ? [`${words.from}${from[locale]} → ${stage[locale]}`] : []),
      ...(lead_score === null ? [] : [`${words.score}${lead_score}`]),
      ...(reason === null ? [] : [`${words.reason}${reason}`]),
    ].join('\n') || who[locale]
  return {
    topic: 'leads',
    severity: 'high',
    subject: { kind: 'contact', id: contact_id },
    title: { ja: `${stage.ja}になりました: ${who.ja}`, en: `Now ${stage.en}: ${who.en}` },
    text: {
      ja: facts('ja', { from: 'ステージ: ', score: 'リードスコア: ', reason: '理由: ' }),
      en: facts('en', { from: 'Stage: ', score: 'Lead score: ', reason: 'Reason: ' }),
    },
    link: `/contacts/${contact_id}`,
    key: `lifecycle:${id}`,
    to,
  }
}

function noticeOfMany(moved: readonly Moved[], to: NewNotice['to']): NewNotice {
  const { stage, stage_id, id } = moved[0]!
  const names = moved.slice(0, mostNamed).map(({ name, company }) => (company ? `${name} (${company})` : name))
  const others = moved.length - names.length
  return {
    topic: 'leads',
    severity: 'high',
    title: { ja: `${stage.ja}になりました: ${moved.length}件`, en: `Now ${stage.en}: ${moved.length} leads` },
    text: {
      ja: `${names.join('、')}${others > 0 ? `、ほか${others}件` : ''}`,
      en: `${names.join(', ')}${others > 0 ? `, and ${others} more` : ''}`,
    },
    link: `/lifecycle?stage=${stage_id}`,
    key: `lifecycle:${id}`,
    to,
  }
}
