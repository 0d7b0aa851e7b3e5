import { createFlow, publishFlow } from './engage/flows/commands/flows.ts'
import { runDue } from './engage/flows/commands/run.ts'
import { flowDocument } from './engage/flows/contract/document.ts'
import { createTemplate } from './engage/messages/commands/templates.ts'
import { createTopic } from './engage/messages/commands/topics.ts'
import { templateContent } from './engage/messages/contract/blocks.ts'
import type { Context } from './platform/context/context.ts'

/** Days before today on which the demo's flow began, and was looked at again. */
const began = 4
const lookedAt = 1

const rescue = flowDocument.parse({
  subject: 'customer',
  triggers: [{ kind: 'score', score: 'health', crosses: 'down', value: 45 }, { kind: 'manual' }],
  entry: { field: 'status', op: 'in', value: ['ACTIVE', 'AT_RISK'] },
  start: 'call',
  steps: [
    {
      key: 'call',
      kind: 'call',
      title: '{name}に電話し、状況を伺う',
      description: '直近の利用状況と問い合わせを確認してから電話してください。',
      assign: { kind: 'owner' },
      dueDays: 1,
      priority: 'high',
      next: 'rest',
    },
    { key: 'rest', kind: 'wait', amount: 2, unit: 'days', at: '09:00', next: 'better' },
    {
      key: 'better',
      kind: 'branch',
      name: '健全度は回復したか',
      cases: [{ name: '回復', condition: { field: 'healthScore', op: 'at_least', value: 40 }, next: 'thanks' }],
      otherwise: 'offer',
    },
    { key: 'thanks', kind: 'change', changes: [{ kind: 'add_tag', tag: '回復' }], next: null },
    {
      key: 'offer',
      kind: 'approval',
      question: '{name}に3か月20%引きを提案してよいですか',
      approvers: [{ kind: 'role', role: 'administrator' }, { kind: 'owner_lead' }],
      withinHours: 96,
      approved: 'propose',
      refused: 'escalate',
      silent: 'escalate',
    },
    {
      key: 'propose',
      kind: 'task',
      title: '{name}に継続の条件を提案する',
      assign: { kind: 'owner' },
      dueDays: 2,
      priority: 'high',
      next: null,
    },
    {
      key: 'escalate',
      kind: 'notice',
      title: { ja: '{name}の対応を相談したい', en: '{name} needs a decision' },
      text: {
        ja: '値引きの提案は見送りました。次の打ち手を検討してください。',
        en: 'The discount was not offered. Please decide what comes next.',
      },
      to: [{ kind: 'owner_lead' }],
      next: null,
    },
  ],
  exits: [{ name: '解約した', condition: { field: 'status', op: 'in', value: ['CHURNED'] } }],
  goal: { condition: { field: 'healthScore', op: 'at_least', value: 60 }, withinDays: 60 },
  holdoutPercent: 20,
})

const welcome = flowDocument.parse({
  subject: 'contact',
  triggers: [{ kind: 'happening', type: 'contact.created' }],
  start: 'hello',
  steps: [
    { key: 'hello', kind: 'email', template: 'welcome', next: 'days' },
    {
      key: 'days',
      kind: 'wait_condition',
      name: '初回ログインまで',
      condition: { field: 'lastLoginAt', op: 'is_set' },
      timeoutDays: 3,
      met: null,
      timeout: 'remind',
    },
    {
      key: 'remind',
      kind: 'task',
      title: '{name}さんの初回ログインを手伝う',
      assign: { kind: 'owner' },
      dueDays: 1,
      next: null,
    },
  ],
})

const letter = templateContent.parse({
  ja: {
    subject: '{{ contact.name }} 様、ようこそ',
    preheader: '最初の3ステップをご案内します',
    blocks: [
      { kind: 'heading', text: '{{ contact.name }} 様、ご登録ありがとうございます' },
      { kind: 'text', text: '最初の1週間で成果を感じていただけるよう、次の3つから始めることをおすすめしています。' },
      {
        kind: 'list',
        items: ['チームのメンバーを招待する', '最初のプロジェクトを作る', '週次レポートを受け取る'],
        ordered: true,
      },
      { kind: 'text', text: 'ご不明な点は、このメールにそのままご返信ください。' },
    ],
  },
  en: {
    subject: 'Welcome, {{ contact.name }}',
    preheader: 'Three steps to begin with',
    blocks: [
      { kind: 'heading', text: 'Welcome, {{ contact.name }}' },
      { kind: 'text', text: 'To see results within the first week, we suggest you begin with these three.' },
      {
        kind: 'list',
        items: ['Invite your team', 'Make your first project', 'Turn on the weekly report'],
        ordered: true,
      },
      { kind: 'text', text: 'Questions? Simply answer this mail.' },
    ],
  },
})

/** A flow that has run for some days, with approvals that wait; another one as a draft, with the letter that it sends. */
export async function flowDemo(ctx: Context): Promise<void> {
  const topicId = await createTopic(ctx, {
    key: 'product-guide',
    nameJa: '製品の使い方',
    nameEn: 'Product guide',
    descriptionJa: '',
    descriptionEn: '',
    kind: 'marketing',
    position: 0,
  })
  await createTemplate(ctx, { key: 'welcome', name: 'ようこそ', topicId, content: letter })
  await createFlow(ctx, {
    key: 'welcome',
    nameJa: '新しい利用者への案内',
    nameEn: 'Guide for new users',
    description: '登録した利用者に案内を送り、3日たってもログインがなければ担当者が手伝います。',
    kind: 'onboarding',
    document: welcome,
  })
  const ago = (days: number): Context => ({ ...ctx, now: new Date(ctx.now.getTime() - days * 86_400_000) })
  const then = ago(began)
  const id = await createFlow(then, {
    key: 'rescue',
    nameJa: '健全度低下への対応',
    nameEn: 'Rescue of unhealthy customers',
    description: '健全度が45を下回った顧客に電話し、2日たっても戻らなければ、承認を得て条件を提案します。',
    kind: 'intervention',
    document: rescue,
  })
  await publishFlow(then, id, { startMatching: true })
  await runDue(then)
  await runDue(ago(lookedAt))
}
