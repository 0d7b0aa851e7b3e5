import { sql } from 'kysely'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import { compileWith } from '../../../catalog/conditions/queries/sql.ts'
import { type ConditionVocabulary, vocabularyOf } from '../../../catalog/conditions/queries/vocabulary.ts'
import { checkedAttributes } from '../../../customers/attributes/queries/attributes.ts'
import type { Context } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { Words } from '../../../platform/errors/words.ts'
import { nextRun } from '../clock.ts'
import type { FlowDocument } from '../contract/document.ts'
import { type FlowFault, graphFaults } from '../contract/graph.ts'
import type { Change, Step } from '../contract/steps.ts'
import { settableFields, settableValue } from '../settable.ts'
import { dateFieldOf } from './dates.ts'
import { conditionOf, isState } from './triggers.ts'

/** What is wrong with a flow: its graph, and what it names that is not there. */
export async function flowFaults(ctx: Context, document: FlowDocument): Promise<FlowFault[]> {
  const check = new Check(ctx, document, await vocabularyOf(ctx), await knownOf(ctx))
  await check.triggers()
  await check.steps()
  return [...graphFaults(document), ...check.faults]
}

interface Known {
  segments: Set<string>
  rules: Set<string>
  stages: Set<string>
  channels: Map<string, string>
  /** With their topics. */
  templates: Map<string, string>
  /** Messages inside the product, with their states. */
  shown: Map<string, string>
  members: Set<string>
  teams: Set<string>
}

