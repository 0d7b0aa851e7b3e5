import { expect } from 'vitest'
import { escalateTasks, remindOfTasks } from '../../server/engage/tasks/commands/tell.ts'
import { createTask, getTask, listTasks } from '../../server/engage/tasks/contract/tasks.ts'
import type { Caller } from './application.ts'
import { asSystem, type TestCompany } from './factories.ts'

/** Makes a task over the API. */
export async function newTask(caller: Caller, body: object = {}) {
  const answer = await caller.call(createTask, { body: { title: '電話する', ...body } })
  expect([answer.status, answer.status === 201 ? '' : answer.text]).toEqual([201, ''])
  return answer.body
}

/** A task as the API shows it. */
export async function taskOf(caller: Caller, id: string) {
  return (await caller.call(getTask, { params: { id } })).body
}

/** Titles of the tasks that somebody sees. */
export async function titlesOf(caller: Caller, query: object = {}) {
  const answer = await caller.call(listTasks, { query })
  expect(answer.status).toBe(200)
  return answer.body.items.map(({ title }) => title)
}

/** What the job does at a moment. @returns how many were reminded of and how many were escalated */
export function watchAt(company: TestCompany, now: Date, days: number | null = 3) {
  return asSystem(company, async ctx => {
    // The announcements go with the gate's own context; the clock is another one.
    const then = { ...ctx, now }
    return [await remindOfTasks(then), await escalateTasks(then, days)]
  })
}
