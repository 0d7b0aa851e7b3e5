import { type Implementation, implement } from '../../platform/http/implement.ts'
import * as bulk from './commands/bulk.ts'
import { createCalendarLink, requirePerson, revokeCalendarLink } from './commands/calendar.ts'
import { changeTaskSettings } from './commands/rules.ts'
import * as tasks from './commands/tasks.ts'
import * as bulkContract from './contract/bulk.ts'
import * as calendarContract from './contract/calendar.ts'
import { countTasks } from './contract/counts.ts'
import * as settingsContract from './contract/settings.ts'
import * as contract from './contract/tasks.ts'
import { calendarFor, calendarLinks } from './queries/calendar.ts'
import { taskSettings } from './queries/stored.ts'
import { oneTask, taskCounts, taskPage } from './queries/tasks.ts'

export const routes: Implementation[] = [
  implement(contract.listTasks, (ctx, { query }) => taskPage(ctx, query)),
  implement(countTasks, ctx => taskCounts(ctx)),
  implement(contract.createTask, async (ctx, { body }) => oneTask(ctx, await tasks.createTask(ctx, body))),
  implement(contract.getTask, (ctx, { params }) => oneTask(ctx, params.id)),
  implement(contract.updateTask, async (ctx, { params, body }) => {
    await tasks.updateTask(ctx, params.id, body)
    return oneTask(ctx, params.id)
  }),
  implement(contract.deleteTask, async (ctx, { params }) => {
    await tasks.deleteTask(ctx, params.id)
    return undefined
  }),
  implement(contract.completeTask, async (ctx, { params }) => ({ nextId: await tasks.completeTask(ctx, params.id) })),
  implement(contract.reopenTask, async (ctx, { params }) => {
    await tasks.reopenTask(ctx, params.id)
    return oneTask(ctx, params.id)
  }),
  implement(contract.commentTask, async (ctx, { params, body }) => ({
    id: await tasks.commentTask(ctx, params.id, body.text),
  })),
  implement(bulkContract.bulkCreateTasks, (ctx, { body }) => bulk.bulkCreateTasks(ctx, body)),
  implement(bulkContract.bulkChangeTasks, (ctx, { body }) => bulk.bulkChangeTasks(ctx, body)),
  implement(bulkContract.undoTasks, async (ctx, { params }) => ({ changed: await bulk.undoTasks(ctx, params.id) })),
  implement(calendarContract.listCalendarLinks, ctx => calendarLinks(ctx, requirePerson(ctx))),
  implement(calendarContract.createCalendarLink, (ctx, { body }) => createCalendarLink(ctx, body.name)),
  implement(calendarContract.revokeCalendarLink, async (ctx, { params }) => {
    await revokeCalendarLink(ctx, params.id)
    return undefined
  }),
  implement(calendarContract.taskCalendar, (account, { query }) => calendarFor(account, query.token)),
  implement(settingsContract.readTaskSettings, ctx => taskSettings(ctx)),
  implement(settingsContract.changeTaskSettings, (ctx, { body }) => changeTaskSettings(ctx, body)),
]
