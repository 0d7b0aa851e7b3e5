import { sql } from 'kysely'
import { createTemplate, updateTemplate } from '../../../engage/messages/commands/templates.ts'
import { createTopic, deleteTopic, updateTopic } from '../../../engage/messages/commands/topics.ts'
import { messageTemplateItem } from '../../../engage/messages/contract/templates.ts'
import { newTopic } from '../../../engage/messages/contract/topics.ts'
import { templatesWithContent } from '../../../engage/messages/queries/templates.ts'
import { topicList } from '../../../engage/messages/queries/topics.ts'
import type { Context, JsonObject } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { sameJson } from '../difference.ts'
import { keyed, picked, type Section } from './section.ts'

const topicFields = Object.keys(newTopic.shape)

/** What messages are about. */
export const messageTopics: Section = {
  name: 'messageTopics',
  keyOf: keyed,
  async stored(ctx) {
    return (await topicsOf(ctx)).map(item => ({
      id: item.id as string,
      key: item.key as string,
      item: picked(item, topicFields),
    }))
  },
  async create(ctx, item) {
    await createTopic(ctx, newTopic.parse(item))
  },
  async change(ctx, { id, item: before }, item) {
    const { key: _, kind, ...input } = newTopic.parse(item)
    if (kind !== before.kind) {
      throw new AppError('conflict', {
        ja: '配信トピックの種類は変更できません。別のキーで追加してください。',
        en: 'The kind of a topic stays. Add another one with its own key.',
      })
    }
    await updateTopic(ctx, id, input)
  },
  async remove(ctx, { id }) {
    try {
      await deleteTopic(ctx, id)
    } catch (error) {
      // What people chose of it, and the messages that were sent about it, still name it.
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error
    }
  },
}

/** Of names in both languages, the one in the language of the company. */
export async function nameInLanguage(ctx: Context, item: JsonObject): Promise<JsonObject> {
  const { name } = item
  if (typeof name !== 'object' || name === null || Array.isArray(name)) return item
  const { rows } = await sql<{ locale: string }>`select locale from tenant where id = ${ctx.tenantId}`.execute(ctx.tx)
  return { ...item, name: name[rows[0]!.locale]! }
}

/** Templates of messages; archived ones count as gone, since messages that were sent name them. */
export const messageTemplates: Section = {
  name: 'messageTemplates',
  keyOf: keyed,
  settle: nameInLanguage,
  async stored(ctx) {
    return (await templatesWithContent(ctx))
      .filter(({ state }) => state === 'active')
      .map(({ id, key, name, topic, content }) => ({
        id,
        key,
        item: { key, name, topic, content } as unknown as JsonObject,
      }))
  },
  async create(ctx, item) {
    const { key, ...input } = await readTemplate(ctx, item)
    const archived = (await templatesWithContent(ctx)).find(each => each.key === key)
    if (archived) await updateTemplate(ctx, archived.id, { ...input, state: 'active' })
    else await createTemplate(ctx, { key, ...input })
  },
  async change(ctx, { id, item: before }, item) {
    const { key: _, content, ...input } = await readTemplate(ctx, item)
    const isSame = sameJson(before.content, item.content)
    await updateTemplate(ctx, id, isSame ? input : { ...input, content })
  },
  remove: (ctx, { id }) => updateTemplate(ctx, id, { state: 'archived', topicId: null }),
}

async function readTemplate(ctx: Context, item: JsonObject) {
  const { name, topic, ...input } = messageTemplateItem.parse(item)
  const found = topic === null ? null : (await topicsOf(ctx)).find(({ key }) => key === topic)
  if (found === undefined) {
    throw new AppError('invalid_input', {
      ja: `配信トピック「${topic}」がありません。先に追加してください。`,
      en: `There is no topic "${topic}". Add it first.`,
    })
  }
  return { ...input, name: typeof name === 'string' ? name : name.ja, topicId: found && (found.id as string) }
}

async function topicsOf(ctx: Context): Promise<JsonObject[]> {
  return (JSON.parse((await topicList(ctx)).text) as { items: JsonObject[] }).items
}