async function knownOf(ctx: Context): Promise<Known> {
  const { rows } = await sql<{ kind: string; key: string; more: string | null }>`
    select 'segment' as kind, key, null as more from segment where tenant_id = ${ctx.tenantId} and state <> 'archived'
    union all select 'rule', key, null from alert_rule where tenant_id = ${ctx.tenantId} and state <> 'archived'
    union all select 'stage', key, null from lifecycle_stage where tenant_id = ${ctx.tenantId}
    union all select 'channel', key, kind from notice_channel where tenant_id = ${ctx.tenantId}
    union all select 'member', id::text, null from member where tenant_id = ${ctx.tenantId}
    union all select 'template', key, topic_id::text from message_template where tenant_id = ${ctx.tenantId} and state = 'active'
    union all select 'shown', key, state from in_app_message where tenant_id = ${ctx.tenantId}
    union all select 'team', id::text, null from team where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  const keys = (kind: string) => new Set(rows.flatMap(row => (row.kind === kind ? [row.key] : [])))
  return {
    segments: keys('segment'),
    rules: keys('rule'),
    stages: keys('stage'),
    channels: new Map(rows.flatMap(row => (row.kind === 'channel' ? [[row.key, row.more ?? '']] : []))),
    templates: new Map(rows.flatMap(row => (row.kind === 'template' ? [[row.key, row.more ?? '']] : []))),
    shown: new Map(rows.flatMap(row => (row.kind === 'shown' ? [[row.key, row.more ?? '']] : []))),
    members: keys('member'),
    teams: keys('team'),
  }
}

class Check {
  readonly faults: FlowFault[] = []
  #ctx: Context
  #document: FlowDocument
  #vocabulary: ConditionVocabulary
  #known: Known
  #step: string | null = null

  constructor(ctx: Context, document: FlowDocument, vocabulary: ConditionVocabulary, known: Known) {
    this.#ctx = ctx
    this.#document = document
    this.#vocabulary = vocabulary
    this.#known = known
  }

  async triggers(): Promise<void> {
    const { entry, exits, goal, subject } = this.#document
    for (const [place, trigger] of this.#document.triggers.entries()) {
      const path = `triggers.${place}`
      if (isState(trigger)) this.#condition(`${path}.condition`, conditionOf(trigger, subject))
      if (trigger.kind === 'segment')
        this.#named(`${path}.segment`, this.#known.segments, trigger.segment, segmentWords)
      if (trigger.kind === 'alert') this.#named(`${path}.rule`, this.#known.rules, trigger.rule, ruleWords)
      if (trigger.kind === 'answer' && trigger.least > trigger.most) this.#fault(`${path}.least`, rangeWords)
      if (trigger.kind === 'stage') this.#named(`${path}.stage`, this.#known.stages, trigger.stage, stageWords)
      if (trigger.kind === 'date')
        await this.#try(`${path}.field`, () => dateFieldOf(this.#ctx, subject, trigger.field))
      if (trigger.kind === 'schedule' && !nextRun(trigger.cron, this.#ctx.now, this.#vocabulary.zone)) {
        this.#fault(`${path}.cron`, cronWords)
      }
    }
    if (entry) this.#condition('entry', entry)
    for (const [place, { condition }] of exits.entries()) this.#condition(`exits.${place}.condition`, condition)
    if (goal) this.#condition('goal.condition', goal.condition)
  }

  async steps(): Promise<void> {
    for (const [place, step] of this.#document.steps.entries()) {
      this.#step = step.key
      await this.#one(`steps.${place}`, step)
    }
    this.#step = null
  }

  async #one(path: string, step: Step): Promise<void> {
    switch (step.kind) {
      case 'wait_date':
        await this.#try(`${path}.field`, () => dateFieldOf(this.#ctx, this.#document.subject, step.field))
        return
      case 'wait_condition':
        this.#condition(`${path}.condition`, step.condition)
        return
      case 'branch':
        for (const [place, { condition }] of step.cases.entries()) {
          this.#condition(`${path}.cases.${place}.condition`, condition)
        }
        return
      case 'task':
      case 'call':
      case 'meeting':
        this.#people(`${path}.assign`, [step.assign])
        return
      case 'assign':
        this.#people(`${path}.to`, [step.to])
        if (step.to.kind === 'owner') this.#fault(`${path}.to`, ownerWords)
        return
      case 'approval':
        this.#people(`${path}.approvers`, step.approvers)
        return
      case 'notice':
        this.#people(`${path}.to`, step.to)
        for (const channel of step.channels)
          this.#named(`${path}.channels`, this.#known.channels, channel, channelWords)
        if (step.to.length + step.channels.length === 0) this.#fault(`${path}.to`, nobodyWords)
        return
      case 'email':
        this.#named(`${path}.template`, this.#known.templates, step.template, templateWords)
        if (this.#known.templates.get(step.template) === '') this.#fault(`${path}.template`, topicWords)
        return
      case 'in_app':
        this.#named(`${path}.message`, this.#known.shown, step.message, shownWords)
        if (this.#known.shown.get(step.message) === 'draft') this.#fault(`${path}.message`, draftWords)
        return
      case 'webhook':
      case 'provision':
        if (this.#known.channels.get(step.channel) !== 'webhook')
          this.#fault(`${path}.channel`, step.channel === '' ? unchosenWords : webhookWords(step.channel))
        return
      case 'change':
        for (const [place, each] of step.changes.entries()) await this.#change(`${path}.changes.${place}`, each)
        return
      default:
    }
  }

  async #change(path: string, change: Change): Promise<void> {
    const { subject } = this.#document
    if (change.kind === 'field' && settableValue(subject, change.field, change.value) === undefined) {
      const fields = settableFields(subject)
      this.#fault(path, fields.includes(change.field) ? valueWords(change.field) : fieldWords(change.field, fields))
    }
    if (change.kind === 'attribute') {
      await this.#try(path, () => checkedAttributes(this.#ctx, subject, { [change.key]: change.value }, path))
    }
    if (change.kind !== 'stage') return
    if (subject === 'customer') this.#fault(path, contactOnlyWords)
    else this.#named(path, this.#known.stages, change.stage, stageWords)
  }

  #people(path: string, named: readonly { kind: string; id?: string }[]): void {
    for (const { kind, id } of named) {
      if (kind === 'member') this.#named(path, this.#known.members, id!, () => memberWords)
      if (kind === 'team') this.#named(path, this.#known.teams, id!, () => teamWords)
    }
  }

  #condition(path: string, condition: Condition): void {
    try {
      compileWith(this.#vocabulary, this.#ctx, this.#document.subject, condition)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      this.#fault(path, error.words)
    }
  }

  async #try(path: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      this.#fault(path, error.faults[0]?.message ?? error.words)
    }
  }

  #named(path: string, known: { has(key: string): boolean }, key: string, words: (key: string) => Words): void {
    if (!known.has(key)) this.#fault(path, key === '' ? unchosenWords : words(key))
  }

  #fault(path: string, message: Words): void {
    this.faults.push({ path, step: this.#step, message })
  }
}

const templateWords = (key: string) => ({
  ja: `識別名「${key}」のメールテンプレートはありません。`,
  en: `There is no template with the key "${key}".`,
})
const shownWords = (key: string) => ({
  ja: `識別名「${key}」のアプリ内メッセージはありません。`,
  en: `There is no in-app message with the key "${key}".`,
})
const draftWords = {
  ja: 'アプリ内メッセージがまだ有効になっていません。先に有効にしてください。',
  en: 'The in-app message is still a draft. Enable it first.',
}
const topicWords = {
  ja: 'テンプレートに配信トピックを設定してください。',
  en: 'The template has no topic yet. Choose one for it.',
}
const unchosenWords = { ja: '選ばれていない項目があります。', en: 'Something is not chosen yet.' }
const segmentWords = (key: string) => ({
  ja: `識別名「${key}」のセグメントはありません。`,
  en: `There is no segment with the key "${key}".`,
})
const ruleWords = (key: string) => ({
  ja: `識別名「${key}」のアラートルールはありません。`,
  en: `There is no alert rule with the key "${key}".`,
})
const stageWords = (key: string) => ({
  ja: `キー「${key}」のステージはありません。`,
  en: `There is no stage with the key "${key}".`,
})
const channelWords = (key: string) => ({
  ja: `識別名「${key}」の通知チャネルはありません。`,
  en: `There is no channel with the key "${key}".`,
})
const webhookWords = (key: string) => ({
  ja: `識別名「${key}」のWebhookチャネルはありません。通知チャネルの設定で作成してください。`,
  en: `There is no webhook channel with the key "${key}". Make one in the settings of channels.`,
})
const fieldWords = (field: string, fields: readonly string[]) => ({
  ja: `項目「${field}」はフローから変更できません。変更できるのは ${fields.join('、')} です。`,
  en: `Flows cannot change "${field}"; they can change ${fields.join(', ')}.`,
})
const valueWords = (field: string) => ({
  ja: `項目「${field}」に設定できない値です。`,
  en: `The value does not go with the field "${field}".`,
})
const memberWords = { ja: 'そのメンバーは会社にいません。', en: 'There is no such member in the company.' }
const teamWords = { ja: 'そのチームはありません。', en: 'There is no such team in the company.' }
const cronWords = {
  ja: 'cron式として読めません。例: 0 9 * * 1（毎週月曜9時）',
  en: 'No valid cron expression. Example: 0 9 * * 1 (Mondays at nine)',
}
const rangeWords = {
  ja: '点数の下限は、上限以下にしてください。',
  en: 'The lowest score must not be above the highest.',
}
const ownerWords = {
  ja: '担当CSMの割り当てでは、メンバー・チーム・ロールのいずれかを指定してください。',
  en: 'To give a customer a CSM, name a member, a team or a role.',
}
const nobodyWords = { ja: '通知の宛先を指定してください。', en: 'Say who is told.' }
const contactOnlyWords = {
  ja: 'ステージを変更できるのは、対象が担当者（コンタクト）のフローだけです。',
  en: 'Only flows about contacts can change the stage.',
}
