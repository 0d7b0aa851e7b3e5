import { createAlertRule, deleteAlertRule, updateAlertRule } from '../../../engage/alerts/commands/rules.ts'
import { alertRuleItem, createAlertRule as contract } from '../../../engage/alerts/contract/rules.ts'
import { ruleList } from '../../../engage/alerts/queries/rules.ts'
import { changeTaskSettings } from '../../../engage/tasks/commands/rules.ts'
import { taskRulesItem } from '../../../engage/tasks/contract/settings.ts'
import { taskSettings } from '../../../engage/tasks/queries/stored.ts'
import type { Context, JsonObject } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { keyed, picked, type Section } from './section.ts'

const fields = Object.keys(alertRuleItem.shape)

/** Alert rules; archived ones count as gone, since a rule with a history of alerts is never deleted. */
export const alertRules: Section = {
  name: 'alertRules',
  keyOf: keyed,
  async stored(ctx) {
    return (await rulesOf(ctx))
      .filter(({ state }) => state !== 'archived')
      .map(item => ({ id: item.id as string, key: item.key as string, item: picked(item, fields) }))
  },
  async create(ctx, item) {
    const input = contract.body.parse(item)
    const old = (await rulesOf(ctx)).find(({ key }) => key === input.key)
    if (!old) {
      await createAlertRule(ctx, input)
      return
    }
    const { key: _, ...rest } = input
    await updateAlertRule(ctx, old.id as string, rest)
  },
  async change(ctx, { id }, item) {
    const { key: _, ...input } = contract.body.parse(item)
    await updateAlertRule(ctx, id, input)
  },
  async remove(ctx, { id }) {
    try {
      await deleteAlertRule(ctx, id)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error
      await updateAlertRule(ctx, id, { state: 'archived' })
    }
  },
}

async function rulesOf(ctx: Context): Promise<JsonObject[]> {
  return (JSON.parse((await ruleList(ctx)).text) as { items: JsonObject[] }).items
}

/** Which rules make tasks, and when a lead is told of late ones. */
export const taskRules: Section = {
  name: 'taskRules',
  single: true,
  keyOf: () => 'taskRules',
  stored: async ctx => [{ id: 'taskRules', key: 'taskRules', item: { ...(await taskSettings(ctx)) } }],
  create: async (ctx, item) => {
    await changeTaskSettings(ctx, taskRulesItem.parse(item))
  },
  change: async (ctx, _, item) => {
    await changeTaskSettings(ctx, taskRulesItem.parse(item))
  },
  // Every company has them.
  remove: async () => {},
}
